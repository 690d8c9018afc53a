import { redisDedup } from '@chathooks/redis';
import { Redis } from 'ioredis5';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { freePort } from '../services/own-server.ts';
import { type OwnServer, startRedis, useRedis } from '../services/redis.ts';
import { clientKinds, type OwnClient } from './clients.ts';
import { redisConformance } from './conformance.ts';

useRedis().describeOwn('in a Redis Cluster', () => {
  let server: OwnServer;
  const opened: OwnClient[] = [];

  beforeAll(async () => {
    const bus = ['--cluster-port', String(await freePort()), '--cluster-announce-ip', '127.0.0.1'];
    server = await startRedis({ args: ['--cluster-enabled', 'yes', ...bus] });
    const admin = new Redis(server.url);
    await admin.cluster('ADDSLOTSRANGE', 0, 16383);
    await vi.waitFor(async () => expect(await admin.cluster('INFO')).toContain('cluster_state:ok'), 5_000);
    admin.disconnect();
  });
  afterAll(() => {
    for (const { close } of opened) close();
  });

  for (const { name, connectCluster } of clientKinds) {
    let own: OwnClient | undefined;
    redisConformance({
      name: `redisDedup over a cluster client of ${name}`,
      url: () => server.url,
      async create(prefix) {
        if (!own) {
          own = await connectCluster(server.url);
          opened.push(own);
        }
        return redisDedup({ client: own.client, prefix });
      },
    });
  }
});
