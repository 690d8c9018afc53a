import { postgresDedup } from '@chathooks/postgres';
import { expect, it, onTestFinished, vi } from 'vitest';
import { usePostgres, useSchema } from '../services/postgres.ts';
import { connectClient, countRows, createPool, createStore, elapse, newTable } from './harness.ts';

const postgres = usePostgres();
const lease = { leaseMs: 30_000 };
const hourMs = 60 * 60 * 1000;

postgres.describe('rows whose time is up', () => {
  const { url } = useSchema();

  const claimMany = (store: Awaited<ReturnType<typeof createStore>>['store'], count: number, name = 'key') =>
    Promise.all(Array.from({ length: count }, (_, index) => store.claim(`${name} ${index}`, lease)));

  it('are deleted by sweep(), all of them and no others', async () => {
    const { store, pool, name } = await createStore(url, { autoSweep: false });
    await claimMany(store, 4_500);
    await store.advance('rank', 1, { rememberMs: 1_000 });
    await elapse(pool, hourMs);
    await store.advance('other rank', 1, { rememberMs: 60_000 });
    await claimMany(store, 10, 'later');
    expect(await store.sweep()).toBe(4_501);
    expect(await countRows(pool, name)).toBe(11);
    expect(await store.sweep()).toBe(0);
  });

  it('are deleted without being asked once a thousand rows were added', async () => {
    const { store, pool, name } = await createStore(url);
    await claimMany(store, 500, 'old');
    await elapse(pool, hourMs);
    for (let batch = 0; batch < 3; batch++) await claimMany(store, 500, `new ${batch}`);
    await store.close(); // waits for a sweep that runs
    expect(await countRows(pool, name)).toBe(1_500);
  });

  it('are left where autoSweep is off', async () => {
    const { store, pool, name } = await createStore(url, { autoSweep: false });
    await claimMany(store, 500, 'old');
    await elapse(pool, hourMs);
    for (let batch = 0; batch < 3; batch++) await claimMany(store, 500, `new ${batch}`);
    await store.close();
    expect(await countRows(pool, name)).toBe(2_000);
  });

  it('are found in tables of any size, by steps that do not read all of it', async () => {
    const { store, pool, name } = await createStore(url);
    await pool.query(
      `INSERT INTO ${name} (key, until)
       SELECT gen_random_uuid(), now() + interval '1 minute' * (50000.5 - number) FROM generate_series(1, 100000) AS number`,
    );
    expect(await store.sweep()).toBe(50_000);
    expect(await countRows(pool, name)).toBe(50_000);
  });

  it('are left for the next time where somebody has locked them', async () => {
    const { store, pool, name } = await createStore(url, { autoSweep: false });
    await claimMany(store, 3);
    await elapse(pool, hourMs);
    const client = await connectClient(url);
    await client.query('BEGIN');
    await client.query(`SELECT FROM ${name} LIMIT 1 FOR UPDATE`);
    expect(await store.sweep()).toBe(2);
    await client.query('ROLLBACK');
    expect(await store.sweep()).toBe(1);
  });

  it('are swept by one process at a time', async () => {
    const { store, pool, name, table } = await createStore(url);
    await claimMany(store, 100, 'old');
    await elapse(pool, hourMs);
    // What a process that sweeps holds, as pg_locks shows it to us.
    const sweeper = await connectClient(url);
    const held: string[] = [];
    const spy = postgresDedup({
      client: {
        query(text, values) {
          held.push(...(/pg_advisory_xact_lock\((-?\d+)\)/.exec(text)?.slice(1) ?? []));
          return pool.query(text, values);
        },
      },
      table,
      autoSweep: false,
    });
    await spy.sweep();
    await claimMany(store, 100, 'old');
    await elapse(pool, hourMs);
    await sweeper.query('BEGIN');
    await sweeper.query(`SELECT pg_advisory_xact_lock(${held[0]})`);
    for (let batch = 0; batch < 3; batch++) await claimMany(store, 500, `new ${batch}`);
    await store.close();
    expect(await countRows(pool, name)).toBe(1_600);
    await sweeper.query('ROLLBACK');
  });

  it('cost a warning and no claim when they cannot be deleted', async () => {
    const pool = createPool(url);
    const table = newTable();
    const warn = vi.fn();
    const store = postgresDedup({
      client: {
        query: (text, values) =>
          text.includes('pg_relation_size') ? Promise.reject(new Error('no')) : pool.query(text, values),
      },
      table,
      logger: { warn },
    });
    onTestFinished(() => store.close());
    await store.migrate();
    for (let batch = 0; batch < 2; batch++) await claimMany(store, 500, `new ${batch}`);
    await store.close();
    expect(warn).toHaveBeenCalledExactlyOnceWith({ error: new Error('no') }, expect.stringContaining('swept'));
  });
});
