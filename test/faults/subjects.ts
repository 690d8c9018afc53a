// The storages that the faults are tried on: the Redis and the Postgres of the run, and files.
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, describe } from 'vitest';
import { usePostgres, useSchema } from '../services/postgres.ts';
import { useRedis } from '../services/redis.ts';
import type { DedupPlan, InboxPlanInput } from './plan.ts';
import type { Scene } from './scene.ts';

/** Where the processes of a test keep what they share. */
export interface Storage {
  readonly dedup: DedupPlan;
  readonly inbox: Exclude<InboxPlanInput, { kind: 'forgetful' }>;
}

/** A kind of storage. */
export interface Subject {
  readonly name: string;
  /** The server that it is on, if there is one. */
  readonly url?: string;
  /**
   * The storage of a scene.
   *
   * @param url - another way to the server
   */
  storage(scene: Pick<Scene, 'name' | 'dir'>, url?: string): Storage;
}

export const inRedis = (url: string): Subject => ({
  name: 'Redis',
  url,
  storage: ({ name }, by = url) => ({
    dedup: { kind: 'redis', url: by, name },
    inbox: { kind: 'bullmq', url: by, name },
  }),
});

export const inPostgres = (url: string, schema: string): Subject => ({
  name: 'Postgres',
  url,
  storage: ({ name }, by = url) => ({
    dedup: { kind: 'postgres', url: by, schema, name },
    inbox: { kind: 'pg-boss', url: by, schema, name },
  }),
});

export const inFiles = {
  name: 'SQLite',
  storage({ dir }) {
    const file = join(dir, 'chathooks.sqlite');
    return { dedup: { kind: 'sqlite', file }, inbox: { kind: 'sqlite', file } } as const;
  },
} satisfies Subject;

/** Tries the same on every storage. */
export function onEveryStorage(tests: (subject: Subject) => void): void {
  onServers(tests);
  describe('in SQLite', () => tests(inFiles));
}

/** Tries the same on every storage that processes on many machines can share. */
export function onServers(tests: (subject: Subject) => void): void {
  const redis = useRedis();
  const postgres = usePostgres();
  redis.describe('in Redis', () => tests(remembered(inRedis(redis.url))));
  postgres.describe('in Postgres', () => tests(inPostgres(postgres.url, useSchema().name)));
}

/** Deletes from Redis what the tests leave there. */
function remembered(subject: Subject): Subject {
  const names: string[] = [];
  afterAll(async () => {
    const client = new Redis(subject.url ?? '');
    for (const name of names) {
      for await (const keys of client.scanStream({ match: `*${name}*`, count: 1_000 })) {
        if (keys.length > 0) await client.unlink(keys);
      }
    }
    client.disconnect();
  });
  return {
    ...subject,
    storage(scene, url) {
      names.push(scene.name);
      return subject.storage(scene, url);
    },
  };
}
