import { describe, expect, it } from 'vitest';
import { idOf } from './deliveries.ts';
import { nothingSent, send } from './load.ts';
import { openProxy } from './proxy.ts';
import { openScene, type Process, type Scene } from './scene.ts';
import { onEveryStorage, type Storage } from './subjects.ts';

const first = { chat: 'chat', place: 0 };
const second = { chat: 'chat', place: 1 };
const leaseMs = 1_500;
const sent = nothingSent();

/** A process that begins to handle an event, and does not end before it is told to. */
async function startHolder(
  scene: Scene,
  { dedup, inbox }: Partial<Storage> & Pick<Storage, 'dedup'>,
): Promise<Process> {
  const holder = await scene.start({
    role: 'receiver',
    dedup,
    ...(inbox && { inbox: { ...inbox, leaseMs } }),
    leaseMs,
    storeTimeoutMs: 300,
    handler: { hold: true },
  });
  void send(holder, first, sent);
  await scene.until('the holder handles', () => scene.records.openRuns(holder.pid).length === 1);
  return holder;
}

/** Lets the holder go on, after another process has handled the event: it must learn that it holds it no more. */
async function expectRefusal(scene: Scene, holder: Process): Promise<void> {
  const runs = () => scene.records.runsOf(idOf(first));
  await scene.until('the signal of the holder is aborted', () => runs()[0]?.aborted !== undefined);
  expect(runs()[0]).toMatchObject({ pid: holder.pid, abortCode: 'in_flight' });
  holder.release();
  await scene.until('the store refuses the holder', () => runs()[0]?.refused !== undefined);
  expect(runs().map(({ settled }) => settled !== undefined)).toEqual([false, true]);
}

describe('a lease that ends while its holder is at work', { concurrent: true, timeout: 60_000 }, () => {
  onEveryStorage((subject) => {
    it('goes to the process that is asked next, and the holder is told', async (context) => {
      const scene = openScene(context);
      const { dedup } = subject.storage(scene);
      const other = await scene.start({ role: 'receiver', dedup, leaseMs });
      const holder = await startHolder(scene, { dedup });
      holder.freeze();
      expect(await send(other, first, sent)).toBe(503);
      await scene.until('the other process is given the event', async () => (await send(other, first, sent)) === 200);
      holder.thaw();
      await expectRefusal(scene, holder);
    });

    it('goes to another process by itself where there is an inbox, and the holder is told', async (context) => {
      const scene = openScene(context);
      const { dedup, inbox } = subject.storage(scene);
      const holder = await startHolder(scene, { dedup, inbox });
      holder.freeze();
      const other = await scene.start({ role: 'receiver', dedup, inbox: { ...inbox, leaseMs }, leaseMs });
      await scene.until('the other process has handled the event', () => scene.records.runsOf(idOf(first))[1]?.settled);
      holder.thaw();
      await expectRefusal(scene, holder);
      await send(other, second, sent);
      await scene.untilEmpty(inbox);
      expect(scene.records.runsOf(idOf(second))).toHaveLength(1);
    });

    const { url } = subject;
    if (url === undefined) return;

    it('goes to another process when the holder cannot renew it, and the holder is told', async (context) => {
      const scene = openScene(context);
      const proxy = await openProxy(url);
      context.onTestFinished(proxy.close);
      const { dedup, inbox } = subject.storage(scene);
      const holder = await startHolder(scene, subject.storage(scene, proxy.url));
      proxy.block();
      await scene.start({ role: 'worker', dedup, inbox: { ...inbox, leaseMs }, leaseMs });
      await scene.until('the other process has handled the event', () => scene.records.runsOf(idOf(first))[1]?.settled);
      proxy.unblock();
      await expectRefusal(scene, holder);
      await scene.untilEmpty(inbox);
    });
  });
});
