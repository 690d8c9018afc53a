// Measures the inbox beside bare pg-boss, in turns, and tells the best of five: machines are shared.
//
//   tsc -b && node test/pg-boss/measure.ts
import { randomUUID } from 'node:crypto';
import type { ChatEvent, Inbox, InboxEntry } from '@chathooks/core';
import { pgBossInbox } from '@chathooks/pg-boss';
import { PgBoss } from 'pg-boss';

const url = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const schema = `measure_${randomUUID().slice(0, 8)}`;
const boss = new PgBoss({ connectionString: url, schema, schedule: false, supervise: false });
boss.on('error', console.error);
await boss.start();
const sql = (text: string) => boss.getDb().executeSql(text);

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

const list = <T>(length: number, make: (index: number) => T): T[] => Array.from({ length }, (_, index) => make(index));

const show = (what: string, figure: string) => console.log(`${what.padEnd(60)} ${figure}`);

/** Runs so many at once, until `count` were done. Answers with how many that are per second. */
async function perSecond(width: number, count: number, run: (index: number) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  let next = 0;
  const lane = async () => {
    while (next < count) await run(next++);
  };
  await Promise.all(list(width, lane));
  return (count / (performance.now() - began)) * 1_000;
}

async function measurePuts(): Promise<void> {
  await boss.createQueue('bare', { policy: 'key_strict_fifo' });
  const inbox = pgBossInbox({ url, schema, name: 'put' });
  const bareJob = (index: number) => ({ data: entryOf(index % 500), singletonKey: `chat ${index % 500}` });
  const send = (index: number) => boss.send('bare', bareJob(index).data, { singletonKey: bareJob(index).singletonKey });
  const insert = () => boss.insert('bare', list(32, bareJob));
  const put = (index: number) => inbox.put([entryOf(index % 500)]);
  const cases: readonly (readonly [string, number, () => Promise<number>])[] = [
    ['bare pg-boss: send, one by one', 1, () => perSecond(1, 300, send)],
    ['put, one by one', 1, () => perSecond(1, 300, put)],
    ['bare pg-boss: send, 32 at once', 1, () => perSecond(32, 1_000, send)],
    ['put, 32 at once', 1, () => perSecond(32, 3_000, put)],
    ['bare pg-boss: insert of 32, one by one', 32, () => perSecond(1, 60, insert)],
    ['put of 100, one by one', 100, () => perSecond(1, 40, () => inbox.put(list(100, entryOf)))],
  ];
  await inbox.counts();
  const best = new Map<string, number>();
  for (let round = 0; round < 5; round++) {
    for (const [what, size, run] of cases) best.set(what, Math.max(best.get(what) ?? 0, size * (await run())));
  }
  for (const [what, rate] of best) show(what, `${Math.round(rate)} per second`);
  await inbox.close?.();
}

/** Handles what is there. Answers with how many that are per second. */
async function handleAll(inbox: Inbox, count: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let handled = 0;
  const began = performance.now();
  await inbox.start(async () => {
    if (++handled === count) resolve();
    return { state: 'done' };
  });
  await promise;
  const rate = (count / (performance.now() - began)) * 1_000;
  await inbox.stop();
  return rate;
}

async function measureHandling(): Promise<void> {
  const cases = [
    [500, 5_000, 16],
    [500, 5_000, 64],
    [1, 500, 16],
    [undefined, 5_000, 16],
  ] as const;
  for (const [chats, count, concurrency] of cases) {
    let best = 0;
    for (let round = 0; round < 5; round++) {
      const inbox = pgBossInbox({ url, schema, name: `handle-${chats}-${concurrency}-${round}`, concurrency });
      await inbox.put(list(count, (index) => entryOf(chats && index % chats)));
      await sql(`vacuum analyze ${schema}.job_common`);
      best = Math.max(best, await handleAll(inbox, count));
      await inbox.close?.();
    }
    show(`handled of ${count} in ${chats ?? 'no'} chats, concurrency ${concurrency}`, `${Math.round(best)} per second`);
  }
}

/** What it takes to find something to do, by how much is pending. */
async function measureLooks(): Promise<void> {
  const cases: readonly (readonly [string, number, (index: number) => number | undefined])[] = [
    ['nothing', 0, () => 0],
    ['1000 in 100 chats', 1_000, (index) => index % 100],
    ['10000 in 500 chats', 10_000, (index) => index % 500],
    ['10000 in one chat', 10_000, () => 0],
    ['100000 in 2000 chats', 100_000, (index) => index % 2_000],
    ['100000 in one chat', 100_000, () => 0],
    ['100000 without a chat', 100_000, () => undefined],
  ];
  for (const [what, pending, chatOf] of cases) {
    const name = what.replaceAll(' ', '-');
    const inbox = pgBossInbox({ url, schema, name, maxPending: 1_000_000 });
    await inbox.counts();
    for (let first = 0; first < pending; first += 1_000)
      await inbox.put(list(1_000, (index) => entryOf(chatOf(first + index))));
    await sql(`vacuum analyze ${schema}.job_common`);
    const looks: number[] = [];
    const counts: number[] = [];
    for (let round = 0; round < 5; round++) {
      const began = performance.now();
      const jobs = await boss.fetch(name, { batchSize: 16 });
      looks.push(performance.now() - began);
      if (jobs.length > 0) await boss.deleteJob(name, jobs);
      const counting = performance.now();
      await inbox.counts();
      counts.push(performance.now() - counting);
    }
    show(
      `a look, ${what} pending`,
      `${Math.min(...looks).toFixed(1)} ms (counts() ${Math.min(...counts).toFixed(1)} ms)`,
    );
    await inbox.close?.();
    await sql(`truncate ${schema}.job_common`);
  }
}

try {
  await measurePuts();
  await measureHandling();
  await measureLooks();
} finally {
  await sql(`drop schema ${schema} cascade`);
  await boss.stop({ graceful: false });
}
