import type { IoredisLike, NodeRedisLike } from '@chathooks/redis';
import { redisDedup } from '@chathooks/redis';
import type { Cluster, Redis } from 'ioredis';
import type { Cluster as Cluster5, Redis as Redis5 } from 'ioredis5';
import { createClient, type createClientPool, type createCluster, type createSentinel } from 'redis';
import type { createClient as createClient5, createCluster as createCluster5 } from 'redis5';
import { expectTypeOf, it } from 'vitest';

it('clients of ioredis, old and new, are clients', () => {
  expectTypeOf<Redis>().toExtend<IoredisLike>();
  expectTypeOf<Cluster>().toExtend<IoredisLike>();
  expectTypeOf<Redis5>().toExtend<IoredisLike>();
  expectTypeOf<Cluster5>().toExtend<IoredisLike>();
});

it('clients of node-redis, old and new, are clients', () => {
  expectTypeOf<ReturnType<typeof createClient>>().toExtend<NodeRedisLike>();
  expectTypeOf<ReturnType<typeof createCluster>>().toExtend<NodeRedisLike>();
  expectTypeOf<ReturnType<typeof createClientPool>>().toExtend<NodeRedisLike>();
  expectTypeOf<ReturnType<typeof createSentinel>>().toExtend<NodeRedisLike>();
  expectTypeOf<ReturnType<typeof createClient5>>().toExtend<NodeRedisLike>();
  expectTypeOf<ReturnType<typeof createCluster5>>().toExtend<NodeRedisLike>();
});

it('no client of one library passes for one of the other', () => {
  expectTypeOf<Redis>().not.toExtend<NodeRedisLike>();
  expectTypeOf<Redis5>().not.toExtend<NodeRedisLike>();
  expectTypeOf<ReturnType<typeof createClient>>().not.toExtend<IoredisLike>();
  expectTypeOf<ReturnType<typeof createClient5>>().not.toExtend<IoredisLike>();
});

it('a client with types of its own is one too', () => {
  redisDedup({ client: createClient({ RESP: 3 }) });
  redisDedup({ client: createClient({ url: 'redis://localhost', database: 1 }) });
});

it('there is a client or a url, not both, and nothing else', () => {
  // @ts-expect-error one of them is needed
  redisDedup({});
  // @ts-expect-error which of them would be used?
  redisDedup({ client: createClient(), url: 'redis://localhost' });
  // @ts-expect-error a connection is not a client
  redisDedup({ client: { host: 'localhost' } });
  // @ts-expect-error only what this package opens has its timeout
  redisDedup({ client: createClient(), timeoutMs: 1 });
});
