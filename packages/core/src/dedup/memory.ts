import { LRUCache } from 'lru-cache';
import { type Clock, systemClock } from '../clock.ts';
import { ChathooksError } from '../errors.ts';
import type { Claim, DedupStore } from './store.ts';

/** Options of {@link memoryDedup}. */
export interface MemoryDedupOptions {
  /**
   * How many handled events to remember; those handled first are forgotten first. Events in flight are never forgotten.
   *
   * @defaultValue 100000, about 20 MB
   */
  readonly maxEntries?: number;
  readonly clock?: Pick<Clock, 'now'>;
}

/** More events than this are hardly in flight at once: then it is worth looking for leases that were left behind. */
const maxUnsettled = 1_000;

const inFlight: Claim = { state: 'in-flight' };
const done: Claim = { state: 'done' };

/**
 * A dedup store in this process's memory: for one process, and gone with it.
 *
 * @throws {@link ChathooksError} `invalid_option`
 */
export function memoryDedup(options: MemoryDedupOptions = {}): DedupStore {
  const { maxEntries = 100_000, clock = systemClock } = options;
  if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) {
    throw new ChathooksError('invalid_option', `maxEntries is ${maxEntries}, expected a whole number above 0`);
  }
  // Times are kept as values: the cache's own expiry would cost two numbers more per entry and several clock readings
  // per call, and an entry that has expired makes room like every other.
  const handledUntil = new LRUCache<string, number>({ max: maxEntries });
  // Made when the first status comes: a full-sized cache is allocated at once.
  let ranks: LRUCache<string, { rank: number; until: number }> | undefined;
  const leases = new Map<string, { readonly token: string; until: number }>();
  let claims = 0;

  const holds = (key: string, token: string, now: number) => {
    const lease = leases.get(key);
    return lease?.token === token && lease.until > now ? lease : undefined;
  };

  /** Leases that ended and that nobody settled, oldest first: without this they would pile up. */
  const dropAbandoned = (now: number) => {
    for (const [key, { until }] of leases) {
      if (until > now) return;
      leases.delete(key);
    }
  };

  return {
    claim(key, { leaseMs }) {
      const now = clock.now();
      if ((handledUntil.get(key) ?? Number.NEGATIVE_INFINITY) >= now) return done;
      if (leases.size >= maxUnsettled) dropAbandoned(now);
      const lease = leases.get(key);
      if (lease && lease.until > now) return inFlight;
      const token = String(++claims);
      leases.set(key, { token, until: now + leaseMs });
      return { state: 'fresh', token };
    },
    extend(key, token, { leaseMs }) {
      const now = clock.now();
      const lease = holds(key, token, now);
      if (lease) lease.until = now + leaseMs;
      return lease !== undefined;
    },
    complete(key, token, { rememberMs }) {
      const now = clock.now();
      if (!holds(key, token, now)) return false;
      leases.delete(key);
      handledUntil.set(key, now + rememberMs);
      return true;
    },
    release(key, token) {
      if (leases.get(key)?.token === token) leases.delete(key);
    },
    advance(key, rank, { rememberMs }) {
      const now = clock.now();
      ranks ??= new LRUCache({ max: maxEntries });
      const seen = ranks.get(key);
      if (!seen) {
        ranks.set(key, { rank, until: now + rememberMs });
        return true;
      }
      if (seen.until >= now && seen.rank > rank) return false;
      seen.rank = rank;
      seen.until = now + rememberMs;
      return true;
    },
  };
}
