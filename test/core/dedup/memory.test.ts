import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Claim, memoryDedup } from '@chathooks/core';
import { createTestClock, dedupStoreConformance } from '@chathooks/testing';
import { describe, expect, it } from 'vitest';

const clock = createTestClock();

dedupStoreConformance(
  { describe, it },
  {
    name: 'memoryDedup',
    create: () => memoryDedup({ clock }),
    elapse: (ms) => clock.advance(ms),
    capabilities: { extend: true, advance: true, shared: false },
  },
);

describe('memoryDedup', () => {
  const lease = { leaseMs: 1000 };
  const remember = { rememberMs: 60_000 };

  const tokenOf = (claim: Claim) => (claim.state === 'fresh' ? claim.token : expect.fail(`the key is ${claim.state}`));
  const handle = async (store: ReturnType<typeof memoryDedup>, key: string) =>
    store.complete(key, tokenOf(await store.claim(key, lease)), remember);

  it('answers without a promise', () => {
    expect(memoryDedup().claim('key', lease)).toEqual({ state: 'fresh', token: expect.any(String) });
  });

  it('reads the time of the machine unless told otherwise', async () => {
    const store = memoryDedup();
    await handle(store, 'key');
    expect(store.claim('key', lease)).toEqual({ state: 'done' });
  });

  it('remembers at least half as many as it may, those handled last, whenever they were claimed', async () => {
    const store = memoryDedup({ maxEntries: 10, clock });
    const token = tokenOf(await store.claim('early', lease));
    for (let index = 0; index < 7; index++) await handle(store, `other ${index}`);
    await store.complete('early', token, remember);
    for (let index = 7; index < 11; index++) await handle(store, `other ${index}`);

    expect(store.claim('early', lease)).toEqual({ state: 'done' });
    expect(store.claim('other 0', lease)).toMatchObject({ state: 'fresh' });
  });

  it('gives room to thousands of events in flight at once, and forgets none of them', async () => {
    const store = memoryDedup({ maxEntries: 100, clock });
    const keys = Array.from({ length: 5_000 }, (_, index) => `key ${index}`);
    const tokens = await Promise.all(keys.map(async (key) => tokenOf(await store.claim(key, lease))));
    for (const key of keys) expect(store.claim(key, lease)).toEqual({ state: 'in-flight' });
    const completed = keys.map((key, index) => store.complete(key, tokens[index] ?? '', remember));
    expect(completed.every(Boolean)).toBe(true);
  });

  it('forgets nothing that was handled because thousands are in flight', async () => {
    const store = memoryDedup({ clock });
    await handle(store, 'handled');
    for (let index = 0; index < 5_000; index++) await store.claim(`in flight ${index}`, lease);

    expect(store.claim('handled', lease)).toEqual({ state: 'done' });
  });

  it('forgets the events that were handled first once it is full', async () => {
    const store = memoryDedup({ maxEntries: 2, clock });
    for (const key of ['a', 'b', 'c']) await handle(store, key);

    expect(store.claim('c', lease)).toEqual({ state: 'done' });
    expect(store.claim('b', lease)).toEqual({ state: 'done' });
    expect(store.claim('a', lease)).toMatchObject({ state: 'fresh' });
  });

  it('never forgets an event in flight, however many others come', async () => {
    const store = memoryDedup({ maxEntries: 2, clock });
    await store.claim('long', lease);
    for (let index = 0; index < 10; index++) await handle(store, `short ${index}`);

    expect(store.claim('long', lease)).toEqual({ state: 'in-flight' });
  });

  it('forgets ranks of the messages heard of first once it is full', async () => {
    const store = memoryDedup({ maxEntries: 2, clock });
    for (const key of ['a', 'b', 'c']) await store.advance?.(key, 3, remember);

    expect(store.advance?.('c', 1, remember)).toBe(false);
    expect(store.advance?.('a', 1, remember)).toBe(true);
  });

  it('stays within its bounds over 100,000 different events, abandoned ones included', async () => {
    const store = memoryDedup({ maxEntries: 100, clock });
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc');
    const heap = () => {
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const payload = 'x'.repeat(200);
    const before = heap();
    for (let index = 0; index < 100_000; index++) {
      const token = tokenOf(await store.claim(`${payload}${index}`, { leaseMs: 1 }));
      // Every other handler outlives its lease, so that its complete is refused.
      if (index % 2 === 0) await clock.advance(2);
      await store.complete(`${payload}${index}`, token, remember);
    }
    expect(heap() - before).toBeLessThan(10_000_000);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses room for %s entries', (maxEntries) => {
    expect(() => memoryDedup({ maxEntries })).toThrow(expect.objectContaining({ code: 'invalid_option' }));
  });
});
