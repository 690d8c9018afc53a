import { redisDedup } from '@chathooks/redis';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRedis, useRedis } from '../services/redis.ts';

const week = { rememberMs: 7 * 24 * 60 * 60 * 1000 };
const lease = { leaseMs: 30_000 };

useRedis().describeOwn('the keys of redisDedup', () => {
  let client: Redis;
  beforeAll(async () => {
    client = new Redis((await startRedis()).url);
  });
  afterAll(() => client.disconnect());

  /** A key that is done. */
  async function settle(key: string, prefix?: string): Promise<void> {
    const store = redisDedup({ client, ...(prefix !== undefined && { prefix }) });
    const claim = await store.claim(key, lease);
    if (claim.state !== 'fresh') throw new Error(`${key} is ${claim.state}, expected fresh`);
    await store.complete(key, claim.token, week);
  }

  it('are the prefix, the kind and the id of the event', async () => {
    await client.flushdb();
    await settle('wexio:1');
    await redisDedup({ client }).advance?.('wexio:1', 2, week);
    await settle('wexio:1', 'shop:');
    expect((await client.keys('*')).sort()).toEqual(['chathooks:e:wexio:1', 'chathooks:r:wexio:1', 'shop:e:wexio:1']);
  });

  it('are not opened by a token that looks like what is in them', async () => {
    const store = redisDedup({ client });
    await client.flushdb();
    await settle('done');
    const value = await client.get('chathooks:e:done');
    expect(await store.complete('done', String(value), week)).toBe(false);
    await store.release('done', String(value));
    expect(await store.claim('done', lease)).toEqual({ state: 'done' });
  });

  it('expire, all of them, with their lease or when they need not be remembered any more', async () => {
    const store = redisDedup({ client });
    await client.flushdb();
    await store.claim('claimed', lease);
    await settle('done');
    await store.advance?.('ranked', 2, week);
    const lives = async (key: string) => Math.ceil((await client.pttl(key)) / 10_000) * 10_000;
    expect(await lives('chathooks:e:claimed')).toBe(lease.leaseMs);
    expect(await lives('chathooks:e:done')).toBe(week.rememberMs);
    expect(await lives('chathooks:r:ranked')).toBe(week.rememberMs);
  });

  it('take times of any size', async () => {
    const store = redisDedup({ client });
    await client.flushdb();
    await store.advance?.('short', 2, { rememberMs: 0.1 });
    await store.advance?.('long', 2, { rememberMs: 1e300 });
    expect(await client.keys('*:long')).toHaveLength(1);
  });

  it('are hashed when they are long, so that they stay short', async () => {
    await client.flushdb();
    await settle('x'.repeat(65));
    await settle('x'.repeat(64));
    const [hashed, plain] = (await client.keys('*')).sort((one, other) => one.length - other.length);
    expect(hashed).toMatch(/^chathooks:e#[\w-]{32}$/);
    expect(plain).toBe(`chathooks:e:${'x'.repeat(64)}`);
  });

  it('cost a handled event no more than the README says', async () => {
    await client.flushdb();
    const key = 'wexio:00000000-0000-4000-8000-000000000000';
    await settle(key);
    expect(await client.object('ENCODING', `chathooks:e:${key}`)).toBe('int');
    expect(await client.memory('USAGE', `chathooks:e:${key}`)).toBeLessThanOrEqual(150);
  });
});
