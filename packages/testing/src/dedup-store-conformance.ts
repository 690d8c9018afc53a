import assert from 'node:assert/strict';
import { testCapabilities } from './dedup-store-capabilities.ts';
import { createProbe, type DedupStoreSubject } from './dedup-store-subject.ts';
import type { TestRunner } from './test-runner.ts';

/**
 * Checks that a dedup store keeps its contract, {@link DedupStore}. Each test has a fresh store and random keys.
 *
 * @example
 * ```ts
 * import { describe, it } from 'vitest';
 *
 * const clock = createTestClock();
 * dedupStoreConformance({ describe, it }, {
 *   name: 'memoryDedup',
 *   create: () => memoryDedup({ clock }),
 *   elapse: (ms) => clock.advance(ms),
 *   capabilities: { extend: true, advance: true, shared: false },
 * });
 * ```
 */
export function dedupStoreConformance(runner: TestRunner, subject: DedupStoreSubject): void {
  const probe = createProbe(runner, subject);
  const { test, claimFresh, expectState, remember, briefly, longerThanALease, lease, capabilities } = probe;

  runner.describe(`${subject.name} keeps the contract of a dedup store`, () => {
    test('a key is fresh, then in flight, then done', async (store, key) => {
      const token = await claimFresh(store, key);
      await expectState(store, key, 'in-flight');
      assert.equal(await store.complete(key, token, remember), true);
      await expectState(store, key, 'done');
      await expectState(store, key, 'done');
    });

    test('of 20 claims at once exactly one is fresh', async (store, key) => {
      const claims = await Promise.all(Array.from({ length: 20 }, () => store.claim(key, lease)));
      assert.deepEqual(claims.map(({ state }) => state).sort(), ['fresh', ...Array(19).fill('in-flight')]);
    });

    test('keys know nothing of each other', async (store, key) => {
      const token = await claimFresh(store, key);
      await claimFresh(store, `${key}2`);
      assert.equal(await store.complete(`${key}2`, token, remember), false);
      await expectState(store, key, 'in-flight');
    });

    test('a released key is fresh again, with another token', async (store, key) => {
      const token = await claimFresh(store, key);
      await store.release(key, token);
      assert.notEqual(await claimFresh(store, key), token);
    });

    test('a lease that ends opens the key, with another token', async (store, key) => {
      const token = await claimFresh(store, key);
      await subject.elapse(longerThanALease);
      assert.notEqual(await claimFresh(store, key), token);
    });

    test('a stale token completes nothing', async (store, key) => {
      const stale = await claimFresh(store, key);
      await subject.elapse(longerThanALease);
      const token = await claimFresh(store, key);
      assert.equal(await store.complete(key, stale, remember), false);
      await expectState(store, key, 'in-flight');
      assert.equal(await store.complete(key, token, remember), true);
    });

    test('a stale token releases nothing', async (store, key) => {
      const stale = await claimFresh(store, key);
      await subject.elapse(longerThanALease);
      await claimFresh(store, key);
      await store.release(key, stale);
      await expectState(store, key, 'in-flight');
    });

    test('a token whose lease has ended completes nothing, even if nobody else has claimed the key', async (store, key) => {
      const token = await claimFresh(store, key);
      await subject.elapse(longerThanALease);
      assert.equal(await store.complete(key, token, remember), false);
      await claimFresh(store, key);
    });

    test('a made-up token changes nothing', async (store, key) => {
      assert.equal(await store.complete(key, 'made-up', remember), false);
      await claimFresh(store, key);
      assert.equal(await store.complete(key, 'made-up', remember), false);
      await store.release(key, 'made-up');
      await expectState(store, key, 'in-flight');
    });

    test('what is done stays done: its token has no more say', async (store, key) => {
      const token = await claimFresh(store, key);
      await store.complete(key, token, remember);
      assert.equal(await store.complete(key, token, remember), false);
      await store.release(key, token);
      await expectState(store, key, 'done');
    });

    test('a done key is remembered longer than a lease', async (store, key) => {
      await store.complete(key, await claimFresh(store, key), remember);
      await subject.elapse(longerThanALease);
      await expectState(store, key, 'done');
    });

    test('a done key is forgotten after rememberMs and can be claimed without being read before', async (store, key) => {
      await store.complete(key, await claimFresh(store, key), briefly);
      await subject.elapse(longerThanALease);
      await claimFresh(store, key);
    });

    test('keys of any length and with any characters are told apart', async (store, key) => {
      const long = 'x'.repeat(2000);
      const odd = [
        ' ',
        ':',
        '*',
        '%',
        '{}',
        '\\',
        "'",
        '"',
        '\n',
        '\u0000',
        'é',
        'e\u0301',
        '👋🏽',
        'A',
        'a',
        `${long}1`,
        `${long}2`,
      ];
      for (const text of odd) await store.complete(key + text, await claimFresh(store, key + text), remember);
      for (const text of odd) await expectState(store, key + text, 'done');
    });

    test('closing twice does no harm', async (store) => {
      await store.close?.();
      await store.close?.();
    });

    test('has the optional methods that it says it has', async (store) => {
      assert.equal(typeof store.extend === 'function', capabilities.extend, 'extend');
      assert.equal(typeof store.advance === 'function', capabilities.advance, 'advance');
    });

    testCapabilities(runner, subject, probe);
  });
}
