export type { IoredisLike, NodeRedisLike, RedisClientLike } from './clients.ts';
export {
  type RedisDedupClientOptions,
  type RedisDedupOptions,
  type RedisDedupUrlOptions,
  redisDedup,
} from './redis-dedup.ts';
