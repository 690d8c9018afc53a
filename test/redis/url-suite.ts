import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type DedupStore, hasErrorCode } from '@chathooks/core';
import { redisDedup } from '@chathooks/redis';
import { Redis } from 'ioredis5'; // not what `redisDedup` loads, as some tests hide that
import { expect, it, onTestFinished, vi } from 'vitest';
import { type OwnServer, startRedis, useRedis } from '../services/redis.ts';
import { redisConformance } from './conformance.ts';
import { canMakeCertificates, startTlsRedis } from './tls.ts';

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
      const start = performance.now();
      await expectUnavailable(store, 'no answer for 100 ms');
      await expectUnavailable(store); // at the handshake of the next connection
      expect(performance.now() - start).toBeLessThan(2_000);
      server.resume();
      await expect.poll(() => store.claim('key', lease)).toEqual({ state: 'in-flight' });
    });

    it('gives up a server that accepts no connection', async () => {
      const { server } = await startOwn(['--tcp-backlog', '1']);
      server.pause();
      const crowd = Array.from({ length: 8 }, () => connect(server.port, '127.0.0.1').on('error', () => {}));
      onTestFinished(() => {
        for (const socket of crowd) socket.destroy();
      });
      for (const socket of crowd.slice(0, 1)) await once(socket, 'connect');
      const start = performance.now();
      await expectUnavailable(open(server.url, 100));
      expect(performance.now() - start).toBeLessThan(2_000);
    });

    it('takes an answer that came while the process was busy', async () => {
      const { server } = await startOwn();
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      onTestFinished(() => void vi.useRealTimers());
      const store = open(server.url, 1_000);
      await store.claim('key', lease);
      vi.advanceTimersByTime(1_000); // nothing waits for an answer any more
      await setImmediate();
      server.pause();
      const claim = store.claim('key', lease);
      await setImmediate();
      await setImmediate(); // the claim has been sent
      server.resume();
      // Meanwhile, the answer arrives: the server answers in the order of requests.
      const ask = `require('net').connect(${server.port}, '127.0.0.1').on('data', () => process.exit()).write('PING\\r\\n')`;
      execFileSync(process.execPath, ['-e', ask]);
      vi.advanceTimersByTime(1_000);
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

    it.skipIf(!canMakeCertificates)('speaks TLS with whom it trusts', async () => {
      const { url, certificate } = await startTlsRedis();
      await expectUnavailable(open(url), 'self-signed certificate');
      const trusted = getCACertificates('default');
      onTestFinished(() => setDefaultCACertificates(trusted));
      setDefaultCACertificates([...trusted, certificate]);
      expect(await open(url).claim('key', lease)).toMatchObject({ state: 'fresh' });
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
