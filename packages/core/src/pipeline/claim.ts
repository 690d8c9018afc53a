import { type Awaitable, attempt, isPromise } from '../awaitable.ts';
import type { Clock } from '../clock.ts';
import type { Claim, DedupStore } from '../dedup/store.ts';
import { eventRef } from '../events/ref.ts';
import type { Logger } from '../logger.ts';
import { createTimeLimit } from './time-limit.ts';

/** What claiming needs. */
export interface ClaimOptions {
  readonly store: DedupStore;
  readonly logger: Logger;
  readonly clock: Pick<Clock, 'setTimeout'>;
  readonly storeTimeoutMs: number;
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
  const inTime = createTimeLimit(options.clock, options.storeTimeoutMs);
  // A claim that is granted when nobody waits for it any more would hold up the next delivery until its lease ends.
  const claim = (key: string) =>
    inTime(store.claim(key, leaseFor), (late) => {
      if (late.state === 'fresh') void release(key, late.token);
    });
  const advance = (key: string, rank: number) => inTime(store.advance?.(key, rank, remember) ?? true);
  const release = (key: string, token: string) => guard('release', key, () => inTime(store.release(key, token)));

  return {
    claim: onStoreError === 'reject' ? claim : (key) => tolerate<Claim | Unclaimed>(key, () => claim(key), unclaimed),
    renew: (key, token) => guard('renew', key, () => inTime(store.extend?.(key, token, leaseFor))),
    complete(key, token) {
      const completing = guard('complete', key, () => inTime(store.complete(key, token, remember)));
      return isPromise(completing) ? completing.then((kept) => warnIfLost(key, kept)) : warnIfLost(key, completing);
    },
    release,
    advance: onStoreError === 'reject' ? advance : (key, rank) => tolerate(undefined, () => advance(key, rank), true),
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
