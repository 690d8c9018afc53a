import { fork } from 'node:child_process';
import { once } from 'node:events';
import { bullmqInbox } from '@chathooks/bullmq';
import type { Inbox } from '@chathooks/core';
import { Cluster, Redis } from 'ioredis';
import { createClient } from 'redis';
import { describe, expect, it, vi } from 'vitest';
import { freePort } from '../services/own-server.ts';
import { startRedis, useRedis } from '../services/redis.ts';
import { done, entryOf, eventually, failed, listFailed, pathOf, useInboxes, usePrefixes } from './harness.ts';

const redis = useRedis();

redis.describe('the connection', () => {
  const prefixOf = usePrefixes(redis.url);
  const inboxes = useInboxes(redis.url);

  /** Puts, handles, sets aside and brings back. */
  async function exercise(inbox: Inbox): Promise<void> {
    const tried: string[] = [];
    await inbox.put([entryOf('one', 'a'), entryOf('two', 'a')]);
    await inbox.start(async ({ event }, { attempt }) => {
      tried.push(event.id);
      return event.id === 'one' && tried.length < 3 ? failed('no', attempt === 2) : done;
    });
    await eventually(async () => (await inbox.counts()).failed === 1);
    await eventually(() => tried.length === 3);
    expect(await inbox.failed.retry('one')).toBe(true);
    await eventually(() => tried.length === 4);
    await eventually(async () => (await inbox.counts()).pending === 0);
    expect(await listFailed(inbox)).toEqual([]);
    expect(tried).toEqual(['one', 'one', 'two', 'one']);
    await inbox.stop();
    await inbox.close?.();
    inboxes.forget(inbox);
  }

  it('may be a client of ioredis, with its own settings, that stays open', async () => {
    const client = new Redis(redis.url);
    await exercise(inboxes.open({ prefix: prefixOf(), connection: client }));
    expect(await client.ping()).toBe('PONG');
    client.disconnect();
  });

  it('may be options as other queues of the app have them', async () => {
    const { hostname, port } = new URL(redis.url);
    const connection = { host: hostname, port: Number(port || 6379), maxRetriesPerRequest: null };
    await exercise(inboxes.open({ prefix: prefixOf(), connection }));
  });

  it('may be a client of node-redis that stays open', async () => {
    const client = createClient({ url: redis.url });
    client.on('error', () => {});
    await client.connect();
    await exercise(inboxes.open({ prefix: prefixOf(), connection: client }));
    expect(await client.ping()).toBe('PONG');
    await client.close();
  });

  it('of a process that only puts blocks nothing in Redis, and ends with close', async () => {
    const admin = new Redis(redis.url);
    const name = 'chathooks-test-puts-only';
    const { hostname: host, port } = new URL(redis.url);
    const inbox = inboxes.open({
      prefix: prefixOf(),
      connection: { host, port: Number(port || 6379), connectionName: name },
    });
    const clients = async () => {
      const list = String(await admin.client('LIST'));
      return list.split('\n').filter((line) => line.includes(` name=${name} `));
    };
    expect(await clients()).toHaveLength(0);
    await inbox.put([entryOf('one')]);
    await inbox.counts();
    expect(await clients()).toHaveLength(1);
    await inbox.close?.();
    inboxes.forget(inbox);
    await eventually(async () => (await clients()).length === 0);
    admin.disconnect();
  });

  it('by url needs ioredis, and says so', async () => {
    const child = fork(pathOf('without-ioredis.ts'), [redis.url], {
      execArgv: ['--import', pathOf('../examples/resolve-sources.mjs')],
    });
    const told: unknown[] = [];
    child.on('message', (message) => told.push(message));
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(told).toEqual([expect.stringMatching(/^ChathooksError: ioredis is not installed.*\(missing_dependency\)$/)]);
  });

  redis.describeOwn('to a Redis Cluster', () => {
    it('keeps all keys in one slot', async () => {
      const bus = ['--cluster-port', String(await freePort()), '--cluster-announce-ip', '127.0.0.1'];
      const server = await startRedis({ args: ['--cluster-enabled', 'yes', ...bus] });
      const admin = new Redis(server.url);
      await admin.cluster('ADDSLOTSRANGE', 0, 16383);
      await vi.waitFor(async () => expect(await admin.cluster('INFO')).toContain('cluster_state:ok'), 5_000);
      const cluster = new Cluster([{ host: '127.0.0.1', port: server.port }]);
      await exercise(inboxes.open({ prefix: '{chathooks}', connection: cluster }));
      expect(await cluster.ping()).toBe('PONG');
      cluster.disconnect();
      admin.disconnect();
    });
  });
});

describe('the options', () => {
  const url = 'redis://127.0.0.1';
  const refused: readonly (readonly [string, object])[] = [
    ['Neither of url and connection was given', {}],
    ['Neither of url and connection was given', { url: undefined }],
    ['Both of url and connection was given', { url, connection: {} }],
    ['url does not begin with redis:// or rediss://', { url: 'http://user:secret@127.0.0.1' }],
    ['url does not begin with redis:// or rediss://', { url: '' }],
    ['name is "a:b", expected no colon', { url, name: 'a:b' }],
    ['name is empty', { url, name: '' }],
    ['prefix is empty', { url, prefix: '' }],
    ['leaseMs is 0, expected a whole number above 0', { url, leaseMs: 0 }],
    ['attempts is 1.5, expected a whole number above 0', { url, attempts: 1.5 }],
    ['lease is no option, expected one of url, connection', { url, lease: 1_000 }],
  ];

  it.each(refused)('are refused: %s', (message, options) => {
    expect(() => bullmqInbox(options)).toThrow(message);
    expect(() => bullmqInbox(options)).toThrow(/\((invalid|unknown)_option\)$/);
    expect(() => bullmqInbox(options)).not.toThrow('secret');
  });

  it('open no connection by themselves', async () => {
    const warn = vi.fn();
    const inbox = bullmqInbox({ url: 'redis://127.0.0.1:1', logger: { warn } });
    await inbox.stop();
    await inbox.close?.();
    expect(warn).not.toHaveBeenCalled();
  });

  it('log errors that concern no call on the console, unless told otherwise', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const inbox = bullmqInbox({ url: 'redis://127.0.0.1:1' });
    await expect(inbox.counts()).rejects.toThrow('Redis cannot be reached: connect ECONNREFUSED 127.0.0.1:1');
    await eventually(() => warn.mock.calls.length > 0);
    expect(warn.mock.calls).toEqual([
      [
        '[chathooks] The inbox on BullMQ met an error that concerns no call',
        { error: expect.objectContaining({ message: 'connect ECONNREFUSED 127.0.0.1:1' }) },
      ],
    ]);
    warn.mockRestore();
    await inbox.close?.();
  });
});
