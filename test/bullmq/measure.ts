// Measures the inbox beside bare BullMQ, in turns, and tells the median of five: machines are shared.
//
//   tsc -b && node test/bullmq/measure.ts
import { randomUUID } from 'node:crypto';
import { bullmqInbox } from '@chathooks/bullmq';
import type { ChatEvent, InboxEntry } from '@chathooks/core';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';

const url = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379';
const prefix = `{measure-${randomUUID()}}`;
const rounds = 5;
const chats = 1_000;

const client = new Redis(url);
const queue = new Queue('bare', { connection: { url }, prefix });
const inbox = bullmqInbox({ url, prefix, maxPending: 10_000_000 });
const jobOptions = { removeOnComplete: true };
let made = 0;

/** An event of about 700 bytes, of one of so many chats; without an ordering key if there are none. */
function entryOf(ofChats: number): InboxEntry {
  const id = `shop:${++made}`;
  const event: ChatEvent<'message.inbound'> = {
    id,
    type: 'message.inbound',
    provider: 'shop',
    providerEvent: 'message.received',
    receivedAt: '2026-01-01T00:00:00.000Z',
    mode: 'live',
    data: { message: { id, direction: 'inbound', kind: 'text', text: 'Hello' } },
    raw: { text: 'x'.repeat(400) },
    ...(ofChats === 0 ? {} : { orderingKey: `shop:chat ${made % ofChats}` }),
  };
  return { event, secretName: '1' };
}

const list = <T>(length: number, make: () => T): T[] => Array.from({ length }, make);

/** Does something `count` times, `width` at a time. */
async function times(count: number, width: number, run: () => Promise<unknown>): Promise<void> {
  let begun = 0;
  const go = async () => {
    while (begun++ < count) await run();
  };
  await Promise.all(list(width, go));
}

const add = () => queue.add('event', entryOf(chats), jobOptions);
const addMany = () => queue.addBulk(list(128, () => ({ name: 'event', data: entryOf(chats), opts: jobOptions })));
const put = () => inbox.put([entryOf(chats)]);
const putMany = () => inbox.put(list(128, () => entryOf(chats)));

const fill = (ofChats: number) => times(40, 1, () => inbox.put(list(128, () => entryOf(ofChats))));

/** Has a worker of bare BullMQ do all that is waiting. */
async function drainQueue(): Promise<number> {
  const waiting = await queue.getWaitingCount();
  const { promise, resolve } = Promise.withResolvers<void>();
  let ended = 0;
  const worker = new Worker('bare', async () => {}, { connection: { url }, prefix, concurrency: 16 });
  worker.on('completed', () => {
    if (++ended === waiting) resolve();
  });
  await promise;
  await worker.close();
  return waiting;
}

async function drainInbox(): Promise<number> {
  const { pending } = await inbox.counts();
  const { promise, resolve } = Promise.withResolvers<void>();
  let handled = 0;
  await inbox.start(async () => {
    if (++handled === pending) resolve();
    return { state: 'done' };
  });
  await promise;
  await inbox.stop();
  return pending;
}

const cases: readonly { name: string; before?: () => Promise<unknown>; run: () => Promise<unknown> }[] = [
  { name: 'queue.add, 1 at a time', run: () => times(2_000, 1, add) },
  { name: 'put, 1 at a time', run: () => times(2_000, 1, put) },
  { name: 'queue.add, 32 at a time', run: () => times(5_000, 32, add) },
  { name: 'put, 32 at a time', run: () => times(5_000, 32, put) },
  { name: 'queue.addBulk of 128', run: () => times(40, 1, addMany) },
  { name: 'put of 128', run: () => times(40, 1, putMany) },
  { name: 'BullMQ worker, concurrency 16, no-op', run: drainQueue },
  { name: 'handled, no-op, 1,000 chats', run: drainInbox },
  { name: 'handled, no-op, a chat each', before: () => fill(0), run: drainInbox },
  { name: 'handled, no-op, one chat', before: () => fill(1), run: drainInbox },
];
const events: Readonly<Record<string, number>> = { 'queue.add, 1 at a time': 2_000, 'put, 1 at a time': 2_000 };
const figures = new Map<string, number[]>(cases.map(({ name }) => [name, []]));

await Promise.all([add(), put()]);
for (let round = 0; round < rounds; round++) {
  for (const { name, before, run } of cases) {
    await before?.();
    const began = performance.now();
    const drained = await run();
    const seconds = (performance.now() - began) / 1_000;
    const count = typeof drained === 'number' ? drained : (events[name] ?? (name.endsWith('128') ? 5_120 : 5_000));
    figures.get(name)?.push(count / seconds);
  }
}
for (const [name, perSecond] of figures) {
  const median = perSecond.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
  console.log(`${name.padEnd(40)} ${String(Math.round(median / 100) * 100).padStart(8)} /s`);
}

const memory = async () => Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1]);
for (const ofChats of [chats, 0]) {
  const before = await memory();
  for (let index = 0; index < 4; index++) await fill(ofChats);
  const bytes = ((await memory()) - before) / (4 * 40 * 128);
  const each = ofChats === 0 ? 'a chat each' : `${ofChats} chats`;
  console.log(`${`memory of Redis for a pending event, ${each}`.padEnd(46)} ${Math.round(bytes)} bytes`);
  await drainInbox();
}

await inbox.close?.();
await queue.close();
for await (const keys of client.scanStream({ match: `${prefix}:*`, count: 10_000 })) {
  if (keys.length > 0) await client.unlink(...keys);
}
client.disconnect();
