import { describe, expect, it } from 'vitest';
import { findingsOf, nothingFound } from './findings.ts';
import { nothingSent, send, sendLoad } from './load.ts';
import type { PlanInput } from './plan.ts';
import { openScene, type Scene } from './scene.ts';
import { onServers } from './subjects.ts';

// Long enough that a process which waits for a core of a busy machine does not lose it.
const leaseMs = 2_000;
const minute = 60_000;

/** One process whose clock is right, one a minute ahead, and one a minute behind. */
const startAll = (scene: Scene, plan: PlanInput) =>
  Promise.all([0, minute, -minute].map((skewMs) => scene.start(plan, { skewMs })));

/** Handles events for which some leases have to be renewed. */
async function handleOnce(scene: Scene, plan: PlanInput, { twiceEvery }: { readonly twiceEvery: number }) {
  const handler = { upToMs: 10, longEvery: 15, longMs: leaseMs * 1.5 };
  const processes = await startAll(scene, { ...plan, leaseMs, handler });
  const sent = nothingSent();
  await sendLoad({ receivers: () => processes, chats: 20, perChat: 5, twiceEvery }, sent);
  await scene.until('all is handled', () => ended(scene) >= 100);
  expect(findingsOf(scene.records, sent.acknowledged, 'none')).toEqual(nothingFound);
}

// Not on SQLite: its file is for one machine, whose processes have one clock.
describe('processes whose clocks differ by two minutes', { concurrent: true, timeout: 60_000 }, () => {
  onServers((subject) => {
    it('take no lease of the dedup store early', async (context) => {
      const scene = openScene(context);
      const { dedup } = subject.storage(scene);
      // Each event is sent to two of them at once, and again until it is acknowledged.
      await handleOnce(scene, { role: 'receiver', dedup }, { twiceEvery: 1 });
    });

    it('take no event early from a process that has it from the inbox', async (context) => {
      const scene = openScene(context);
      const { inbox } = subject.storage(scene);
      // No dedup store keeps them from handling what they should not have.
      const plan = { role: 'receiver', dedup: { kind: 'memory' }, inbox: { ...inbox, leaseMs } } as const;
      await handleOnce(scene, plan, { twiceEvery: Number.POSITIVE_INFINITY });
      await scene.untilEmpty(inbox);
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
