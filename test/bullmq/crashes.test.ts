import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { InboxEntry } from '@chathooks/core';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { useRedis } from '../services/redis.ts';
import { done, entryOf, eventually, failed, pathOf, useInboxes, usePrefixes } from './harness.ts';
import { startWire } from './wire.ts';

const redis = useRedis();

redis.describe('bullmqInbox', () => {
  const prefixOf = usePrefixes(redis.url);
  const inboxes = useInboxes(redis.url);

  /** An inbox that can die: its connections end, and nothing of what it did or will do reaches Redis. */
  async function openMortal(prefix: string) {
    const wire = await startWire(redis.url);
    const inbox = inboxes.open({ prefix, url: wire.url, leaseMs: 300, concurrency: 3 });
    return {
      inbox,
      async die() {
        wire.cut();
        inboxes.forget(inbox);
        await inbox.close?.();
      },
    };
  }

  it('takes over from a process that was killed, and counts the try that it died in', async () => {
    const prefix = prefixOf();
    const inbox = inboxes.open({ prefix, leaseMs: 500 });
    await inbox.put([entryOf('a1', 'a'), entryOf('a2', 'a'), entryOf('b1', 'b')]);
    const child = fork(pathOf('worker-process.ts'), [redis.url, prefix, '500'], {
      execArgv: ['--import', pathOf('../examples/resolve-sources.mjs')],
    });
    const begun: unknown[] = [];
    child.on('message', (id) => begun.push(id));
    await eventually(() => begun.length === 2);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const killedAt = performance.now();
    const tries: string[] = [];
    await inbox.start(async ({ event }, { attempt }) => {
      tries.push(`${event.id} attempt ${attempt}`);
      return done;
    });
    await eventually(() => tries.length === 3);
    expect(performance.now() - killedAt).toBeLessThan(2_000);
    expect(tries.toSorted()).toEqual(['a1 attempt 2', 'a2 attempt 1', 'b1 attempt 2']);
  });

  it('loses nothing and keeps the order, whichever processes die, stop and begin', { timeout: 20_000 }, async () => {
    const prefix = prefixOf();
    const web = inboxes.open({ prefix, leaseMs: 300 });
    const keys = Array.from({ length: 12 }, (_, index) => `chat ${index}`);
    const put: InboxEntry[] = [];
    const tried = new Map(keys.map((key) => [key, [] as string[]]));
    const settled = new Set<string>();

    const handle = async ({ event }: InboxEntry, attempt: number) => {
      tried.get(event.orderingKey ?? '')?.push(event.id);
      await new Promise(setImmediate);
      if (Math.random() < 0.05 && attempt < 5) return failed();
      if (Math.random() < 0.05) return { state: 'postponed', delayMs: Math.random() < 0.5 ? 0 : 20 } as const;
      settled.add(event.id);
      return done;
    };
    const begin = async () => {
      const mortal = await openMortal(prefix);
      await mortal.inbox.start((entry, { attempt }) => handle(entry, attempt));
      return mortal;
    };
    const working = await Promise.all([begin(), begin(), begin()]);

    for (let round = 0; round < 20; round++) {
      for (let count = 0; count < 5; count++) {
        const entries = Array.from({ length: 4 }, (_, index) => {
          const key = keys[Math.floor(Math.random() * keys.length)] ?? '';
          return entryOf(`${round}-${count}-${index}`, key);
        });
        put.push(...entries);
        await web.put(entries);
      }
      const [leaving] = working.splice(Math.floor(Math.random() * working.length), 1);
      if (round % 2 === 0) await leaving?.die();
      else await leaving?.inbox.stop();
      working.push(await begin());
    }
    await eventually(async () => (await web.counts()).pending === 0);

    expect(settled.size).toBe(put.length);
    for (const key of keys) {
      const expected = put.filter(({ event }) => event.orderingKey === key).map(({ event }) => event.id);
      expect(withoutRepeats(tried.get(key) ?? []), key).toEqual(expected);
    }
    const queue = new Queue('chathooks', { connection: { url: redis.url }, prefix });
    await eventually(async () => (await queue.getJobCountByTypes('wait', 'active', 'delayed')) === 0);
    expect(await queue.getJobCountByTypes('failed', 'completed')).toBe(0);
    await queue.close();
    const client = new Redis(redis.url);
    expect(await client.keys(`${prefix}:chathooks-inbox:*`)).toEqual([]);
    client.disconnect();
  });

  it('takes no verdict of a process that was silent for so long that another has its events', async () => {
    const prefix = prefixOf();
    const wire = await startWire(redis.url);
    const silent = inboxes.open({ prefix, url: wire.url, leaseMs: 300 });
    const other = inboxes.open({ prefix, leaseMs: 300 });
    const tries: string[] = [];
    const [silentGate, otherGate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await silent.put([entryOf('a1', 'a'), entryOf('a2', 'a')]);
    await silent.start(async ({ event }) => {
      tries.push(`silent ${event.id}`);
      await silentGate.promise;
      return done;
    });
    await eventually(() => tries.length === 1);
    wire.freeze();
    await other.start(async ({ event }, { attempt }) => {
      tries.push(`other ${event.id} attempt ${attempt}`);
      if (event.id === 'a1' || attempt > 1) return done;
      await otherGate.promise;
      return failed();
    });
    await eventually(() => tries.length === 3);
    wire.thaw();
    silentGate.resolve();
    await eventually(() => inboxes.errors.some(({ message }) => /moveTo|retryJob/.test(message)));
    otherGate.resolve();
    await eventually(async () => (await other.counts()).pending === 0);
    expect(tries).toEqual(['silent a1', 'other a1 attempt 2', 'other a2 attempt 1', 'other a2 attempt 2']);
  });

  it('finds the entries of a process that died before it could add their job, and those whose job was removed', async () => {
    const prefix = prefixOf();
    const inbox = inboxes.open({ prefix });
    await inbox.put([entryOf('a1', 'a'), entryOf('a2', 'a'), entryOf('b1', 'b')]);
    const queue = new Queue('chathooks', { connection: { url: redis.url }, prefix });
    await queue.drain();
    expect(await queue.getWaitingCount()).toBe(0);
    await aMinutePasses(prefix);
    const tried: string[] = [];
    await inbox.start(async ({ event }) => {
      tried.push(event.id);
      return done;
    });
    await eventually(() => tried.length === 3);
    expect(tried.filter((id) => id !== 'b1')).toEqual(['a1', 'a2']);
    await queue.close();
  });

  /** As the inbox sees it: it looks after lanes that have had entries for a minute. */
  async function aMinutePasses(prefix: string): Promise<void> {
    const client = new Redis(redis.url);
    const lanes = await client.zrange(`${prefix}:chathooks-inbox:lanes`, '0', '-1');
    for (const lane of lanes) await client.zadd(`${prefix}:chathooks-inbox:lanes`, '0', lane);
    client.disconnect();
  }
});

const withoutRepeats = (ids: readonly string[]): readonly string[] => ids.filter((id, index) => id !== ids[index - 1]);
