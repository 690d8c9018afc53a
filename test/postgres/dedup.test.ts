import type { Claim } from '@chathooks/core';
import { postgresDedup, type Queryable } from '@chathooks/postgres';
import { afterEach, expect, it, vi } from 'vitest';
import { usePostgres, useSchema } from '../services/postgres.ts';
import { connectClient, countWaiting, createPool, createStore, elapse, newTable, withOption } from './harness.ts';

const postgres = usePostgres();
const lease = { leaseMs: 30_000 };
const remember = { rememberMs: 60_000 };

afterEach(() => void vi.useRealTimers());

postgres.describe('postgresDedup', () => {
  const { url } = useSchema();

  it('gives a key to one of 30 claims over six pools, whatever the isolation level', async () => {
    for (const level of ['read committed', 'repeatable read', 'serializable']) {
      const { store, table } = await createStore(url);
      const stores = Array.from({ length: 6 }, () => {
        const isolation = `default_transaction_isolation=${level.replace(' ', '\\ ')}`;
        return postgresDedup({ client: createPool(withOption(url, isolation)), table });
      });
      const keys = Array.from({ length: 20 }, (_, index) => `key ${index}`);
      const claims = await Promise.all(
        stores.flatMap((each) => keys.flatMap((key) => Array.from({ length: 5 }, () => each.claim(key, lease)))),
      );
      const states = Object.groupBy(claims, ({ state }) => state);
      expect(states.fresh, level).toHaveLength(keys.length);
      expect(states['in-flight'], level).toHaveLength(29 * keys.length);
      const [first] = claims;
      if (first?.state === 'fresh') expect(await store.complete('key 0', first.token, remember)).toBe(true);
    }
  });

  it('never makes two processes wait for each other, in whatever order they name their keys', async () => {
    const { table } = await createStore(url);
    const failures: unknown[] = [];
    const stores = Array.from({ length: 4 }, () => {
      const pool = createPool(url);
      const client: Queryable = {
        query: (text, values) =>
          pool.query(text, values).catch((error: unknown) => {
            failures.push(error);
            throw error;
          }),
      };
      return postgresDedup({ client, table });
    });
    const keys = Array.from({ length: 60 }, (_, index) => `key ${index}`);
    // A lease that ends at once lets every process write every row.
    const over = { leaseMs: 0.001, rememberMs: 0.001 };
    const work = async (store: (typeof stores)[number], names: readonly string[]) => {
      for (let round = 0; round < 25; round++) {
        await Promise.all(
          names.map(async (name) => {
            const advanced = store.advance(name, round, over);
            const claim = await store.claim(name, round % 2 === 0 ? over : lease);
            await advanced;
            if (claim.state !== 'fresh') return;
            await store.extend(name, claim.token, lease);
            if (round % 3 === 0) await store.release(name, claim.token);
            else await store.complete(name, claim.token, over);
          }),
        );
      }
    };
    await Promise.all(stores.map((store, index) => work(store, index % 2 === 0 ? keys : keys.toReversed())));
    expect(failures).toEqual([]);
  });

  it('locks rows in the order of their keys, whatever the order of the calls', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `key ${index}`);
    for (const order of [names, names.toReversed()]) {
      for (const call of ['claim', 'extend', 'complete', 'release', 'advance'] as const) {
        const { store, pool, name } = await createStore(url);
        const claims = new Map<string, Claim>();
        for (const key of order) claims.set(key, await store.claim(key, lease));
        const all = () =>
          order.map((key) => {
            const claim = claims.get(key);
            const token = claim?.state === 'fresh' ? claim.token : '';
            if (call === 'claim') return store.claim(key, lease);
            if (call === 'extend') return store.extend(key, token, lease);
            if (call === 'complete') return store.complete(key, token, remember);
            if (call === 'release') return store.release(key, token);
            return store.advance(key, 1, remember);
          });
        if (call === 'claim') await elapse(pool, 2 * lease.leaseMs);
        if (call === 'advance') {
          await pool.query(`TRUNCATE ${name}`);
          for (const key of order) await store.advance(key, 1, remember);
        }
        // In a small table Postgres would happen to find the rows in this order anyhow.
        await pool.query(
          `INSERT INTO ${name} (key, until) SELECT ('ffffffff-0000-0000-0000-' || lpad(number::text, 12, '0'))::uuid, now()
           FROM generate_series(1, 5000) AS number`,
        );
        await pool.query(`ANALYZE ${name}`);
        const [first, other] = await Promise.all([connectClient(url), connectClient(url)]);
        await first.query('BEGIN');
        await first.query(`SELECT FROM ${name} ORDER BY key LIMIT 1 FOR UPDATE`);
        const waiting = Promise.all(all());
        await expect.poll(() => countWaiting(pool)).toBe(1);
        const free = await other.query(`SELECT FROM ${name} FOR UPDATE SKIP LOCKED`);
        expect(free.rowCount, call).toBe(5_000 + names.length - 1);
        await first.query('ROLLBACK');
        await waiting;
      }
    }
  });

  it('sends what is called together as one statement', async () => {
    const pool = createPool(url);
    const query = vi.fn<Queryable['query']>((text, values) => pool.query(text, values));
    const store = postgresDedup({ client: { query }, table: newTable(), autoSweep: false });
    await store.migrate();
    query.mockClear();
    const claims = await Promise.all(Array.from({ length: 100 }, (_, index) => store.claim(`key ${index}`, lease)));
    expect(query).toHaveBeenCalledTimes(1);
    await Promise.all(
      claims.map((claim, index) => claim.state === 'fresh' && store.complete(`key ${index}`, claim.token, remember)),
    );
    expect(query).toHaveBeenCalledTimes(2);
  });

  it('answers calls for one key that are made together as if one had come after the other', async () => {
    const { store } = await createStore(url);
    const claim = await store.claim('key', lease);
    const token = claim.state === 'fresh' ? claim.token : '';
    const extend = () => store.extend('key', token, lease);
    expect(await Promise.all([extend(), extend()])).toEqual([true, true]);
    const complete = () => store.complete('key', token, remember);
    expect(await Promise.all([complete(), complete()])).toEqual([true, false]);
    const ranks = [1, 3, 2, 3].map((rank) => store.advance('key', rank, remember));
    expect(await Promise.all(ranks)).toEqual([true, true, false, true]);
  });

  it('goes by the time of the server, whatever the process takes the time to be', async () => {
    const { store } = await createStore(url);
    const claim = await store.claim('key', lease);
    await store.claim('short', { leaseMs: 1 });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2099, 0) });
    expect(await store.claim('key', lease)).toEqual({ state: 'in-flight' });
    expect(claim.state === 'fresh' && (await store.extend('key', claim.token, lease))).toBe(true);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2000, 0) });
    await expect.poll(() => store.claim('short', lease)).toMatchObject({ state: 'fresh' });
  });

  it('only reads what another has', async () => {
    const { store, pool, name } = await createStore(url);
    const versions = async () => (await pool.query(`SELECT ctid, xmin, xmax FROM ${name} ORDER BY key`)).rows;
    const claim = await store.claim('done', lease);
    if (claim.state === 'fresh') await store.complete('done', claim.token, remember);
    await store.claim('in flight', lease);
    const before = await versions();
    expect(await store.claim('done', lease)).toEqual({ state: 'done' });
    expect(await store.claim('in flight', lease)).toEqual({ state: 'in-flight' });
    expect(await versions()).toEqual(before);
    expect(before).toHaveLength(2);
  });

  it('tells keys apart that Postgres could not store as text', async () => {
    const { store } = await createStore(url);
    const keys = [
      '',
      '\0',
      'a\0',
      'a\0b',
      '\ud800',
      '\ud801',
      '\ufffd',
      'x'.repeat(1_000_000),
      `${'x'.repeat(999_999)}y`,
    ];
    const claims = await Promise.all(keys.map((key) => store.claim(key, lease)));
    expect(claims.map(({ state }) => state)).toEqual(keys.map(() => 'fresh'));
  });

  it('holds no part of a key in the table', async () => {
    const { store, pool, name } = await createStore(url);
    await store.claim('wexio:+351900000001', lease);
    const { rows } = await pool.query(`SELECT to_json(t)::text AS row FROM ${name} t`);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.row).not.toContain('351900000001');
  });

  it('can be asked by SQL what became of an event', async () => {
    const { store, pool, name } = await createStore(url);
    await store.claim('wexio:evt_1', lease);
    const { rows } = await pool.query(
      `SELECT token IS NULL AS done FROM ${name}
       WHERE key = left(encode(sha256(convert_to('["claim","wexio:evt_1"]', 'UTF8')), 'hex'), 32)::uuid`,
    );
    expect(rows).toEqual([{ done: false }]);
  });

  it('remembers for as long as Postgres can where that is less than what was asked for', async () => {
    const { store, pool } = await createStore(url);
    const claim = await store.claim('key', { leaseMs: Number.MAX_VALUE });
    expect(claim).toMatchObject({ state: 'fresh' });
    expect(claim.state === 'fresh' && (await store.complete('key', claim.token, { rememberMs: 1e18 }))).toBe(true);
    await elapse(pool, 90 * 365 * 24 * 60 * 60 * 1000);
    expect(await store.claim('key', lease)).toEqual({ state: 'done' });
  });
});
