import { type Awaitable, attempt, isPromise } from '../awaitable.ts';
import type { Clock } from '../clock.ts';
import type { Claim, DedupStore } from '../dedup/store.ts';
import { eventRef } from '../events/ref.ts';
import type { Logger } from '../logger.ts';
import type { Work } from './dispatch.ts';
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
  claim(work: Keyed): Awaitable<Claim | Unclaimed>;
  /** @returns `false` when the lease was lost; `undefined` when the store cannot tell */
  renew(work: Keyed, token: string): Awaitable<boolean | undefined>;
  /** The event was handled. */
  complete(work: Keyed, token: string): Awaitable<void>;
  /** The event was not handled: its next delivery may come in. */
  release(work: Keyed, token: string): Awaitable<void>;
  /**
   * @returns whether no higher rank was seen before
   * @throws as `claim` does
   */
  advance(key: string, rank: number): Awaitable<boolean>;
}

/** An event, and what it is claimed by. */
export type Keyed = Pick<Work, 'key' | 'event'>;

const unclaimed: Unclaimed = { state: 'unclaimed' };

/** Makes {@link Claims} over a store. */
export function createClaims(options: ClaimOptions): Claims {
  const { store, logger, onStoreError } = options;
  const leaseFor = { leaseMs: options.leaseMs };
  const remember = { rememberMs: options.rememberMs };
  const inTime = createTimeLimit(options.clock, options.storeTimeoutMs);
  const claim = (work: Keyed) => {
    const claiming = store.claim(work.key, leaseFor);
    // A claim that is granted when nobody waits for it any more would hold up the next delivery until its lease ends.
    const late = (granted: Claim) => granted.state === 'fresh' && void release(work, granted.token);
    return isPromise(claiming) ? inTime(claiming, late) : claiming;
  };
  const advance = (key: string, rank: number) => inTime(store.advance?.(key, rank, remember) ?? true);
  const release = (work: Keyed, token: string) => guard('release', work, () => inTime(store.release(work.key, token)));

  return {
    claim:
      onStoreError === 'reject' ? claim : (work) => tolerate<Claim | Unclaimed>(work, () => claim(work), unclaimed),
    renew: (work, token) => guard('renew', work, () => inTime(store.extend?.(work.key, token, leaseFor))),
    complete(work, token) {
      const completing = guard('complete', work, () => inTime(store.complete(work.key, token, remember)));
      return isPromise(completing) ? completing.then((kept) => warnIfLost(work, kept)) : warnIfLost(work, completing);
    },
    release,
    advance: onStoreError === 'reject' ? advance : (key, rank) => tolerate(undefined, () => advance(key, rank), true),
  };

  function tolerate<T>(work: Keyed | undefined, call: () => Awaitable<T>, instead: T): Awaitable<T> {
    return attempt(call, (error) => {
      logger.error(
        { ...(work && { eventRef: eventRef(work.event.id) }), error },
        'The dedup store failed: an event is handled without it and may be handled twice',
      );
      return instead;
    });
  }

  function guard<T>(what: string, { event }: Keyed, call: () => Awaitable<T>): Awaitable<T | undefined> {
    return attempt(call, (error) => {
      logger.error(
        { eventRef: eventRef(event.id), error },
        `The dedup store could not ${what} an event, whose lease now runs out: it may be handled twice`,
      );
      return undefined;
    });
  }

  function warnIfLost({ event }: Keyed, kept: boolean | undefined): void {
    if (kept !== false) return;
    logger.warn(
      { eventRef: eventRef(event.id) },
      'An event was handled after its lease had ended: it may be handled twice',
    );
  }
}
