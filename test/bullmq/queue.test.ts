import type { InboxEntry } from '@chathooks/core';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { useRedis } from '../services/redis.ts';
import { done, entryOf, eventually, failed, listFailed, useInboxes, usePrefixes } from './harness.ts';

const redis = useRedis();

redis.describe('the queue', () => {
  const prefixOf = usePrefixes(redis.url);
  const inboxes = useInboxes(redis.url);

  it('keeps 2,000 events of 50 keys in order over three instances, and hands out each once', async () => {
    const prefix = prefixOf();
    const instances = [1, 2, 3].map(() => inboxes.open({ prefix }));
    const entries = Array.from({ length: 2_000 }, (_, index) => entryOf(`${index}`, `chat ${index % 50}`));
    const begun = new Map<string, string[]>();
    const running = new Set<string>();
    const overlaps: string[] = [];
    let count = 0;
    const handle = async ({ event: { id, orderingKey = '' } }: InboxEntry) => {
      if (running.has(orderingKey)) overlaps.push(id);
      running.add(orderingKey);
      begun.set(orderingKey, [...(begun.get(orderingKey) ?? []), id]);
      if (Math.random() < 0.3) await new Promise(setImmediate);
      running.delete(orderingKey);
      count++;
      return done;
    };
    for (let index = 0; index < 1_000; index += 100) await instances[0]?.put(entries.slice(index, index + 100));
    await Promise.all(instances.map((inbox) => inbox.start(handle)));
    for (let index = 1_000; index < 2_000; index += 25) {
      await instances[index % 3]?.put(entries.slice(index, index + 25));
    }
    await eventually(() => count >= 2_000);
    expect(overlaps).toEqual([]);
    for (const [key, ids] of begun) {
      expect(ids, key).toEqual(entries.filter(({ event }) => event.orderingKey === key).map(({ event }) => event.id));
    }
    expect(await instances[0]?.counts()).toEqual({ pending: 0, failed: 0 });
  });

  it('misses no event that comes just when the one before it ends', async () => {
    const inbox = inboxes.open({ prefix: prefixOf() });
    let tried = 0;
    await inbox.start(async () => {
      tried++;
      return done;
    });
    for (let index = 1; index <= 500; index++) {
      const put = inbox.put([entryOf(`${index}`, 'a')]);
      while (tried < index) await new Promise(setImmediate);
      for (let turns = index % 8; turns > 0; turns--) await new Promise(setImmediate);
      await put;
    }
    await eventually(async () => (await inbox.counts()).pending === 0);
  });

  it('lets a key that fails hold up no other', async () => {
    const inbox = inboxes.open({
      prefix: prefixOf(),
      concurrency: 1,
      retryDelayMs: 3_600_000,
      maxRetryDelayMs: 3_600_000,
    });
    const tried: string[] = [];
    await inbox.put([entryOf('bad 1', 'bad'), entryOf('bad 2', 'bad')]);
    await inbox.start(async ({ event }) => {
      tried.push(event.id);
      return event.orderingKey === 'bad' ? failed() : done;
    });
    await eventually(() => tried.length === 1);
    for (let index = 0; index < 50; index++) await inbox.put([entryOf(`good ${index}`, `good ${index % 5}`)]);
    await eventually(() => tried.length === 51);
    expect(tried.filter((id) => id.startsWith('bad'))).toEqual(['bad 1']);
  });

  it('gives every key its turn, however many events another one has', async () => {
    const inbox = inboxes.open({ prefix: prefixOf(), concurrency: 1 });
    const tried: (string | undefined)[] = [];
    await inbox.put(Array.from({ length: 60 }, (_, index) => entryOf(`busy ${index}`, 'busy')));
    await inbox.put([entryOf('other', 'other')]);
    await inbox.start(async ({ event }) => {
      tried.push(event.orderingKey);
      for (const end = performance.now() + 10; performance.now() < end; );
      return done;
    });
    await eventually(() => tried.length === 61);
    expect(tried.indexOf('other')).toBeLessThan(40);
  });

  it('leaves nothing behind when all is handled, and a count that is right again', async () => {
    const prefix = prefixOf();
    const client = new Redis(redis.url);
    const inbox = inboxes.open({ prefix });
    await inbox.put([entryOf('one'), entryOf('two', 'a'), entryOf('three', 'a')]);
    await client.incrby(`${prefix}:chathooks-inbox:pending`, 5);
    expect((await inbox.counts()).pending).toBe(8);
    await inbox.start(async () => done);
    await eventually(async () => (await inbox.counts()).pending === 0);
    await inbox.stop();
    expect(await client.keys(`${prefix}:chathooks-inbox:*`)).toEqual([]);
    client.disconnect();
  });

  it('stores large puts that come together one after the other, until there are maxPending', async () => {
    const inbox = inboxes.open({ prefix: prefixOf(), maxPending: 1_000 });
    const entries = (name: string) => Array.from({ length: 600 }, (_, index) => entryOf(`${name}${index}`, name));
    const puts = await Promise.allSettled([inbox.put(entries('a')), inbox.put(entries('b')), inbox.put(entries('c'))]);
    expect(puts).toEqual([
      { status: 'fulfilled' },
      { status: 'fulfilled' },
      { status: 'rejected', reason: expect.objectContaining({ code: 'inbox_full' }) },
    ]);
    expect(await inbox.counts()).toEqual({ pending: 1_200, failed: 0 });
    const tried: string[] = [];
    await inbox.start(async ({ event }) => {
      tried.push(event.id);
      return done;
    });
    await eventually(async () => (await inbox.counts()).pending === 0);
    for (const name of ['a', 'b']) {
      expect(tried.filter((id) => id.startsWith(name))).toEqual(entries(name).map(({ event }) => event.id));
    }
  });

  it('counts right however often an event cannot be set aside', async () => {
    const prefix = prefixOf();
    const client = new Redis(redis.url);
    const inbox = inboxes.open({ prefix, attempts: 3 });
    await client.set(`${prefix}:chathooks-failed:meta`, 'not what BullMQ expects');
    await inbox.put([entryOf('bad'), entryOf('waits')]);
    let tries = 0;
    await inbox.start(async ({ event }) => {
      if (event.id === 'waits') return { state: 'postponed', delayMs: 3_600_000 };
      tries++;
      return failed('no', true);
    });
    await eventually(() => tries === 3);
    await client.del(`${prefix}:chathooks-failed:meta`);
    await eventually(async () => (await listFailed(inbox)).length === 1);
    expect(await inbox.counts()).toEqual({ pending: 1, failed: 1 });
    client.disconnect();
  });

  it('forgets what was set aside after keepFailedMs', async () => {
    const prefix = prefixOf();
    const inbox = inboxes.open({ prefix, keepFailedMs: 1_000 });
    await inbox.put([entryOf('one')]);
    await inbox.start(async () => failed('no', true));
    await eventually(async () => (await listFailed(inbox)).length === 1);
    await eventually(async () => (await listFailed(inbox)).length === 0);
    expect(await inbox.counts()).toEqual({ pending: 0, failed: 0 });
  });
});
