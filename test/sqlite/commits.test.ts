import { readFileSync } from 'node:fs';
import type { InboxEntry } from '@chathooks/core';
import { sqliteDedup, sqliteInbox } from '@chathooks/sqlite';
import { expect, it } from 'vitest';
import { entryOf } from './entries.ts';
import { fileNames, look } from './files.ts';

const newFile = fileNames();
const lease = { leaseMs: 1_000 };
const remember = { rememberMs: 1_000 };

/** How many commits there are in the write-ahead log, https://www.sqlite.org/fileformat2.html#the_write_ahead_log. */
function commitsIn(file: string): number {
  const log = readFileSync(`${file}-wal`);
  const pageSize = log.readUInt32BE(8);
  const salts = log.subarray(16, 24);
  let commits = 0;
  for (let frame = 32; frame < log.length; frame += 24 + pageSize) {
    const isOfThisLog = log.subarray(frame + 8, frame + 16).equals(salts);
    if (isOfThisLog && log.readUInt32BE(frame + 4) !== 0) commits += 1;
  }
  return commits;
}

/** How many commits some work takes. */
async function commitsOf(file: string, work: () => Promise<unknown>): Promise<number> {
  const before = commitsIn(file);
  await work();
  return commitsIn(file) - before;
}

it('what is put at once is committed at once', async () => {
  const file = newFile();
  const inbox = sqliteInbox({ file });
  await inbox.put([entryOf('first')]);
  const put = (id: number) => inbox.put([entryOf(`${id}`, `chat ${id}`)]);
  expect(await commitsOf(file, () => put(0))).toBe(1);
  expect(await commitsOf(file, () => Promise.all(Array.from({ length: 32 }, (_, id) => put(id + 1))))).toBe(1);
  expect(await commitsOf(file, () => Promise.all(Array.from({ length: 256 }, (_, id) => put(id + 100))))).toBe(2);
  expect(await inbox.counts()).toEqual({ pending: 290, failed: 0 });
  await inbox.close?.();
});

it('an inbox and a dedup store in one file share commits', async () => {
  const file = newFile();
  const inbox = sqliteInbox({ file });
  const dedup = sqliteDedup({ file });
  await inbox.put([entryOf('first')]);
  const atOnce = () =>
    Promise.all([
      inbox.put([entryOf('second')]),
      dedup.claim('key', lease),
      dedup.advance?.('key', 1, remember),
      dedup.claim('other key', lease),
      inbox.failed.discard('none'),
    ]);
  expect(await commitsOf(file, atOnce)).toBe(1);
  await inbox.close?.();
  await dedup.close?.();
});

it('an entry takes two commits in all: one to put and take it, one to settle it', async () => {
  const file = newFile();
  const inbox = sqliteInbox({ file });
  let handled = Promise.withResolvers<void>();
  await inbox.start(async () => {
    handled.resolve();
    return { state: 'done' };
  });
  await inbox.put([entryOf('first')]);
  await handled.promise;
  await inbox.failed.discard('none'); // what was asked for before has been done
  handled = Promise.withResolvers();
  const commits = await commitsOf(file, async () => {
    await inbox.put([entryOf('second', 'key')]);
    await handled.promise;
    await inbox.failed.discard('none');
  });
  expect(commits).toBe(2);
  await inbox.close?.();
});

it('what is known to change nothing commits nothing', async () => {
  const file = newFile();
  const inbox = sqliteInbox({ file });
  const dedup = sqliteDedup({ file });
  await dedup.claim('key', lease);
  await inbox.put([entryOf('one')]);
  const commits = await commitsOf(file, async () => {
    await dedup.claim('key', lease);
    await inbox.put([entryOf('one')]);
    await inbox.counts();
    await inbox.failed.retry('none');
  });
  expect(commits).toBe(0);
  await inbox.close?.();
  await dedup.close?.();
});

it('a put that is refused costs those beside it no commit', async () => {
  const file = newFile();
  const inbox = sqliteInbox({ file, maxPending: 3 });
  await inbox.put([entryOf('first')]);
  const put = (id: number) => inbox.put([entryOf(`${id}`)]);
  let results: readonly PromiseSettledResult<void>[] = [];
  const commits = await commitsOf(file, async () => {
    results = await Promise.allSettled([1, 2, 3, 4].map(put));
  });
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
  expect(commits).toBe(1);
  await inbox.close?.();
});

it('a put that cannot be written costs those beside it nothing', async () => {
  const file = newFile();
  const inbox = sqliteInbox({ file, maxPending: 3 });
  const dedup = sqliteDedup({ file });
  const unwritable = { ...entryOf('unwritable'), event: { ...entryOf('x').event, id: 1n as never } };
  const results = await Promise.allSettled([
    inbox.put([entryOf('one')]),
    inbox.put([entryOf('two'), wrong('half')]),
    dedup.claim('key', lease),
    inbox.put([entryOf('three'), entryOf('four')]),
    inbox.put([entryOf('refused')]),
    inbox.put([unwritable]),
  ]);
  expect(results.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
    'rejected',
    'rejected',
  ]);
  const ids = look(file, (database) => database.prepare('SELECT id FROM entries ORDER BY seq').all());
  expect(ids).toEqual([{ id: 'one' }, { id: 'three' }, { id: 'four' }]);
  expect(await inbox.counts()).toEqual({ pending: 3, failed: 0 });
  expect(await dedup.claim('key', lease)).toEqual({ state: 'in-flight' });
  await inbox.close?.();
  await dedup.close?.();
});

/** An entry whose ordering key is no text: the file refuses it only after the entry before it was written. */
const wrong = (id: string): InboxEntry => ({
  ...entryOf(id),
  event: { ...entryOf(id).event, orderingKey: { toString: 1 } as never },
});
