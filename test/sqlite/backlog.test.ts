import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { sqliteDedup, sqliteInbox } from '@chathooks/sqlite';
import { createTestClock } from '@chathooks/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { entryOf } from './entries.ts';
import { fileNames, look, turn } from './files.ts';

const newFile = fileNames();
afterEach(() => vi.restoreAllMocks());

describe('however much is in the file', () => {
  /** Tables of one row, or of one per process. */
  const smallTables = ['totals', 'owners', 'sqlite_master'];

  it('no statement reads more of it than it needs', async () => {
    const prepared = new Set<string>();
    const prepare = DatabaseSync.prototype.prepare;
    vi.spyOn(DatabaseSync.prototype, 'prepare').mockImplementation(function (this: DatabaseSync, sql) {
      prepared.add(sql);
      return prepare.call(this, sql);
    });
    const file = newFile();
    const inbox = sqliteInbox({ file });
    const dedup = sqliteDedup({ file });
    await inbox.start(async () => ({ state: 'done' }));
    const plans = look(file, (database) =>
      [...prepared]
        .filter((sql) => /SELECT|UPDATE|DELETE|INSERT/.test(sql))
        .map((sql) => ({ sql, steps: prepare.call(database, `EXPLAIN QUERY PLAN ${sql}`).all() })),
    );
    expect(plans.length).toBeGreaterThan(25);
    for (const { sql, steps } of plans) {
      for (const { detail } of steps) {
        if (typeof detail !== 'string') throw new Error(`A step of ${sql} has no detail`);
        expect(detail, sql).not.toContain('TEMP B-TREE');
        const [, table = ''] = /^SCAN (\w+)/.exec(detail) ?? [];
        // The oldest rows of a table are its first.
        const isLimited = table === 'failed' && /FROM failed ORDER BY number LIMIT/.test(sql);
        if (!isLimited && !smallTables.includes(table)) expect(detail, sql).not.toContain('SCAN');
      }
    }
    await inbox.close?.();
    await dedup.close?.();
  });

  it('what stands behind another of its key is no candidate', async () => {
    const file = newFile();
    const inbox = sqliteInbox({ file });
    await inbox.put(Array.from({ length: 1_000 }, (_, index) => entryOf(`a${index}`, 'one big chat')));
    await inbox.put([entryOf('b', 'another'), entryOf('c')]);
    const candidates = look(file, (database) =>
      database.prepare('SELECT id FROM entries WHERE ready IS NOT NULL OR due_at IS NOT NULL').all(),
    );
    expect(candidates).toEqual([{ id: 'a0' }, { id: 'b' }, { id: 'c' }]);
    await inbox.close?.();
  });

  it('keys take turns: a long row in one does not hold up what comes later in others', async () => {
    const file = newFile();
    const inbox = sqliteInbox({ file, concurrency: 1 });
    await inbox.put(Array.from({ length: 50 }, (_, index) => entryOf(`a${index}`, 'one big chat')));
    await inbox.put(['b1', 'b2'].map((id) => entryOf(id, 'b')));
    const handled: string[] = [];
    const all = Promise.withResolvers<void>();
    await inbox.start(async ({ event }) => {
      handled.push(event.id);
      if (handled.length === 52) all.resolve();
      return { state: 'done' };
    });
    await all.promise;
    expect(handled.slice(0, 5)).toEqual(['a0', 'b1', 'a1', 'b2', 'a2']);
    await inbox.close?.();
  });

  it('entries that are all due at once, after an outage, are made ready a few at a time', async () => {
    const file = newFile();
    const clock = createTestClock();
    const settings = { file, clock, retryDelayMs: 1_000, maxRetryDelayMs: 1_000 };
    const first = sqliteInbox({ ...settings, concurrency: 1_000 });
    await first.put(Array.from({ length: 500 }, (_, index) => entryOf(`${index}`)));
    let failures = 0;
    await first.start(async () => {
      failures += 1;
      return { state: 'failed', permanent: false, reason: { code: 'handler_failed', message: 'no' } };
    });
    while (failures < 500) await turn();
    await first.close?.();
    await clock.advance(10_000);

    const second = sqliteInbox({ ...settings, concurrency: 1 });
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    let handled = 0;
    await second.start(async () => {
      begun.resolve();
      await gate.promise;
      handled += 1;
      return { state: 'done' };
    });
    await begun.promise;
    const ready = look(file, (database) =>
      database.prepare('SELECT count(*) AS count FROM entries WHERE ready IS NOT NULL').get(),
    );
    expect(ready).toEqual({ count: 199 });
    gate.resolve();
    while (handled < 500) await clock.advance(50);
    await second.close?.();
  });
});

describe('a dedup store', () => {
  it('forgets keys whose time is over as others come, so that the file does not grow', async () => {
    const file = newFile();
    const clock = createTestClock();
    const dedup = sqliteDedup({ file, clock, synchronous: 'normal' });
    const rowsIn = (table: string) =>
      look(file, (database) => Number(database.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.count));
    let most = 0;
    for (let round = 0; round < 40; round++) {
      await Promise.all(
        Array.from({ length: 500 }, async () => {
          const key = randomUUID();
          const claim = await dedup.claim(key, { leaseMs: 1_000 });
          if (claim.state === 'fresh') await dedup.complete(key, claim.token, { rememberMs: 5_000 });
          await dedup.advance?.(key, 1, { rememberMs: 5_000 });
        }),
      );
      most = Math.max(most, rowsIn('claims'), rowsIn('ranks'));
      await clock.advance(1_000);
    }
    // 500 a second, for 5 seconds, are 2,500.
    expect(most).toBeGreaterThanOrEqual(2_500);
    expect(most).toBeLessThan(4_500);
    await dedup.close?.();
  });

  it('forgets them also where there are few', async () => {
    const file = newFile();
    const clock = createTestClock();
    const dedup = sqliteDedup({ file, clock });
    const claimAll = (count: number) =>
      Promise.all(Array.from({ length: count }, () => dedup.claim(randomUUID(), { leaseMs: 1_000 })));
    await claimAll(200);
    await clock.advance(1_000);
    await claimAll(200);
    const count = look(file, (database) => database.prepare('SELECT count(*) AS count FROM claims').get()?.count);
    expect(count).toBeLessThanOrEqual(200);
    await dedup.close?.();
  });
});
