import { randomUUID } from 'node:crypto';
import { createReceiver } from '@chathooks/core';
import {
  migrationSql,
  postgresDedup,
  type Queryable,
  type TransactionalContext,
  transactional,
} from '@chathooks/postgres';
import type { PoolClient } from 'pg';
import { expect, it, onTestFinished, vi } from 'vitest';
import { notes, recordLogs, send, shop } from '../core/harness.ts';
import { usePostgres, useSchema } from '../services/postgres.ts';
import { connectClient, countRows, createPool, newTable } from './harness.ts';

const postgres = usePostgres();
const lease = { leaseMs: 30_000 };
const remember = { rememberMs: 60_000 };

postgres.describe('migrate()', () => {
  const { url } = useSchema();

  it('makes the table once when 20 processes call it at once, with its schema', async () => {
    for (const schema of [undefined, newSchema(url)]) {
      const table = newTable();
      const stores = Array.from({ length: 20 }, () =>
        postgresDedup({ client: createPool(url, { max: 1 }), table, ...(schema && { schema }) }),
      );
      await Promise.all(stores.map((store) => store.migrate()));
      const claims = await Promise.all(stores.map((store) => store.claim('key', lease)));
      expect(claims.filter(({ state }) => state === 'fresh')).toHaveLength(1);
    }
  });

  it('leaves a table that is there as it is, and needs no right to make one then', async () => {
    const schema = newSchema(url);
    const pool = createPool(url);
    const store = postgresDedup({ client: pool, schema });
    await store.migrate();
    await store.claim('key', lease);
    const role = `role_${randomUUID().replaceAll('-', '')}`;
    await pool.query(`CREATE ROLE ${role}`);
    onTestFinished(async () => {
      await pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    });
    await pool.query(`GRANT USAGE ON SCHEMA "${schema}" TO ${role};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "${schema}" TO ${role}`);
    const client = await connectClient(url);
    await client.query(`SET ROLE ${role}`);
    const limited = postgresDedup({ client, schema });
    await limited.migrate();
    expect(await limited.claim('key', lease)).toEqual({ state: 'in-flight' });
    expect(await limited.sweep()).toBe(0);
    await expect(postgresDedup({ client, schema, table: 'other' }).migrate()).rejects.toThrow('permission denied');
  });

  it('takes names of any characters as names', async () => {
    const pool = createPool(url);
    for (const name of [`it's "quoted"`, 'back\\slash', `'; DROP TABLE x; --`, '$$ $1 ? :a', 'Été 👋🏽', 'select']) {
      const schema = `${name} ${randomUUID().slice(0, 8)}`;
      dropLater(url, schema);
      const store = postgresDedup({ client: pool, schema, table: name });
      await store.migrate();
      await store.migrate();
      expect(await store.claim('key', lease), name).toMatchObject({ state: 'fresh' });
      expect(await store.sweep()).toBe(0);
      const { rows } = await pool.query(`SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = $2`, [
        schema,
        name,
      ]);
      expect(rows).toHaveLength(1);
    }
  });

  it('does what the SQL of migrationSql() does', async () => {
    const pool = createPool(url);
    const columns = async (table: string) => {
      const { rows } = await pool.query(
        `SELECT attname, atttypid::regtype, attnotnull, indisprimary FROM pg_attribute
         LEFT JOIN pg_index ON indrelid = attrelid AND attnum = ANY (indkey)
         WHERE attrelid = to_regclass($1) AND attnum > 0`,
        [`"${table}"`],
      );
      return rows;
    };
    const [byHand, byStore] = [newTable(), newTable()];
    await pool.query(migrationSql({ table: byHand }));
    await pool.query(migrationSql({ table: byHand }));
    await postgresDedup({ client: pool, table: byStore }).migrate();
    expect(await columns(byHand)).toEqual(await columns(byStore));
    expect(await columns(byHand)).toHaveLength(4);
    expect(migrationSql({ schema: 'app' })).toContain('"app"."chathooks_dedup"');
  });

  it('refuses names that Postgres would cut off or cannot have', () => {
    const client: Queryable = { query: () => Promise.reject(new Error('never asked')) };
    for (const name of ['', 'a\0b', 'x'.repeat(64), 'é'.repeat(32)]) {
      expect(() => postgresDedup({ client, table: name })).toThrow('invalid_option');
      expect(() => postgresDedup({ client, schema: name })).toThrow('invalid_option');
      expect(() => migrationSql({ table: name })).toThrow(/table is ".*", expected a name of 1 to 63 bytes/s);
      expect(() => transactional({ pool: createPool(url), name: 'n', table: name }, () => {})).toThrow(
        'invalid_option',
      );
    }
    expect(() => postgresDedup({ client, table: 'é'.repeat(31) })).not.toThrow();
  });
});

