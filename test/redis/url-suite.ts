import { type DedupStore, hasErrorCode } from '@chathooks/core';
import { redisDedup } from '@chathooks/redis';
import { Redis } from 'ioredis5'; // not what `redisDedup` loads, as some tests hide that
import { expect, it, onTestFinished } from 'vitest';
import { type OwnServer, startRedis, useRedis } from '../services/redis.ts';
import { redisConformance } from './conformance.ts';

const lease = { leaseMs: 60_000 };

/** Tests of stores that were given a URL, with whichever client they find installed. */
export function testUrl(library: string): void {
  const redis = useRedis();

  redis.describe(`with a URL and ${library}`, () => {
    redisConformance({
      name: 'redisDedup',
      url: () => redis.url,
      create: (prefix) => redisDedup({ url: redis.url, prefix }),
      createUnreachable: () => redisDedup({ url: 'redis://127.0.0.1:1' }),
    });
  });

  redis.describeOwn(`with a URL, ${library} and a Redis that fails`, () => {
    it('connects when it is first asked, once, and closes what it opened', async () => {
      const { server, admin } = await startOwn();
      const store = open(server.url);
      const connections = () => clientsOf(admin);
      expect(await connections()).toHaveLength(0);
      await Promise.all(Array.from({ length: 20 }, (_, index) => store.claim(`key ${index}`, lease)));
      expect(await connections()).toHaveLength(1);
      await store.close?.();
      await expect.poll(connections).toHaveLength(0);
      await expectUnavailable(store, 'the store is closed');
    });

    it('does not stay connected when it is closed before it could connect', async () => {
      const { server, admin } = await startOwn();
      const store = open(server.url);
      const claim = store.claim('key', lease);
      await store.close?.();
      await Promise.allSettled([claim]);
      await expect.poll(() => clientsOf(admin)).toHaveLength(0);
    });

    it('works on after its connection was killed', async () => {
      const { server, admin } = await startOwn();
      const store = open(server.url);
      await store.claim('key', lease);
      await admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      // What is sent before the client has heard of it fails with the connection.
      await expect.poll(() => store.claim('key', lease)).toEqual({ state: 'in-flight' });
    });

    it('says at once that Redis is gone, and works again as soon as it is back', async () => {
      const { server } = await startOwn(['--appendonly', 'yes']);
      const store = open(server.url);
      await store.claim('key', lease);
      await server.stop();
      for (let call = 0; call < 3; call++) await expectUnavailable(store);
      await expectUnavailable(store, 'ECONNREFUSED');
      await server.restart();
      expect(await store.claim('key', lease)).toEqual({ state: 'in-flight' });
    });

    it('runs its scripts also where the server has forgotten them', async () => {
      const { server, admin } = await startOwn();
      const store = open(server.url);
      await store.claim('key', lease);
      await admin.script('FLUSH');
      expect(await store.claim('key', lease)).toEqual({ state: 'in-flight' });
    });

    it('gives up a server that does not answer, and what waits for it, and connects again', async () => {
      const { server } = await startOwn();
      const store = open(server.url, 100);
      await store.claim('key', lease);
      server.pause();
      await expectUnavailable(store, 'no answer for 100 ms');
      await expectUnavailable(store, 'no answer for 100 ms'); // at the handshake of the next connection
      server.resume();
      expect(await store.claim('key', lease)).toEqual({ state: 'in-flight' });
    });

    it('waits for an answer that came while the process was busy', async () => {
      const { server } = await startOwn();
      const store = open(server.url, 50);
      await store.claim('key', lease);
      const claim = store.claim('key', lease);
      await new Promise(setImmediate); // the command is on its way
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      expect(await claim).toEqual({ state: 'in-flight' });
    });

    it('leaves a server that became a replica for the one that took its place', async () => {
      const { server, admin } = await startOwn();
      const store = open(server.url);
      await store.claim('key', lease);
      await admin.replicaof('127.0.0.1', 1);
      await expectUnavailable(store, 'READONLY');
      await expect.poll(() => clientsOf(admin)).toHaveLength(0);
      await admin.replicaof('NO', 'ONE');
      expect(await store.claim('another key', lease)).toMatchObject({ state: 'fresh' });
    });

    it('takes password and database from the URL, and tells neither', async () => {
      const { server, admin } = await startOwn(['--requirepass', 'pass word'], 'pass word');
      const address = new URL(server.url).host;
      const store = open(`redis://:pass%20word@${address}/3`);
      await store.claim('key', lease);
      await admin.select(3);
      expect(await admin.keys('*')).toEqual(['chathooks:e:key']);
      const error = await expectUnavailable(open(`redis://:wrong-password@${address}/3`), 'WRONGPASS');
      expect(String(error) + error.stack).not.toContain('wrong-password');
    });
  });
}

async function startOwn(args: readonly string[] = [], password = ''): Promise<{ server: OwnServer; admin: Redis }> {
  const server = await startRedis({ args });
  const admin = new Redis(server.url, { lazyConnect: true, password });
  admin.on('error', () => {}); // some tests end the server
  onTestFinished(() => admin.disconnect());
  return { server, admin };
}

function open(url: string, timeoutMs = 2_000): DedupStore {
  const store = redisDedup({ url, timeoutMs });
  onTestFinished(() => store.close?.());
  return store;
}

/** Who is connected, beside the test. */
async function clientsOf(admin: Redis): Promise<readonly string[]> {
  const own = String(await admin.client('ID'));
  const list = String(await admin.call('CLIENT', 'LIST', 'TYPE', 'normal'));
  return list.split('\n').filter((line) => line !== '' && !line.startsWith(`id=${own} `));
}

async function expectUnavailable(store: DedupStore, reason = ''): Promise<Error> {
  const error: unknown = await Promise.resolve(store.claim('new key', lease)).catch((error: unknown) => error);
  if (!hasErrorCode(error, 'store_unavailable')) throw new Error(`${error}, expected store_unavailable`);
  expect(error.message).toContain(reason);
  return error;
}
