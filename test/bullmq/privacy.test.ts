import { inspect } from 'node:util';
import { bullmqInbox } from '@chathooks/bullmq';
import type { InboxEntry } from '@chathooks/core';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { useRedis } from '../services/redis.ts';
import { entryOf, eventually, failed, useInboxes, usePrefixes } from './harness.ts';

const redis = useRedis();

/** Everything that any logger could make of it. */
const textOf = (value: unknown) => inspect(value, { depth: Number.POSITIVE_INFINITY, maxStringLength: null });

const phone = '15550001111';
const entry: InboxEntry = entryOf(`wamid.${phone}`, `chat ${phone}`);

redis.describe('what BullMQ tells of commands that Redis refused', () => {
  const prefixOf = usePrefixes(redis.url);
  const inboxes = useInboxes(redis.url);

  it('holds nothing of the events, to whom a put fails', async () => {
    const prefix = prefixOf();
    const client = new Redis(redis.url);
    await client.hset(`${prefix}:chathooks-inbox:pending`, 'not', 'a number');
    const inbox = inboxes.open({ prefix });
    const error = await inbox.put([entry]).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ message: expect.stringContaining('WRONGTYPE') });
    expect(textOf(error)).not.toContain(phone);
    await client.quit();
  });

  it('holds nothing of the events in the log', async () => {
    const prefix = prefixOf();
    const client = new Redis(redis.url);
    const told: unknown[] = [];
    const inbox = bullmqInbox({ url: redis.url, prefix, logger: { warn: (details) => told.push(details) } });
    await inbox.start(async () => {
      // Refuses the command that sets the entry aside.
      await client.set(`${prefix}:chathooks-failed:wait`, 'no list');
      return failed('no', true);
    });
    await inbox.put([entry]);
    await eventually(() => told.length > 0);
    await inbox.stop();
    await inbox.close?.();
    await client.quit();
    expect(textOf(told)).toContain('WRONGTYPE');
    expect(textOf(told)).not.toContain(phone);
  });
});
