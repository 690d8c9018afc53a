import { describe, expect, it } from 'vitest';
import { findingsOf } from './findings.ts';
import { nothingSent, sendLoad } from './load.ts';
import { openScene } from './scene.ts';
import { report, soakMs } from './soak.ts';
import { onEveryStorage } from './subjects.ts';

const concurrency = 16;
const leaseMs = 2_000;
const chats = 60;
/** 5,000 events in all, or 5,000 per storage. */
const perChat = soakMs > 0 ? 84 : 28;
/** On a busy machine, where a process takes long to start, there are fewer. */
const kills = { atLeast: 5, enough: 8, enoughMs: 4_000 + soakMs };

describe('processes that are killed while they handle events', { timeout: 120_000 + soakMs * 2 }, () => {
  onEveryStorage((subject) => {
    it('lose nothing, and repeat only what they could not settle', async (context) => {
      const scene = openScene(context);
      const { dedup, inbox } = subject.storage(scene);
      const plan = {
        role: 'receiver',
        dedup,
        inbox: { ...inbox, concurrency, leaseMs },
        leaseMs,
        handler: { upToMs: 20 },
      } as const;
      await Promise.all([1, 2, 3].map(() => scene.start(plan)));

      const sent = nothingSent();
      const from = performance.now();
      let killed = 0;
      const mayEnd = () => {
        const passed = performance.now() - from;
        return killed >= kills.atLeast && passed >= soakMs && (killed >= kills.enough || passed >= kills.enoughMs);
      };
      const sending = sendLoad(
        { receivers: () => scene.processes, chats, perChat, pauseMs: 150, more: () => !mayEnd() },
        sent,
      );
      while (!mayEnd() || sent.acknowledged.size < chats * perChat) {
        const victim = scene.processes[killed % 3];
        if (!victim) throw new Error('A process ended that nobody had killed');
        await scene.until('a handler runs', () => scene.records.openRuns(victim.pid).length > 0);
        await victim.kill();
        killed++;
        await scene.start(plan);
      }
      await sending;
      await scene.untilEmpty(plan.inbox);
      const totalMs = performance.now() - from;

      const findings = findingsOf(scene.records, sent.acknowledged);
      expect(findings).toMatchObject({ lost: [], doubles: [], overlaps: [], disorder: [] });
      expect(findings.excused.length).toBeLessThanOrEqual(killed * concurrency);
      const events = sent.acknowledged.size;
      report(
        `${subject.name}: ${events} events, ${killed} kills, ${findings.excused.length} handled twice, ${totalMs} ms`,
      );
    });
  });
});
