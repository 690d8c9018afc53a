import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { bullmqInbox } from '@chathooks/bullmq';
import { type DedupStore, type Inbox, memoryDedup } from '@chathooks/core';
import { pgBossInbox } from '@chathooks/pg-boss';
import { postgresDedup } from '@chathooks/postgres';
import { redisDedup } from '@chathooks/redis';
import { sqliteDedup, sqliteInbox } from '@chathooks/sqlite';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { PgBoss } from 'pg-boss';

const redisUrl = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379';
const databaseUrl = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** Where a server keeps what it was sent. */
export interface Storage {
  readonly dedup?: DedupStore;
  readonly inbox?: Inbox;
}

/** One way to keep events, beside what its engine does at best. */
export interface StorageKind {
  /** @param scope - tells one run from others */
  open(scope: string): Promise<Storage>;
  /** What the engine can do by itself. Makes some calls at once, each storing one thing. */
  readonly primitive?: { readonly name: string; open(scope: string): Promise<Primitive> };
  /** Removes what a run has left behind. */
  clear(scope: string): Promise<void>;
}

/** The engine's own way to store something. */
export interface Primitive {
  /** @param amount - how many at once */
  run(amount: number): Promise<unknown>;
  close(): Promise<unknown>;
}

const payload = 'x'.repeat(2_000);
const fileOf = (scope: string) => join(tmpdir(), `chathooks-bench-${scope}`, 'events.db');

async function clearRedis(scope: string): Promise<void> {
  const redis = new Redis(redisUrl);
  for await (const keys of redis.scanStream({ match: `*${scope}*`, count: 1000 })) {
    if (keys.length > 0) await redis.unlink(...keys);
  }
  await redis.quit();
}

async function clearPostgres(scope: string): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  await client.query(`drop schema if exists "${scope}" cascade`);
  await client.end();
}

async function createSchema(scope: string): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  await client.query(`create schema if not exists "${scope}"`);
  await client.end();
}

const clearFiles = async (scope: string) =>
  rmSync(join(tmpdir(), `chathooks-bench-${scope}`), { recursive: true, force: true });

const sqliteKind = (synchronous: 'full' | 'normal', withInbox: boolean): StorageKind => ({
  async open(scope) {
    const { mkdirSync } = await import('node:fs');
    const file = fileOf(scope);
    mkdirSync(join(file, '..'), { recursive: true });
    const dedup = sqliteDedup({ file, synchronous });
    return withInbox ? { dedup, inbox: sqliteInbox({ file, synchronous }) } : { dedup };
  },
  primitive: {
    name: 'rows in one WAL commit',
    async open() {
      const folder = mkdtempSync(join(tmpdir(), 'chathooks-bench-bare-'));
      const database = new DatabaseSync(join(folder, 'bare.db'));
      database.exec(
        `pragma journal_mode = wal; pragma synchronous = ${synchronous}; create table t (id text primary key, v text)`,
      );
      const insert = database.prepare('insert into t values (?, ?)');
      return {
        async run(amount) {
          database.exec('begin immediate');
          for (let index = 0; index < amount; index++) insert.run(randomUUID(), payload);
          database.exec('commit');
        },
        async close() {
          database.close();
          rmSync(folder, { recursive: true });
        },
      };
    },
  },
  clear: clearFiles,
});

/** All ways to keep events. */
export const storages: Readonly<Record<string, StorageKind>> = {
  memory: { open: async () => ({ dedup: memoryDedup({ maxEntries: 1_100_000 }) }), clear: async () => {} },
  'SQLite inbox': sqliteKind('full', true),
  'SQLite inbox, normal': sqliteKind('normal', true),
  'Redis dedup': {
    open: async (scope) => ({ dedup: redisDedup({ url: redisUrl, prefix: `${scope}:` }) }),
    primitive: {
      name: 'SET NX, pipelined',
      async open(scope) {
        const redis = new Redis(redisUrl, { enableAutoPipelining: true });
        return {
          run: (amount) =>
            Promise.all(
              Array.from({ length: amount }, () => redis.set(`${scope}:${randomUUID()}`, '1', 'PX', 60_000, 'NX')),
            ),
          close: () => redis.quit(),
        };
      },
    },
    clear: clearRedis,
  },
  'Redis + BullMQ': {
    open: async (scope) => ({
      dedup: redisDedup({ url: redisUrl, prefix: `${scope}:` }),
      inbox: bullmqInbox({ url: redisUrl, name: scope }),
    }),
    primitive: {
      name: 'queue.add, at once',
      async open(scope) {
        const queue = new Queue(`${scope}-bare`, { connection: { url: redisUrl } });
        return {
          run: (amount) => Promise.all(Array.from({ length: amount }, () => queue.add('event', { payload }))),
          async close() {
            await queue.obliterate({ force: true });
            await queue.close();
          },
        };
      },
    },
    clear: clearRedis,
  },
  'Postgres dedup': {
    async open(scope) {
      await createSchema(scope);
      const dedup = postgresDedup({ url: databaseUrl, schema: scope });
      await dedup.migrate();
      return { dedup };
    },
    primitive: {
      name: 'one-row INSERTs, 10 connections',
      async open(scope) {
        await createSchema(scope);
        const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
        await pool.query(`create table if not exists "${scope}".bare (id text primary key, v text)`);
        const insert = `insert into "${scope}".bare values ($1, $2) on conflict do nothing`;
        return {
          run: (amount) => Promise.all(Array.from({ length: amount }, () => pool.query(insert, [randomUUID(), 'x']))),
          close: () => pool.end(),
        };
      },
    },
    clear: clearPostgres,
  },
  'Postgres + pg-boss': {
    async open(scope) {
      await createSchema(scope);
      const dedup = postgresDedup({ url: databaseUrl, schema: scope });
      await dedup.migrate();
      return { dedup, inbox: pgBossInbox({ url: databaseUrl, schema: `${scope}_boss` }) };
    },
    primitive: {
      name: 'boss.send, at once',
      async open(scope) {
        const boss = new PgBoss({
          connectionString: databaseUrl,
          schema: `${scope}_bare`,
          supervise: false,
          schedule: false,
        });
        boss.on('error', console.error);
        await boss.start();
        await boss.createQueue('bare');
        return {
          run: (amount) => Promise.all(Array.from({ length: amount }, () => boss.send('bare', { payload }))),
          async close() {
            await boss.stop({ graceful: false });
            await clearPostgres(`${scope}_bare`);
          },
        };
      },
    },
    async clear(scope) {
      await clearPostgres(scope);
      await clearPostgres(`${scope}_boss`);
    },
  },
};
