// Redis for tests:
//
//   const redis = useRedis();                 // once, at the top of the file
//   redis.describe('a store in Redis', () => { … connect(redis.url) … });       // skipped where there is no Redis
//   redis.describeOwn('when Redis goes away', () => {                           // skipped where there is no redis-server
//     it('…', async () => {
//       const server = await startRedis();    // { url, port, stop(), kill(), pause(), resume(), restart() }
//     });
//   });
//
// Many tests use that Redis at once: put a prefix that nobody else has before every key.
import { afterAll, describe, inject } from 'vitest';
import { disposeServers } from './own-server.ts';
import { nowhere } from './provided.ts';

export type { OwnServer } from './own-server.ts';
export { type OwnRedisOptions, startRedis } from './redis-server.ts';

/** The Redis of the whole run. */
export function useRedis() {
  const { url, canStart } = inject('redis');
  return {
    url: url ?? `redis://${nowhere}`,
    /** For tests that need it. */
    describe: describe.skipIf(url === undefined),
    /** For tests that start one of their own. */
    describeOwn: describe.skipIf(!canStart),
  };
}

afterAll(disposeServers);
