import assert from 'node:assert/strict';
import type { DedupStoreSubject, Probe } from './dedup-store-subject.ts';
import type { TestRunner } from './test-runner.ts';

/** Tests of what a dedup store need not be able to do, where it says that it can. */
export function testCapabilities({ it }: TestRunner, subject: DedupStoreSubject, probe: Probe): void {
  const {
    test,
    beside,
    claimFresh,
    expectState,
    extend,
    advance,
    remember,
    briefly,
    halfALease,
    longerThanALease,
    leaseMs,
    lease,
    capabilities,
  } = probe;

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
}
