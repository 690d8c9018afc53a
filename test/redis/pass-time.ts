import type { Redis } from 'ioredis5';

/**
 * Lets time pass for some keys of a Redis: each gets so much less to live, and those that have no more are deleted. So
 * nothing waits, and with leases of many seconds it does not matter how busy the machine is.
 */
export async function passTime(redis: Redis, prefix: string, ms: number): Promise<void> {
  for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1_000 })) {
    for (const key of keys) {
      const left = await redis.pttl(key);
      if (left === -1) throw new Error('A key never expires, expected all to');
      if (left > ms) await redis.pexpire(key, left - ms);
      else await redis.del(key);
    }
  }
}
