import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Awaitable, DedupStore } from '@chathooks/core';
import type { TestRunner } from './test-runner.ts';

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

/** What the tests of a dedup store are written in. */
export function createProbe({ it }: TestRunner, subject: DedupStoreSubject) {
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

  return {
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
  };
}

/** {@inheritDoc createProbe} */
export type Probe = ReturnType<typeof createProbe>;
