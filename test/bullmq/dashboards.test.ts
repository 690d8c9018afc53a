import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { useRedis } from '../services/redis.ts';
import { done, entryOf, eventually, failed, listFailed, useInboxes, usePrefixes } from './harness.ts';

const redis = useRedis();

redis.describe('the queue, as others see it', () => {
  const prefixOf = usePrefixes(redis.url);
  const inboxes = useInboxes(redis.url);

  async function withQueue<T>(prefix: string, name: string, use: (queue: Queue) => Promise<T>): Promise<T> {
    const queue = new Queue(name, { connection: { url: redis.url }, prefix });
    try {
      return await use(queue);
    } finally {
      await queue.close();
    }
  }

  it('is one that dashboards show: a job for each key, and one for each event that was set aside', async () => {
    const prefix = prefixOf();
    const inbox = inboxes.open({ prefix, name: 'events', retryDelayMs: 3_600_000, maxRetryDelayMs: 3_600_000 });
    await inbox.put([entryOf('a1', 'a'), entryOf('a2', 'a'), entryOf('b1', 'b'), entryOf('without a key')]);
    await withQueue(prefix, 'events', async (queue) => {
      const waiting = await queue.getWaiting();
      expect(waiting.map(({ data }) => data.orderingKey)).toEqual(['a', 'b', undefined]);
      await inbox.start(async ({ event }) =>
        event.id === 'a1' ? failed('the CRM is down') : failed('who is that?', true),
      );
      await eventually(async () => (await queue.getDelayedCount()) === 1 && (await queue.getWaitingCount()) === 0);
      const [delayed] = await queue.getDelayed();
      expect(delayed?.failedReason).toBe('handler_failed: the CRM is down');
      expect(delayed?.data.orderingKey).toBe('a');
    });
    await eventually(async () => (await inbox.counts()).failed === 2);
    await withQueue(prefix, 'events-failed', async (queue) => {
      const jobs = await queue.getWaiting();
      expect(jobs.map(({ name, data }) => [name, data.entry.event.id, data.reason.message]).toSorted()).toEqual([
        ['message.inbound', 'b1', 'who is that?'],
        ['message.inbound', 'without a key', 'who is that?'],
      ]);
      await jobs[0]?.remove();
    });
    expect(await listFailed(inbox)).toHaveLength(1);
    expect(await inbox.counts()).toEqual({ pending: 2, failed: 1 });
  });

  it('can be paused and resumed by dashboards', async () => {
    const prefix = prefixOf();
    const inbox = inboxes.open({ prefix });
    const tried: string[] = [];
    await withQueue(prefix, 'chathooks', async (queue) => {
      await queue.pause();
      await inbox.put([entryOf('one')]);
      await inbox.start(async ({ event }) => {
        tried.push(event.id);
        return done;
      });
      expect(await inbox.counts()).toEqual({ pending: 1, failed: 0 });
      expect(tried).toEqual([]);
      await queue.resume();
    });
    await eventually(() => tried.length === 1);
  });

  it('keeps the events whatever becomes of its jobs', async () => {
    const prefix = prefixOf();
    const inbox = inboxes.open({ prefix });
    await inbox.put([entryOf('a1', 'a'), entryOf('b1', 'b')]);
    await withQueue(prefix, 'chathooks', async (queue) => {
      await queue.removeOrphanedJobs();
      await queue.obliterate({ force: true });
    });
    expect(await inbox.counts()).toEqual({ pending: 2, failed: 0 });
    const tried: string[] = [];
    await inbox.put([entryOf('a2', 'a')]);
    await inbox.start(async ({ event }) => {
      tried.push(event.id);
      return done;
    });
    await eventually(() => tried.length === 2);
    expect(tried).toEqual(['a1', 'a2']);
  });

  it('tells of what others put into it, which holds up no event', async () => {
    const prefix = prefixOf();
    const client = new Redis(redis.url);
    const inbox = inboxes.open({ prefix });
    const tried: string[] = [];
    await withQueue(prefix, 'chathooks', async (queue) => {
      await queue.add('mail', { to: 'somebody' });
      await inbox.put([entryOf('a1', 'a'), entryOf('b1', 'b')]);
      const [lane] = await client.keys(`${prefix}:chathooks-inbox:lane:*`);
      await client.lset(lane ?? '', 0, 'id {"text":"private"}');
      await inbox.start(async ({ event }) => {
        tried.push(event.id);
        return done;
      });
      await eventually(() => tried.length === 1);
      await eventually(() => inboxes.errors.length === 2);
      expect(inboxes.errors.map(({ message }) => message).toSorted()).toEqual([
        'A job in the queue is none of chathooks; use another name or prefix for your own',
        `The first entry of the list ${lane} in Redis cannot be read; remove it with LPOP`,
      ]);
      expect((await queue.getFailed()).map(({ name }) => name)).toEqual(['mail']);
      await client.lpop(lane ?? '');
      await eventually(async () => (await inbox.counts()).pending === 0);
    });
    client.disconnect();
  });
});
