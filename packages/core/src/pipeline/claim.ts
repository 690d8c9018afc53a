import { type Awaitable, after, attempt } from '../awaitable.ts';
import type { Clock } from '../clock.ts';
import type { Claim, DedupStore } from '../dedup/store.ts';
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
  readonly key: string;
  /** `undefined` when the store failed and the event is processed all the same. */
  readonly token: string | undefined;
}

/** Claims events and settles them. Only claiming throws: what fails later cannot undo what a handler did. */
export interface Claims {
  /** @throws what the store throws, unless `onStoreError` is `process` */
  claim(key: string): Awaitable<Lease | 'in-flight' | 'done'>;
  /** @returns `false` when the lease was lost; `undefined` when the store cannot tell */
  renew(lease: Lease): Awaitable<boolean | undefined>;
  /** The event was handled. */
  complete(lease: Lease): Awaitable<void>;
  /** The event was not handled: its next delivery may come in. */
  release(lease: Lease): Awaitable<void>;
}

/** Makes {@link Claims} over a store. */
export function createClaims(options: ClaimOptions): Claims {
  const { store, logger, onStoreError } = options;
  const leaseFor = { leaseMs: options.leaseMs };
  const remember = { rememberMs: options.rememberMs };

  return {
    claim: (key) =>
      attempt(
        () => after(store.claim(key, leaseFor), (claim) => toLease(key, claim)),
        (error) => {
          if (onStoreError === 'reject') throw error;
          logger.error({ error }, 'The dedup store failed: an event is handled without it and may be handled twice');
          return { key, token: undefined };
        },
      ),
    renew({ key, token }) {
      if (token === undefined) return undefined;
      return guard('renew', () => store.extend?.(key, token, leaseFor));
    },
    complete({ key, token }) {
      if (token === undefined) return;
      const completing = guard('complete', () => store.complete(key, token, remember));
      return after(completing, warnIfLost);
    },
    release({ key, token }) {
      if (token === undefined) return;
      return guard('release', () => store.release(key, token));
    },
  };

  function guard<T>(what: string, call: () => Awaitable<T>): Awaitable<T | undefined> {
    return attempt(call, (error) => {
      logger.error(
        { error },
        `The dedup store could not ${what} an event, whose lease now runs out: it may be handled twice`,
      );
      return undefined;
    });
  }

  function warnIfLost(kept: boolean | undefined): void {
    if (kept === false) logger.warn({}, 'An event was handled after its lease had ended: it may be handled twice');
  }
}

const toLease = (key: string, claim: Claim): Lease | 'in-flight' | 'done' =>
  claim.state === 'fresh' ? { key, token: claim.token } : claim.state;
