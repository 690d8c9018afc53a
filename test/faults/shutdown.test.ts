import { describe, expect, it } from 'vitest';
import { idOf, nameOf } from './deliveries.ts';
import { findingsOf, nothingFound } from './findings.ts';
import { nothingSent, type Sent, send } from './load.ts';
import type { PlanInput } from './plan.ts';
import { steadyNow } from './recorder.ts';
import type { Run } from './records.ts';
import { openScene, type Process, type Scene } from './scene.ts';
import { onEveryStorage } from './subjects.ts';

const concurrency = 4;
const chats = Array.from({ length: concurrency }, (_, index) => `chat${index}`);

/**
 * Has one process busy with the first event of every chat, and another one wait for what it leaves: as long as the leases
 * are, whatever is taken over soon was given back.
 */
async function busyAndIdle(scene: Scene, plan: PlanInput, sent: Sent): Promise<readonly [Process, Process]> {
  const busy = await scene.start({ ...plan, handler: { holdFrom: 0 } });
  const web = plan.role === 'receiver' ? busy : await scene.start({ ...plan, role: 'web' });
  for (const place of [0, 1]) for (const chat of chats) expect(await send(web, { chat, place }, sent)).toBe(200);
  await scene.until('a handler runs for every chat', () => scene.records.openRuns(busy.pid).length === chats.length);
  return [busy, await scene.start({ ...plan, role: 'worker' })];
}

/** Waits until another process handles what is left, and returns how long after `endedAt` it began with each event. */
async function pickedUp(scene: Scene, by: Process, endedAt: number, places: readonly number[]): Promise<number[]> {
  const names = places.flatMap((place) => chats.map((chat) => ({ chat, place })));
  const runs = await scene.until('another process handles the rest', () => {
    const found = names.map((name) =>
      scene.records.runsOf(idOf(name)).find(({ pid, settled }) => pid === by.pid && settled),
    );
    return found.every((run) => run !== undefined) ? found : undefined;
  });
  return runs.map(({ beganAt }) => beganAt - endedAt);
}

const runsOfFirst = (scene: Scene, { pid }: Process): readonly Run[] =>
  scene.records.runs.filter((run) => run.pid === pid && nameOf(run.id).place === 0);

describe('a process that is asked to end while handlers run', { concurrent: true, timeout: 60_000 }, () => {
  onEveryStorage((subject) => {
    const planOf = (scene: Scene, role: 'receiver' | 'worker') => {
      const { dedup, inbox } = subject.storage(scene);
      return { role, dedup, inbox: { ...inbox, concurrency, leaseMs: 30_000 }, leaseMs: 30_000 } as const;
    };

    it('refuses deliveries, lets the handlers finish, and leaves the rest to others', async (context) => {
      const scene = openScene(context);
      const sent = nothingSent();
      const plan = planOf(scene, 'receiver');
      const [busy, idle] = await busyAndIdle(scene, plan, sent);
      const ending = busy.terminate();
      await scene.until(
        'deliveries are refused',
        async () => (await send(busy, { chat: 'late', place: 0 }, nothingSent())) === 503,
      );
      expect(busy.alive).toBe(true);
      busy.release();
      expect(await ending).toMatchObject({ code: 0 });
      const endedAt = steadyNow();

      expect(runsOfFirst(scene, busy)).toHaveLength(chats.length);
      for (const run of runsOfFirst(scene, busy)) expect(run.settled).toBeDefined();
      for (const ms of await pickedUp(scene, idle, endedAt, [1])) expect(ms).toBeLessThan(1_000);
      await scene.untilEmpty(plan.inbox);
      expect(findingsOf(scene.records, sent.acknowledged, 'none')).toEqual(nothingFound);
      expect(await idle.terminate()).toMatchObject({ code: 0 });
    });

    it('stops handlers that take too long, and gives back their events at once', async (context) => {
      const scene = openScene(context);
      const sent = nothingSent();
      const plan = { ...planOf(scene, 'worker'), graceMs: 300 };
      const [busy, idle] = await busyAndIdle(scene, plan, sent);
      const { code, tookMs } = await busy.terminate();
      const endedAt = steadyNow();

      expect(code).toBe(0);
      expect(tookMs).toBeGreaterThan(300);
      expect(tookMs).toBeLessThan(3_000);
      for (const run of runsOfFirst(scene, busy)) expect(run).toMatchObject({ abortCode: 'shutting_down' });
      for (const ms of await pickedUp(scene, idle, endedAt, [0, 1])) expect(ms).toBeLessThan(1_000);
      // It was no fault of theirs.
      for (const run of runsOfFirst(scene, idle)) expect(run.attempt).toBe(1);
      await scene.untilEmpty(plan.inbox);
    });
  });
});
