import type { Clock } from '../clock.ts';
import type { DedupStore } from '../dedup/store.ts';
import { isPromise } from '../http.ts';
import type { Logger } from '../logger.ts';

/** What claiming needs. */
export interface ClaimOptions {
  readonly store: DedupStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly leaseMs: number;
  readonly rememberMs: number;
  readonly onStoreError: 'reject' | 'process';
}

/** An event that is ours to handle. */
export interface Lease {
  /** Keeps the lease alive until it is settled. Calls back, once, when the store says that it was lost. */
  renew(onLost: () => void): void;
  /** Settles: the event was handled. */
  complete(): Promise<void>;
  /** Settles: the event was not handled, and its next delivery may come in. */
  release(): Promise<void>;
}

/** The outcome of a claim. */
export type Claimed = Lease | 'in-flight' | 'done';

/**
 * Claims an event.
 *
 * @throws what the store throws, unless `onStoreError` is `process`
 */
export async function claim(key: string, options: ClaimOptions): Promise<Claimed> {
  const { store, leaseMs, logger } = options;
  try {
    const answer = store.claim(key, { leaseMs });
    const result = isPromise(answer) ? await answer : answer;
    return result.state === 'fresh' ? lease(key, result.token, options) : result.state;
  } catch (error) {
    if (options.onStoreError === 'reject') throw error;
    logger.error({ error }, 'The dedup store failed: the event is handled without it and may be handled twice');
    return unclaimed;
  }
}

/** Stands in for a lease when the store is down and events are to be processed all the same. */
const unclaimed: Lease = { renew() {}, async complete() {}, async release() {} };

function lease(key: string, token: string, { store, clock, logger, leaseMs, rememberMs }: ClaimOptions): Lease {
  let settled = false;
  let cancel = () => {};

  /** What fails here cannot undo what a handler did; the store's lease runs out by itself. */
  const guarded = async (what: string, call: () => unknown) => {
    try {
      const answer = call();
      return isPromise(answer) ? await answer : answer;
    } catch (error) {
      logger.error({ error }, `The dedup store could not ${what} an event: it may be handled twice`);
      return undefined;
    }
  };
  const settle = (what: string, call: () => unknown) => {
    settled = true;
    cancel();
    return guarded(what, call);
  };

  return {
    renew(onLost) {
      if (!store.extend) return;
      const tick = async () => {
        const kept = await guarded('renew', () => store.extend?.(key, token, { leaseMs }));
        if (settled) return;
        if (kept === false) onLost();
        else cancel = clock.setTimeout(tick, leaseMs / 3);
      };
      cancel = clock.setTimeout(tick, leaseMs / 3);
    },
    async complete() {
      const kept = await settle('complete', () => store.complete(key, token, { rememberMs }));
      if (kept === false) logger.warn({}, 'An event was handled after its lease had ended: it may be handled twice');
    },
    async release() {
      await settle('release', () => store.release(key, token));
    },
  };
}
