import { type Clock, systemClock } from '../clock.ts';
import { ChathooksError } from '../errors.ts';
import type { Claim, DedupStore } from './store.ts';

/** Options of {@link memoryDedup}. */
export interface MemoryDedupOptions {
  /**
   * How many handled events to remember at most. When there are as many, the older half is forgotten. Events in flight are
   * never forgotten.
   *
   * @defaultValue 200000, about 25 MB
   */
  readonly maxEntries?: number;
  readonly clock?: Pick<Clock, 'now'>;
}

/** An event in flight. */
interface Lease {
  readonly token: string;
  until: number;
  /** Where it is kept. */
  home: Generation;
}

/** Keys by what is known of them: a lease or, as a number, the time until which it is remembered that they are done. */
interface Generation {
  readonly entries: Map<string, Lease | number>;
  /** How many of the entries are leases. */
  leases: number;
}

/** A rank and the time until which it is remembered, in one number: an object for each would take more than both. */
const rankRange = 1024;

/** Leases that nobody settles are looked for when there are this many more than were in use before. */
const spareLeases = 1_000;

const inFlight: Claim = { state: 'in-flight' };
const done: Claim = { state: 'done' };

/**
 * A dedup store in this process's memory: for one process, and gone with it.
 *
 * @remarks
 * Entries are kept in two generations, of which the older is dropped whole when the younger is full: to drop them one by one
 * costs as much as to add them and, every so often, a pause while a large map is laid anew.
 *
 * @throws {@link ChathooksError} `invalid_option`
 */
export function memoryDedup(options: MemoryDedupOptions = {}): DedupStore {
  const { maxEntries = 200_000, clock = systemClock } = options;
  if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) {
    throw new ChathooksError('invalid_option', `maxEntries is ${maxEntries}, expected a whole number above 0`);
  }
  const size = Math.ceil(maxEntries / 2);
  let young = newGeneration();
  let old = newGeneration();
  let mostLeases = spareLeases;
  let youngRanks = new Map<string, number>();
  let oldRanks = new Map<string, number>();
  let claims = 0;

  const find = (key: string) => young.entries.get(key) ?? old.entries.get(key);

  const held = (key: string, token: string, now: number): Lease | undefined => {
    const entry = find(key);
    return typeof entry === 'object' && entry.token === token && entry.until > now ? entry : undefined;
  };

  const add = (key: string, entry: Lease | number, now: number): void => {
    const { entries, leases } = young;
    if (entries.size - leases >= size) grow(now);
    else if (leases >= mostLeases) dropAbandoned(now);
    young.entries.set(key, entry);
    if (typeof entry === 'object') {
      entry.home = young;
      young.leases++;
    }
  };

  const remove = (key: string, lease: Lease): void => {
    lease.home.entries.delete(key);
    lease.home.leases--;
  };

  /** Makes room. What is still in flight moves to the new generation. */
  const grow = (now: number): void => {
    const forgotten = old;
    old = young;
    young = newGeneration();
    for (const [key, entry] of forgotten.leases > 0 ? forgotten.entries : []) {
      if (typeof entry !== 'object' || entry.until <= now) continue;
      young.entries.set(key, entry);
      entry.home = young;
      young.leases++;
    }
    mostLeases = young.leases * 2 + spareLeases;
  };

  /** Drops leases that ended and that nobody settled: without this they would pile up. */
  const dropAbandoned = (now: number): void => {
    for (const [key, entry] of young.entries) {
      if (typeof entry === 'object' && entry.until <= now) remove(key, entry);
    }
    mostLeases = young.leases * 2 + spareLeases;
  };

  return {
    claim(key, { leaseMs }) {
      const now = clock.now();
      const entry = find(key);
      if (typeof entry === 'object') {
        if (entry.until > now) return inFlight;
        remove(key, entry);
      } else if (entry !== undefined && entry >= now) return done;
      const token = String(++claims);
      add(key, { token, until: now + leaseMs, home: young }, now);
      return { state: 'fresh', token };
    },
    extend(key, token, { leaseMs }) {
      const now = clock.now();
      const lease = held(key, token, now);
      if (lease) lease.until = now + leaseMs;
      return lease !== undefined;
    },
    complete(key, token, { rememberMs }) {
      const now = clock.now();
      const lease = held(key, token, now);
      if (!lease) return false;
      if (lease.home === young) {
        young.entries.set(key, now + rememberMs);
        young.leases--;
      } else {
        remove(key, lease);
        add(key, now + rememberMs, now);
      }
      return true;
    },
    release(key, token) {
      const lease = held(key, token, Number.NEGATIVE_INFINITY);
      if (lease) remove(key, lease);
    },
    advance(key, rank, { rememberMs }) {
      const now = clock.now();
      const seen = youngRanks.get(key) ?? oldRanks.get(key);
      if (seen !== undefined && seen % rankRange > rank && Math.floor(seen / rankRange) >= now) return false;
      if (youngRanks.size >= size && !youngRanks.has(key)) {
        oldRanks = youngRanks;
        youngRanks = new Map();
      }
      youngRanks.set(key, Math.floor(now + rememberMs) * rankRange + rank);
      return true;
    },
  };
}

const newGeneration = (): Generation => ({ entries: new Map(), leases: 0 });
