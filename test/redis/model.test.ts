import { randomUUID } from 'node:crypto';
import { type DedupStore, memoryDedup } from '@chathooks/core';
import { redisDedup } from '@chathooks/redis';
import { createTestClock } from '@chathooks/testing';
import fc from 'fast-check';
import { Redis } from 'ioredis5';
import { expect, it, onTestFinished } from 'vitest';
import { useRedis } from '../services/redis.ts';
import { clientKinds } from './clients.ts';
import { passTime } from './pass-time.ts';

const redis = useRedis();
const hour = 3_600_000;

// Time passes in steps of 2 hours, and everything lasts for an odd number of them: so nothing ends in the very moment in
// which it is asked for, and the seconds that the test really takes change no answer.
const key = fc.constantFrom('a', 'b');
const ms = fc.constantFrom(hour, 3 * hour, 5 * hour);
/** Which of the tokens that were given out, counted from the last. */
const age = fc.nat({ max: 3 });
const operation = fc.oneof(
  fc.record({ name: fc.constant('claim' as const), key, ms }),
  fc.record({ name: fc.constantFrom('extend' as const, 'complete' as const, 'release' as const), key, age, ms }),
  fc.record({ name: fc.constant('advance' as const), key, rank: fc.integer({ min: 0, max: 3 }), ms }),
  fc.record({ name: fc.constant('pass' as const), ms: fc.constantFrom(2 * hour, 4 * hour) }),
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

redis.describe('redisDedup', () => {
  it('answers as the memory store does, whatever is asked in whatever order', { timeout: 60_000 }, async () => {
    const admin = new Redis(redis.url);
    const clients = await Promise.all(clientKinds.map(({ connect }) => connect(redis.url)));
    onTestFinished(() => {
      for (const { close } of clients) close();
      admin.disconnect();
    });
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 40 }), async (operations) => {
        const prefix = `model-${randomUUID()}:`;
        const stores = clients.map(({ client }) => redisDedup({ client, prefix }));
        const clock = createTestClock();
        const model = createSubject([memoryDedup({ clock })], async (time) => clock.advance(time));
        const real = createSubject(stores, (time) => passTime(admin, prefix, time));
        for (const each of operations) expect(await real(each)).toEqual(await model(each));
        await passTime(admin, prefix, 100 * hour);
      }),
      { numRuns: 100 },
    );
  });
});

/** Does operations, one after the other, with one of several stores after the other. */
function createSubject(stores: readonly DedupStore[], pass: (ms: number) => Promise<unknown>) {
  const tokens: string[] = [];
  let turn = 0;
  return async (operation: Operation): Promise<unknown> => {
    const store = stores[turn++ % stores.length];
    if (!store) throw new Error('There is no store');
    if (operation.name === 'pass') return void (await pass(operation.ms));
    const { key, ms } = operation;
    if (operation.name === 'advance') return store.advance?.(key, operation.rank, { rememberMs: ms });
    if (operation.name === 'claim') {
      const claim = await store.claim(key, { leaseMs: ms });
      if (claim.state === 'fresh') tokens.push(claim.token);
      return claim.state;
    }
    const token = tokens.at(-1 - operation.age) ?? 'made-up';
    if (operation.name === 'extend') return store.extend?.(key, token, { leaseMs: ms });
    if (operation.name === 'complete') return store.complete(key, token, { rememberMs: ms });
    return store.release(key, token);
  };
}
