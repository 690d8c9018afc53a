import { describe, expect, it } from 'vitest';
import { idOf } from './deliveries.ts';
import { nothingSent, send } from './load.ts';
import { openProxy } from './proxy.ts';
import { openScene, type Process, type Scene } from './scene.ts';
import { onEveryStorage, type Storage } from './subjects.ts';

const first = { chat: 'chat', place: 0 };
const leaseMs = 1_500;
const sent = nothingSent();

async function sendUntil(enough: () => boolean, to: Process): Promise<void> {
  while (!enough()) await send(to, first, sent);
}

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
    handler: { holdFrom: 0 },
  });
  const handles = () => scene.records.openRuns(holder.pid).length === 1;
  // It is not answered before it is told to, and perhaps refused while it connects to its store.
  void sendUntil(handles, holder);
  await scene.until('the holder handles', handles);
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

    it('goes to another process by itself where there is an inbox, and the holder has no say any more', async (context) => {
      const scene = openScene(context);
      const { dedup, inbox } = subject.storage(scene);
      const holder = await startHolder(scene, { dedup, inbox });
      const chat = [0, 1, 2].map((place) => idOf({ chat: 'chat', place }));
      for (const place of [1, 2]) await send(holder, { chat: 'chat', place }, sent);
      holder.freeze();
      const other = await scene.start({
        role: 'worker',
        dedup,
        inbox: { ...inbox, leaseMs },
        leaseMs,
        handler: { holdFrom: 1 },
      });
      await scene.until('the other process is at the next event', () =>
        scene.records.openRuns(other.pid).some(({ id }) => id === chat[1]),
      );
      holder.thaw();
      await expectRefusal(scene, holder);
      // Its late verdict must not be taken for one on the event that is handled now.
      expect(await holder.terminate()).toMatchObject({ code: 0 });
      other.release();
      await scene.untilEmpty(inbox);
      expect(chat.map((id) => scene.records.runsOf(id).map(({ settled }) => settled !== undefined))).toEqual([
        [false, true],
        [true],
        [true],
      ]);
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
