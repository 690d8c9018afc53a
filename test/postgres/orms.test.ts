import { createReceiver, memoryDedup, type ReceiverOptions } from '@chathooks/core';
import { postgresDedup, type Queryable, transactional } from '@chathooks/postgres';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import createKnex, { type Knex } from 'knex';
import { Client } from 'pg';
import { Client as OldestClient, Pool as OldestPool } from 'pg811';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { notes, recordLogs, send, shop } from '../core/harness.ts';
import { usePostgres, useSchema } from '../services/postgres.ts';
import { countRows, createPool, newTable } from './harness.ts';

const postgres = usePostgres();
const lease = { leaseMs: 30_000 };
const remember = { rememberMs: 60_000 };

const receive = (options: ReceiverOptions) =>
  createReceiver({ providers: [shop()], logger: false, dedup: memoryDedup(), ...options });
const status = async (options: ReceiverOptions) => (await send(receive(options), notes([{ id: 'n1' }]))).status;

/** Goes through everything that a store asks of a client. */
async function useStore(client: Queryable) {
  const store = postgresDedup({ client, table: newTable() });
  await expect(store.claim('key', lease)).rejects.toMatchObject({ code: 'missing_dependency' });
  await Promise.all([store.migrate(), store.migrate()]);
  const claims = await Promise.all(['a', 'b', 'a'].map((key) => store.claim(key, lease)));
  expect(claims.map(({ state }) => state)).toEqual(['fresh', 'fresh', 'in-flight']);
  const [claim] = claims;
  const token = claim?.state === 'fresh' ? claim.token : '';
  expect(await store.extend('a', token, lease)).toBe(true);
  expect(await store.complete('a', token, remember)).toBe(true);
  expect(await store.claim('a', lease)).toEqual({ state: 'done' });
  await store.release('b', 'token');
  expect(await store.advance('c', 2, remember)).toBe(true);
  expect(await store.advance('c', 1, remember)).toBe(false);
  expect(await store.sweep()).toBe(0);
  await store.close();
}

