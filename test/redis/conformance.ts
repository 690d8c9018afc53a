import type { DedupStore } from '@chathooks/core';
import { dedupStoreConformance } from '@chathooks/testing';
import { Redis } from 'ioredis5'; // not what `redisDedup` loads, as some tests hide that
import { afterAll, describe, it } from 'vitest';
import { passTime } from './pass-time.ts';

/** A store in Redis under test. */
export interface RedisSubject {
  readonly name: string;
  /** Where its Redis is. */
  url(): string;
  create(prefix: string): DedupStore | Promise<DedupStore>;
  createUnreachable?(): DedupStore | Promise<DedupStore>;
}

/** Runs the conformance suite in a Redis, whose time the tests make pass. */
export function redisConformance({ name, url, create, createUnreachable }: RedisSubject): void {
  const prefixes: string[] = [];
  let admin: Redis | undefined;
  afterAll(() => admin?.disconnect());
  dedupStoreConformance(
    { describe, it },
    {
      name,
      create({ prefix }) {
        prefixes.push(prefix);
        return create(prefix);
      },
      ...(createUnreachable && { createUnreachable }),
      async elapse(ms) {
        admin ??= new Redis(url());
        await passTime(admin, prefixes.at(-1) ?? '', ms);
      },
      leaseMs: 30_000,
      capabilities: { extend: true, advance: true, shared: true },
    },
  );
}
