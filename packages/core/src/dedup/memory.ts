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
  const bounds = { max: maxEntries, ttlResolution: 0, perf: { now: () => clock.now() } };
  const handled = new LRUCache<string, true>({ ...bounds, ttl: 1 });
  // Made when the first status comes: a full-sized cache is allocated at once.
  let ranks: LRUCache<string, number> | undefined;
  const leases = new Map<string, { readonly token: string; until: number }>();
  let claims = 0;

  const holds = (key: string, token: string) => {
    const lease = leases.get(key);
    return lease?.token === token && lease.until > clock.now() ? lease : undefined;
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
      if (handled.has(key)) return done;
      const now = clock.now();
      if (leases.size >= maxUnsettled) dropAbandoned(now);
      const lease = leases.get(key);
      if (lease && lease.until > now) return inFlight;
      const token = String(++claims);
      leases.set(key, { token, until: now + leaseMs });
      return { state: 'fresh', token };
    },
    extend(key, token, { leaseMs }) {
      const lease = holds(key, token);
      if (lease) lease.until = clock.now() + leaseMs;
      return lease !== undefined;
    },
    complete(key, token, { rememberMs }) {
      if (!holds(key, token)) return false;
      leases.delete(key);
      handled.set(key, true, { ttl: rememberMs });
      return true;
    },
    release(key, token) {
      if (leases.get(key)?.token === token) leases.delete(key);
    },
    advance(key, rank, { rememberMs }) {
      ranks ??= new LRUCache({ ...bounds, ttl: 1 });
      const highest = ranks.get(key);
      if (highest !== undefined && highest > rank) return false;
      ranks.set(key, rank, { ttl: rememberMs });
      return true;
    },
  };
}
