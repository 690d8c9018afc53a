import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bullmqInbox } from '@chathooks/bullmq';
import { type DedupStore, type Inbox, memoryDedup } from '@chathooks/express';
import { pgBossInbox } from '@chathooks/pg-boss';
import { postgresDedup } from '@chathooks/postgres';
import { redisDedup } from '@chathooks/redis';
import { sqliteDedup, sqliteInbox } from '@chathooks/sqlite';

const {
  STORAGE = 'sqlite',
  SQLITE_FILE: file = join(tmpdir(), 'chathooks-durable-inbox.sqlite'),
  REDIS_URL: redis = 'redis://127.0.0.1:6379',
  DATABASE_URL: postgres = 'postgres://chathooks:chathooks@127.0.0.1:5432/chathooks',
  APP: app = 'durable_inbox', // keeps this app's data apart from that of others
  LEASE_MS = '30000',
} = process.env;

const leaseMs = Number(LEASE_MS); // after so much silence of a process, others take over its events

interface Storage {
  readonly dedup: DedupStore;
  readonly inbox?: Inbox;
}

// An app of yours needs one of these, and the imports that it uses.
const storages: Readonly<Record<string, () => Storage | Promise<Storage>>> = {
  memory: () => ({ dedup: memoryDedup() }),
  sqlite: () => ({ dedup: sqliteDedup({ file }), inbox: sqliteInbox({ file }) }),
  redis: () => ({
    dedup: redisDedup({ url: redis, prefix: `${app}:` }),
    inbox: bullmqInbox({ url: redis, name: app, leaseMs }),
  }),
  async postgres() {
    const dedup = postgresDedup({ url: postgres, schema: app });
    await dedup.migrate();
    return { dedup, inbox: pgBossInbox({ url: postgres, schema: app, leaseMs }) };
  },
};

const open = storages[STORAGE];
if (!open) throw new Error(`STORAGE is "${STORAGE}", expected ${Object.keys(storages).join(', ')}`);

/** Options of receivers and workers. */
export const storage = { ...(await open()), leaseMs };
