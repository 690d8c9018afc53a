import { redisDedup } from '@chathooks/redis';
import { afterAll } from 'vitest';
import { useRedis } from '../services/redis.ts';
import { clientKinds, type OwnClient } from './clients.ts';
import { redisConformance } from './conformance.ts';

const redis = useRedis();

redis.describe('in Redis', () => {
  const opened: OwnClient[] = [];
  afterAll(() => {
    for (const { close } of opened) close();
  });

  for (const { name, connect, unreachable } of clientKinds) {
    let own: OwnClient | undefined;
    redisConformance({
      name: `redisDedup over a client of ${name}`,
      url: () => redis.url,
      async create(prefix) {
        if (!own) {
          own = await connect(redis.url);
          opened.push(own);
        }
        return redisDedup({ client: own.client, prefix });
      },
      createUnreachable() {
        const lost = unreachable();
        opened.push(lost);
        return redisDedup({ client: lost.client });
      },
    });
  }
});
