// Measures the inbox beside bare pg-boss:
//
//   tsc -b && node test/pg-boss/measure.ts
import { randomUUID } from 'node:crypto';
import type { ChatEvent, InboxEntry } from '@chathooks/core';
import { pgBossInbox } from '@chathooks/pg-boss';
import { PgBoss } from 'pg-boss';

const url = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const schema = `measure_${randomUUID().slice(0, 8)}`;
const boss = new PgBoss({ connectionString: url, schema, schedule: false, supervise: false });
boss.on('error', console.error);
await boss.start();
const { executeSql } = boss.getDb();
const sql = (text: string) => executeSql.call(boss.getDb(), text);

/** An event of about 700 bytes. */
function entryOf(chat: number | undefined): InboxEntry {
  const id = randomUUID();
  const event: ChatEvent<'message.inbound'> = {
    id,
    type: 'message.inbound',
    provider: 'shop',
    providerEvent: 'message.received',
    receivedAt: '2026-01-01T00:00:00.000Z',
    mode: 'live',
    data: { message: { id, direction: 'inbound', kind: 'text', text: 'Hello' } },
    raw: { text: 'x'.repeat(400) },
    ...(chat === undefined ? {} : { orderingKey: `chat ${chat}` }),
  };
  return { event, secretName: '1' };
}

const report = (what: string, count: number, ms: number) =>
  console.log(`${what.padEnd(60)} ${Math.round((count / ms) * 1_000)} per second`);

async function time(what: string, count: number, run: () => Promise<unknown>): Promise<void> {
  const began = performance.now();
  await run();
  report(what, count, performance.now() - began);
}

/** Runs so many at once, until `count` were done. */
async function atOnce(width: number, count: number, run: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await run(next++);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

await boss.createQueue('bare', { policy: 'key_strict_fifo' });
const send = (index: number) => boss.send('bare', entryOf(index % 500), { singletonKey: `chat ${index % 500}` });
await time('bare pg-boss, send, one by one', 1_000, () => atOnce(1, 1_000, send));
await time('bare pg-boss, send, 32 at once', 4_000, () => atOnce(32, 4_000, send));
await time('bare pg-boss, insert of 32', 12_800, () =>
  atOnce(1, 400, () =>
    boss.insert(
      'bare',
      Array.from({ length: 32 }, (_, index) => ({ data: entryOf(index), singletonKey: `chat ${index}` })),
    ),
  ),
);

const inbox = pgBossInbox({ url, schema, name: 'put' });
await inbox.counts();
const put = (index: number) => inbox.put([entryOf(index % 500)]);
await time('put, one by one', 1_000, () => atOnce(1, 1_000, put));
await time('put, 32 at once', 12_800, () => atOnce(32, 12_800, put));
await time('put of 100 entries, one by one', 20_000, () =>
  atOnce(1, 200, () => inbox.put(Array.from({ length: 100 }, (_, index) => entryOf(index)))),
);
await inbox.close?.();

for (const [chats, count, concurrency] of [
  [500, 10_000, 16],
  [500, 10_000, 64],
  [1, 2_000, 16],
  [undefined, 10_000, 16],
] as const) {
  const name = `handle-${chats}-${concurrency}`;
  const worker = pgBossInbox({ url, schema, name, concurrency });
  for (let index = 0; index < count; index += 1_000) {
    await worker.put(
      Array.from({ length: 1_000 }, (_, place) => entryOf(chats && Math.floor(Math.random() * chats) + 0 * place)),
    );
  }
  await sql(`vacuum analyze ${schema}.job_common`);
  const { promise, resolve } = Promise.withResolvers<void>();
  let handled = 0;
  await time(`handled, ${count} in ${chats ?? 'no'} chats, concurrency ${concurrency}`, count, async () => {
    await worker.start(async () => {
      if (++handled === count) resolve();
      return { state: 'done' };
    });
    await promise;
  });
  await worker.stop();
  await worker.close?.();
}

for (const [name, pending, chatOf] of [
  ['nothing', 0, () => 0],
  ['1,000 in 100 chats', 1_000, (index: number) => index % 100],
  ['10,000 in one chat', 10_000, () => 0],
  ['10,000 in 500 chats', 10_000, (index: number) => index % 500],
  ['100,000 in 2,000 chats', 100_000, (index: number) => index % 2_000],
  ['100,000 in one chat', 100_000, () => 0],
  ['100,000 without a chat', 100_000, () => undefined],
] as const) {
  const filled = pgBossInbox({ url, schema, name: name.replaceAll(/\W+/g, '-'), maxPending: 1_000_000 });
  for (let index = 0; index < pending; index += 1_000) {
    await filled.put(Array.from({ length: 1_000 }, (_, place) => entryOf(chatOf(index + place))));
  }
  await filled.counts();
  await sql(`vacuum analyze ${schema}.job_common`);
  const times: number[] = [];
  for (let round = 0; round < 9; round++) {
    const began = performance.now();
    const jobs = await boss.fetch(name.replaceAll(/\W+/g, '-'), { batchSize: 16 });
    times.push(performance.now() - began);
    if (jobs.length > 0) await boss.deleteJob(name.replaceAll(/\W+/g, '-'), jobs);
  }
  const began = performance.now();
  await filled.counts();
  const counted = performance.now() - began;
  const median = times.sort((a, b) => a - b)[4] ?? Number.NaN;
  console.log(
    `${`a look, with ${name} pending`.padEnd(60)} ${median.toFixed(1)} ms (counts() ${counted.toFixed(1)} ms)`,
  );
  await filled.close?.();
}

await sql(`drop schema ${schema} cascade`);
await boss.stop({ graceful: false });