postgres.describe('without its table', () => {
  const { url } = useSchema();
  const missing = {
    code: 'missing_dependency',
    message:
      'There is no table "chathooks_dedup" with the columns expected: call migrate() of postgresDedup() once before ' +
      'the app starts, or run the SQL that migrationSql() returns (missing_dependency)',
  };

  it('every method of the store says what to do', async () => {
    const store = postgresDedup({ client: createPool(url) });
    await expect(store.claim('key', lease)).rejects.toMatchObject(missing);
    await expect(store.extend('key', 'token', lease)).rejects.toMatchObject(missing);
    await expect(store.complete('key', 'token', remember)).rejects.toMatchObject(missing);
    await expect(store.release('key', 'token')).rejects.toMatchObject(missing);
    await expect(store.advance('key', 1, remember)).rejects.toMatchObject(missing);
    await expect(store.sweep()).rejects.toMatchObject(missing);
  });

  it('and the store says so too where its schema or its columns are missing', async () => {
    const pool = createPool(url);
    const inSchema = postgresDedup({ client: pool, schema: 'nowhere', table: 'x' });
    await expect(inSchema.claim('key', lease)).rejects.toThrow('There is no table "nowhere"."x"');
    await pool.query('CREATE TABLE notes (key uuid)');
    await expect(postgresDedup({ client: pool, table: 'notes' }).claim('key', lease)).rejects.toThrow('migrationSql()');
  });

  it('and the store says so too where an ORM has wrapped the error', async () => {
    const wrapped = [
      (cause: unknown) => new Error('Failed query', { cause }),
      () => Object.assign(new Error('Raw query failed'), { code: 'P2010', meta: { code: '42P01' } }),
      () => {
        const driverAdapterError = new Error('DriverAdapterError', {
          cause: { originalCode: '42P01', kind: 'postgres' },
        });
        return Object.assign(new Error('Raw query failed'), { code: 'P2010', meta: { driverAdapterError } });
      },
    ];
    for (const wrap of wrapped) {
      const pool = createPool(url);
      const query: Queryable['query'] = (text, values) =>
        pool.query(text, values).catch((e) => Promise.reject(wrap(e)));
      await expect(postgresDedup({ client: { query } }).claim('key', lease)).rejects.toMatchObject(missing);
    }
  });

  it('and so does a transactional handler, which is not called, but not of a table of its own', async () => {
    const pool = createPool(url);
    const handler = vi.fn(async (_: unknown, { transaction }: TransactionalContext<PoolClient>) => {
      await transaction.query('SELECT FROM no_table_of_ours');
    });
    const { logger, lines } = recordLogs();
    const receiver = createReceiver({
      providers: [shop()],
      logger,
      onMessageInbound: transactional({ pool, name: 'test' }, handler),
    });
    expect((await send(receiver, notes([{ id: 'n1' }]))).status).toBe(500);
    expect(handler).not.toHaveBeenCalled();
    await postgresDedup({ client: pool }).migrate();
    expect((await send(receiver, notes([{ id: 'n1' }]))).status).toBe(500);
    expect(handler).toHaveBeenCalledOnce();
    expect(lines.map(({ details }) => details.error)).toMatchObject([{ cause: missing }, { cause: { code: '42P01' } }]);
    expect(await countRows(pool, 'chathooks_dedup')).toBe(0);
  });
});

/** A name of a schema that is dropped after the test. */
function newSchema(url: string): string {
  const name = `other ${randomUUID()}`;
  dropLater(url, name);
  return name;
}

function dropLater(url: string, schema: string): void {
  onTestFinished(async () => {
    const client = await connectClient(url);
    await client.query(`DROP SCHEMA IF EXISTS ${client.escapeIdentifier(schema)} CASCADE`);
  });
}
