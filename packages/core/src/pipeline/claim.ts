import { type Awaitable, attempt, isPromise } from '../awaitable.ts';
import type { Claim, DedupStore } from '../dedup/store.ts';
import { eventRef } from '../events/ref.ts';
import type { Logger } from '../logger.ts';

/** What claiming needs. */
export interface ClaimOptions {
  readonly store: DedupStore;
  readonly logger: Logger;
  readonly leaseMs: number;
  readonly rememberMs: number;
  readonly onStoreError: 'reject' | 'process';
}

/** The store failed and the event is processed all the same. There is no token, and nothing to settle. */
export interface Unclaimed {
  readonly state: 'unclaimed';
}

/** Claims events and settles them. Only `claim` and `advance` throw: what fails later cannot undo what a handler did. */
export interface Claims {
  /** @throws what the store throws, unless `onStoreError` is `process` */
  claim(key: string): Awaitable<Claim | Unclaimed>;
  /** @returns `false` when the lease was lost; `undefined` when the store cannot tell */
  renew(key: string, token: string): Awaitable<boolean | undefined>;
  /** The event was handled. */
  complete(key: string, token: string): Awaitable<void>;
  /** The event was not handled: its next delivery may come in. */
  release(key: string, token: string): Awaitable<void>;
  /**
   * @returns whether no higher rank was seen before
   * @throws as `claim` does
   */
  advance(key: string, rank: number): Awaitable<boolean>;
}

const unclaimed: Unclaimed = { state: 'unclaimed' };

/** Makes {@link Claims} over a store. */
export function createClaims(options: ClaimOptions): Claims {
  const { store, logger, onStoreError } = options;
  const leaseFor = { leaseMs: options.leaseMs };
  const remember = { rememberMs: options.rememberMs };

  return {
    claim:
      onStoreError === 'reject'
        ? (key) => store.claim(key, leaseFor)
        : (key) => tolerate<Claim | Unclaimed>(key, () => store.claim(key, leaseFor), unclaimed),
    renew: (key, token) => guard('renew', key, () => store.extend?.(key, token, leaseFor)),
    complete(key, token) {
      const completing = guard('complete', key, () => store.complete(key, token, remember));
      return isPromise(completing) ? completing.then((kept) => warnIfLost(key, kept)) : warnIfLost(key, completing);
    },
    release: (key, token) => guard('release', key, () => store.release(key, token)),
    advance: (key, rank) =>
      onStoreError === 'reject'
        ? (store.advance?.(key, rank, remember) ?? true)
        : tolerate(undefined, () => store.advance?.(key, rank, remember) ?? true, true),
  };

  function tolerate<T>(eventId: string | undefined, call: () => Awaitable<T>, instead: T): Awaitable<T> {
    return attempt(call, (error) => {
      logger.error(
        { ...(eventId !== undefined && { eventRef: eventRef(eventId) }), error },
        'The dedup store failed: an event is handled without it and may be handled twice',
      );
      return instead;
    });
  }

  function guard<T>(what: string, key: string, call: () => Awaitable<T>): Awaitable<T | undefined> {
    return attempt(call, (error) => {
      logger.error(
        { eventRef: eventRef(key), error },
        `The dedup store could not ${what} an event, whose lease now runs out: it may be handled twice`,
      );
      return undefined;
    });
  }

  function warnIfLost(key: string, kept: boolean | undefined): void {
    if (kept !== false) return;
    logger.warn({ eventRef: eventRef(key) }, 'An event was handled after its lease had ended: it may be handled twice');
  }
}
