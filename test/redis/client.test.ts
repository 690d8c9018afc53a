import { once } from 'node:events';
import { inspect } from 'node:util';
import { type RedisClientLike, redisDedup } from '@chathooks/redis';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startRedis, useRedis } from '../services/redis.ts';
import { type ClientKind, clientKinds } from './clients.ts';

const lease = { leaseMs: 60_000 };

async function startWith({ connect }: ClientKind, args: readonly string[] = []) {
  const server = await startRedis({ args });
  const admin = new Redis(server.url);
  admin.on('error', () => {}); // some tests end the server
  const { client, close } = await connect(server.url);
  onTestFinished(() => {
    admin.disconnect();
    close();
  });
  return { server, admin, client };
}

useRedis().describeOwn('over a client of the user', () => {
  describe.each(clientKinds)('of $name', (kind) => {
    it('leaves the client open', async () => {
      const { client } = await startWith(kind);
      const store = redisDedup({ client });
      await store.claim('key', lease);
      await store.close?.();
      expect(await redisDedup({ client }).claim('key', lease)).toEqual({ state: 'in-flight' });
    });

    it('runs every script also where the server has forgotten it', async () => {
      const { client, admin } = await startWith(kind);
      const store = redisDedup({ client });
      const forget = () => admin.script('FLUSH');
      await forget();
      const claim = await store.claim('key', lease);
      if (claim.state !== 'fresh') throw new Error(`The key is ${claim.state}, expected fresh`);
      await forget();
      expect(await store.extend?.('key', claim.token, lease)).toBe(true);
      await forget();
      expect(await store.advance?.('key', 1, { rememberMs: 60_000 })).toBe(true);
      await forget();
      expect(await store.complete('key', claim.token, { rememberMs: 60_000 })).toBe(true);
      await forget();
      await store.release('key', claim.token);
      expect(await store.claim('key', lease)).toEqual({ state: 'done' });
    });

    it('works on when the server was killed and started again, with what was on its disk', async () => {
      const { client, server } = await startWith(kind, ['--appendonly', 'yes']);
      const store = redisDedup({ client });
      await store.claim('key', lease);
      await server.kill();
      await server.restart();
      // How long the client looks for its server is its own affair.
      await expect.poll(() => claimState(store, 'key'), { timeout: 5_000 }).toBe('in-flight');
    });

    it('a server that refuses is said to be unavailable, and the key is told to nobody', async () => {
      const { client, admin } = await startWith(kind);
      const store = redisDedup({ client });
      await admin.lpush('chathooks:e:wexio:+15550001111', 'not of ours');
      const error: unknown = await Promise.resolve(store.claim('wexio:+15550001111', lease)).catch((error) => error);
      expect(error).toMatchObject({ code: 'store_unavailable', message: expect.stringContaining('WRONGTYPE') });
      expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain('15550001111');
    });

    it('a claim that the client sent twice, as it missed the answer, is fresh', async () => {
      const { client } = await startWith(kind);
      const twice: RedisClientLike = new Proxy(client, {
        get(target, name) {
          const method: unknown = Reflect.get(target, name, target);
          if (typeof method !== 'function') return method;
          return async (...args: unknown[]) => {
            await method.apply(target, args);
            return method.apply(target, args);
          };
        },
      });
      const store = redisDedup({ client: twice });
      expect(await store.claim('key', lease)).toMatchObject({ state: 'fresh' });
      expect(await store.claim('key', lease)).toEqual({ state: 'in-flight' });
    });

    it('a lease ends when it is over by the clock of the server', async () => {
      const { client, admin } = await startWith(kind);
      const store = redisDedup({ client });
      const now = async () => {
        const [seconds, microseconds] = await admin.time();
        return Number(seconds) * 1_000 + Number(microseconds) / 1_000;
      };
      const before = await now();
      await store.claim('key', { leaseMs: 100.5 });
      while ((await claimState(store, 'key')) !== 'fresh');
      expect((await now()) - before).toBeGreaterThanOrEqual(101);
    });
  });
});

useRedis().describeOwn('over a client set as the README says', () => {
  const kinds: Readonly<Record<string, (url: string) => Promise<RedisClientLike>>> = {
    async ioredis(url) {
      const client = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 0 });
      client.on('error', () => {}); // calls reject
      onTestFinished(() => client.disconnect());
      await once(client, 'ready');
      return client;
    },
    async 'node-redis'(url) {
      const client = createClient({ url, disableOfflineQueue: true });
      client.on('error', () => {}); // calls reject
      onTestFinished(() => client.destroy());
      await client.connect();
      return client;
    },
  };

  it.each(Object.entries(kinds))('of %s, fails at once while Redis is away', async (_, connect) => {
    const server = await startRedis();
    const store = redisDedup({ client: await connect(server.url) });
    await store.claim('key', lease);
    server.pause();
    const waiting = claimState(store, 'key');
    await server.kill();
    expect(await waiting).toContain('store_unavailable');
    expect(await claimState(store, 'key')).toContain('store_unavailable');
    await server.restart();
    await expect.poll(() => claimState(store, 'key'), { timeout: 5_000 }).toBe('fresh');
  });
});

const claimState = async (store: ReturnType<typeof redisDedup>, key: string) =>
  Promise.resolve(store.claim(key, lease)).then(({ state }) => state, String);
