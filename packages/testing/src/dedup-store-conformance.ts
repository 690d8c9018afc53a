import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Awaitable, DedupStore } from '@chathooks/core';

/** The two functions of a test runner that a suite needs: those of `node:test`, vitest or jest. */
export interface TestRunner {
  describe(name: string, define: () => void): unknown;
  it(name: string, test: () => Promise<void>): unknown;
}

/** What a dedup store can do beside what every one must. Says plainly what is missing. */
export interface DedupStoreCapabilities {
  /** Leases can be extended. */
  readonly extend: boolean;
  /** Ranks of statuses are remembered. */
  readonly advance: boolean;
  /** Two instances with the same prefix work on the same data, and with different ones on different data. */
  readonly shared: boolean;
}

/** The dedup store under test. */
export interface DedupStoreSubject {
  /** Names the suite in the report. */
  readonly name: string;
  /**
   * Makes a store. The suite closes it.
   *
   * @param options.prefix - what the store puts before its keys; to be ignored by stores whose instances share nothing
   */
  create(options: { readonly prefix: string }): Awaitable<DedupStore>;
  /** Lets time pass for the stores: moves a test clock, or waits. */
  elapse(ms: number): Awaitable<void>;
  readonly capabilities: DedupStoreCapabilities;
  /**
   * Makes a store that cannot reach its storage. The suite closes it.
   *
   * @defaultValue none, for a store that needs no connection
   */
  createUnreachable?(): Awaitable<DedupStore>;
  /**
   * The lease in the tests. Where `elapse` really waits: short, but several times as long as a few calls of the store
   * may take on a busy machine.
   *
   * @defaultValue 300
   */
  readonly leaseMs?: number;
}

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
export function dedupStoreConformance({ describe, it }: TestRunner, subject: DedupStoreSubject): void {
  const { capabilities, leaseMs = 300 } = subject;
  const lease = { leaseMs };
  const remember = { rememberMs: 60_000 };
  const briefly = { rememberMs: leaseMs };
  const halfALease = leaseMs / 2;
  const longerThanALease = leaseMs * 1.5;

  const test = (name: string, run: (store: DedupStore, key: string, prefix: string) => Promise<void>) =>
    it(name, async () => {
      const prefix = `conformance-${randomUUID()}:`;
      const store = await subject.create({ prefix });
      try {
        await run(store, `event-${randomUUID()}`, prefix);
      } finally {
        await store.close?.();
      }
    });

  const beside = async (prefix: string, run: (other: DedupStore) => Promise<void>) => {
    const other = await subject.create({ prefix });
    try {
      await run(other);
    } finally {
      await other.close?.();
    }
  };

  const claimFresh = async (store: DedupStore, key: string) => {
    const claim = await store.claim(key, lease);
    assert.equal(claim.state, 'fresh');
    return claim.token;
  };

  const expectState = async (store: DedupStore, key: string, state: 'in-flight' | 'done') =>
    assert.deepEqual(await store.claim(key, lease), { state });

  const extend = (store: DedupStore, key: string, token: string) => store.extend?.(key, token, lease);
  const advance = (store: DedupStore, key: string, rank: number, options = remember) =>
    store.advance?.(key, rank, options);

  describe(`${subject.name} keeps the contract of a dedup store`, () => {
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

    if (capabilities.extend) {
      test('an extended lease counts from the moment of the extension', async (store, key) => {
        const token = await claimFresh(store, key);
        await subject.elapse(halfALease);
        assert.equal(await extend(store, key, token), true);
        await subject.elapse(leaseMs * 0.75);
        await expectState(store, key, 'in-flight');
        await subject.elapse(halfALease);
        await claimFresh(store, key);
      });

      test('a stale token extends nothing', async (store, key) => {
        const stale = await claimFresh(store, key);
        await subject.elapse(longerThanALease);
        assert.equal(await extend(store, key, stale), false, 'its lease has ended');
        const token = await claimFresh(store, key);
        assert.equal(await extend(store, key, stale), false, 'somebody else has the key');
        await store.complete(key, token, remember);
        assert.equal(await extend(store, key, token), false, 'the key is done');
        await expectState(store, key, 'done');
      });
    }

    if (capabilities.advance) {
      test('ranks advance, stay, and never fall', async (store, key) => {
        assert.equal(await advance(store, key, 2), true, 'the first rank is the highest so far');
        assert.equal(await advance(store, key, 1), false, 'a lower rank is not');
        assert.equal(await advance(store, key, 2), true, 'an equal rank is');
        assert.equal(await advance(store, key, 3), true, 'a higher rank is');
        assert.equal(await advance(store, key, 2), false, 'what was the highest before is not any more');
        assert.equal(await advance(store, `${key}2`, 0), true, 'another key has a rank of its own');
      });

      test('of 20 advances at once the highest rank wins', async (store, key) => {
        const results = await Promise.all(Array.from({ length: 20 }, (_, rank) => advance(store, key, rank)));
        assert.equal(results[19], true);
        assert.equal(await advance(store, key, 18), false);
      });

      test('a rank is forgotten after rememberMs', async (store, key) => {
        await advance(store, key, 3, briefly);
        await subject.elapse(longerThanALease);
        assert.equal(await advance(store, key, 1), true);
      });

      test('ranks and claims of one key are independent', async (store, key) => {
        await advance(store, key, 3);
        const token = await claimFresh(store, key);
        assert.equal(await advance(store, key, 1), false);
        assert.equal(await store.complete(key, token, remember), true);
        assert.equal(await advance(store, key, 3), true);
        await expectState(store, key, 'done');
      });
    }

    if (capabilities.shared) {
      test('two instances on one backend see the same keys', (store, key, prefix) =>
        beside(prefix, async (other) => {
          const claims = await Promise.all(
            [store, other].flatMap((one) => Array.from({ length: 10 }, () => one.claim(key, lease))),
          );
          const fresh = claims.filter((claim) => claim.state === 'fresh');
          assert.equal(fresh.length, 1);
          const [first] = fresh;
          assert.ok(first);
          assert.equal(await other.complete(key, first.token, remember), true);
          await expectState(store, key, 'done');
        }));

      test('instances with different prefixes do not meet', (store, key, prefix) =>
        beside(`${prefix}other:`, async (other) => {
          const token = await claimFresh(store, key);
          await claimFresh(other, key);
          await store.complete(key, token, remember);
          await expectState(other, key, 'in-flight');
          if (!capabilities.advance) return;
          await advance(store, key, 3);
          assert.equal(await advance(other, key, 1), true);
        }));

      test('closing one instance leaves the other working', async (store, key, prefix) => {
        await beside(prefix, async (other) => {
          await claimFresh(other, key);
        });
        await expectState(store, key, 'in-flight');
      });
    }

    if (subject.createUnreachable) {
      const createUnreachable = subject.createUnreachable;
      it('a store without a connection throws, and never says that a key is free', async () => {
        const store = await createUnreachable();
        try {
          await assert.rejects(async () => store.claim('key', lease));
          await assert.rejects(async () => store.complete('key', 'token', remember));
          await assert.rejects(async () => store.release('key', 'token'));
          if (capabilities.extend) await assert.rejects(async () => extend(store, 'key', 'token'));
          if (capabilities.advance) await assert.rejects(async () => advance(store, 'key', 1));
        } finally {
          await store.close?.();
        }
      });
    }
  });
}
