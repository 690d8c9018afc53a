import { describe, expect, it } from 'vitest';
import { findingsOf, nothingFound } from './findings.ts';
import { nothingSent, send, sendLoad } from './load.ts';
import type { PlanInput } from './plan.ts';
import { openScene, type Scene } from './scene.ts';
import { onServers } from './subjects.ts';

const leaseMs = 1_000;
const minute = 60_000;

/** One process whose clock is right, one a minute ahead, and one a minute behind. */
const startAll = (scene: Scene, plan: PlanInput) =>
  Promise.all([0, minute, -minute].map((skewMs) => scene.start(plan, { skewMs })));

// Not on SQLite: its file is for one machine, whose processes have one clock.
describe('processes whose clocks differ by two minutes', { concurrent: true, timeout: 60_000 }, () => {
  onServers((subject) => {
    it.for([
      ['with an inbox', true],
      ['without an inbox', false],
    ] as const)('%s take no lease early, and handle nothing twice', async ([, withInbox], context) => {
      const scene = openScene(context);
      const { dedup, inbox } = subject.storage(scene);
      const processes = await startAll(scene, {
        role: 'receiver',
        dedup,
        ...(withInbox && { inbox: { ...inbox, leaseMs } }),
        leaseMs,
        handler: { upToMs: 10, longEvery: 15, longMs: leaseMs * 1.5 },
      });
      const sent = nothingSent();
      await sendLoad({ receivers: () => processes, chats: 30, perChat: 5, twiceEvery: 1 }, sent);
      if (withInbox) await scene.untilEmpty(inbox);
      const findings = findingsOf(scene.records, sent.acknowledged, 'none');
      expect(findings).toEqual(nothingFound);
      expect(scene.records.runs).toHaveLength(150);
    });

    it('try again what failed without waiting for a clock to catch up', async (context) => {
      const scene = openScene(context);
      const { dedup, inbox } = subject.storage(scene);
      const processes = await startAll(scene, { role: 'receiver', dedup, inbox, handler: { failures: 2 } });
      const sent = nothingSent();
      for (const [index, process] of processes.entries()) {
        for (const chat of ['a', 'b', 'c']) await send(process, { chat: chat + index, place: 0 }, sent);
      }
      await scene.until('all events are handled', () => ended(scene) === 9, 10_000);
      await scene.untilEmpty(inbox);
    });
  });
});

const ended = ({ records }: Scene) => records.runs.filter((run) => run.ended !== undefined).length;