postgres.describe('other clients than the pg of today', () => {
  const { url } = useSchema();

  function createKnexClient(): Knex {
    const knex = createKnex({ client: 'pg', connection: url });
    onTestFinished(() => knex.destroy());
    return knex;
  }

  describe('the store works on', () => {
    it('the oldest pg, as a Pool and as a Client', async () => {
      expect([OldestClient, OldestPool]).not.toContain(Client);
      const pool = new OldestPool({ connectionString: url });
      onTestFinished(() => pool.end());
      const client = new OldestClient({ connectionString: url });
      await client.connect();
      onTestFinished(() => client.end());
      await useStore(pool);
      await useStore(client);
    });

    it('the oldest pg, by URL', async () => {
      const { default: oldest } = await import('pg811');
      vi.doMock('pg', () => ({ default: oldest }));
      onTestFinished(() => void vi.doUnmock('pg'));
      const store = postgresDedup({ url, table: newTable() });
      await store.migrate();
      expect(await store.claim('key', lease)).toMatchObject({ state: 'fresh' });
      await store.close();
    });

    it('Drizzle', async () => {
      const db = drizzle(createPool(url));
      await useStore(db.$client);
    });

    it('Knex', async () => {
      const knex = createKnexClient();
      await useStore({ query: (text, values) => knex.raw(text.replaceAll(/\$\d/g, '?'), values) });
    });
  });

  describe('a transactional handler works in a transaction of', () => {
    it('the oldest pg', async () => {
      const pool = new OldestPool({ connectionString: url });
      onTestFinished(() => pool.end());
      await postgresDedup({ client: pool, table: 'oldest' }).migrate();
      await pool.query('CREATE TABLE oldest_notes (id text)');
      let fails = true;
      const onMessageInbound = transactional(
        { pool, table: 'oldest', name: 'test' },
        async ({ id }, { transaction }) => {
          await transaction.query('INSERT INTO oldest_notes VALUES ($1)', [id]);
          if (fails) throw new Error('no');
        },
      );
      expect(await status({ onMessageInbound })).toBe(500);
      fails = false;
      expect([await status({ onMessageInbound }), await status({ onMessageInbound })]).toEqual([200, 200]);
      expect(await countRows(createPool(url), 'oldest_notes')).toBe(1);
    });

    it('Drizzle', async () => {
      const db = drizzle(createPool(url));
      type Transaction = Parameters<Parameters<typeof db.transaction>[0]>[0];
      await checkOrm<Transaction>('drizzle', {
        begin: (run) => db.transaction(run),
        query: (transaction, text) => transaction.execute(sql.raw(text)),
        insert: (transaction, id) => transaction.execute(sql`INSERT INTO drizzle_notes VALUES (${id})`),
        fail: (transaction) => transaction.execute(sql`SELECT FROM no_such_table`),
      });
    });

    it('Knex', async () => {
      const knex = createKnexClient();
      await checkOrm<Knex.Transaction>('knex', {
        begin: (run) => knex.transaction(run),
        query: (transaction, text) => transaction.raw(text),
        insert: (transaction, id) => transaction('knex_notes').insert({ id }),
        fail: (transaction) => transaction.raw('SELECT FROM no_such_table'),
      });
    });
  });

  interface Orm<Transaction> {
    begin(run: (transaction: unknown) => Promise<void>): PromiseLike<unknown>;
    query(transaction: Transaction, text: string): PromiseLike<{ readonly rows: readonly unknown[] }>;
    insert(transaction: Transaction, id: string): PromiseLike<unknown>;
    fail(transaction: Transaction): PromiseLike<unknown>;
  }

  async function checkOrm<Transaction>(table: string, { insert, fail, ...orm }: Orm<Transaction>) {
    const pool = createPool(url);
    const handler = vi.fn(async ({ id }: { id: string }, { transaction }: { transaction: Transaction }) => {
      await insert(transaction, id);
      if (handler.mock.calls.length === 1) throw new Error('no');
      if (handler.mock.calls.length === 2) await Promise.resolve(fail(transaction)).catch(() => {});
    });
    const onMessageInbound = transactional({ ...orm, table, name: 'test' }, handler);
    const { logger, lines } = recordLogs();
    expect(await status({ onMessageInbound, logger })).toBe(500);
    expect(lines[0]?.details.error).toMatchObject({ cause: { code: 'missing_dependency' } });
    await postgresDedup({ client: pool, table }).migrate();
    await pool.query(`CREATE TABLE ${table}_notes (id text)`);
    const effects = async () => [await countRows(pool, `${table}_notes`), await countRows(pool, table)];

    expect(await status({ onMessageInbound }), 'it throws').toBe(500);
    expect(await status({ onMessageInbound }), 'it hides that a statement failed').toBe(500);
    expect(await effects()).toEqual([0, 0]);
    expect([await status({ onMessageInbound }), await status({ onMessageInbound })]).toEqual([200, 200]);
    expect(await effects()).toEqual([1, 1]);
    expect(handler).toHaveBeenCalledTimes(3);

    const stop = new AbortController();
    const aborted = transactional({ ...orm, table, name: 'aborted' }, async ({ id }, { transaction }) => {
      await insert(transaction, id);
      stop.abort(new Error('too late'));
    });
    const context = { signal: stop.signal, attempt: 1, deadline: new Date(), secretName: 'secret', reply: () => false };
    let event: Parameters<typeof aborted>[0] | undefined;
    await status({
      onMessageInbound: (received) => {
        event = received;
      },
    });
    if (!event) throw new Error('There was no event');
    await expect(aborted(event, context)).rejects.toThrow('too late');
    await expect(aborted(event, context)).rejects.toThrow('too late');
    expect(await effects()).toEqual([1, 1]);
  }
});
