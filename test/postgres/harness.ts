import { randomUUID } from 'node:crypto';
import { type PostgresDedupOptions, postgresDedup, type Queryable } from '@chathooks/postgres';
import { Client, Pool, type PoolConfig } from 'pg';
import { onTestFinished } from 'vitest';

/** A pool that ends with the test. */
export function createPool(url: string, config: PoolConfig = {}): Pool {
  const pool = new Pool({ connectionString: url, ...config });
  pool.on('error', () => {}); // queries reject with it
  onTestFinished(() => endPool(pool));
  return pool;
}

export async function endPool(pool: Pool): Promise<void> {
  if (!pool.ended) await pool.end();
}

/** A store on a pool of its own, with a table of its own unless one is named. Ends with the test. */
export async function createStore(url: string, options: Pick<PostgresDedupOptions, 'table' | 'autoSweep'> = {}) {
  const pool = createPool(url);
  const table = options.table ?? newTable();
  const store = postgresDedup({ client: pool, ...options, table });
  await store.migrate();
  return { pool, store, table, name: `"${table}"` };
}

export const newTable = (): string => `dedup-${randomUUID()}`;

/** The URL, with a setting of the session beside those that it has: `a=b`. */
export function withOption(url: string, option: string): string {
  const own = new URL(url);
  own.searchParams.set('options', `${own.searchParams.get('options') ?? ''} -c ${option}`);
  return own.href;
}

/** Connects a client that ends with the test. */
export async function connectClient(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {}); // queries reject with it
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

/** Lets time pass for all tables of the schema: moves what they remember into the past. */
export async function elapse(client: Queryable, ms: number): Promise<void> {
  await client.query(
    `DO $$ DECLARE name regclass; BEGIN
       FOR name IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace LOOP
         CONTINUE WHEN NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = name AND attname = 'until');
         EXECUTE format('UPDATE %s SET until = until - interval ''${ms} milliseconds''', name);
       END LOOP;
     END $$`,
    [],
  );
}

/** How many rows a table has. */
export async function countRows(pool: Pool, name: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${name}`);
  return rows[0]?.count ?? Number.NaN;
}

/** How many statements in the schema of this file wait for a lock. */
export async function countWaiting(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `SELECT count(DISTINCT waits.pid)::int AS count FROM pg_locks waits JOIN pg_locks has ON has.pid = waits.pid AND has.granted
     JOIN pg_class ON pg_class.oid = has.relation AND relkind = 'r' AND relnamespace = current_schema()::regnamespace
     WHERE NOT waits.granted`,
  );
  return rows[0]?.count ?? Number.NaN;
}
