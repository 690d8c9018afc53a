import { ChathooksError } from '@chathooks/core';

/** How much more an inbox takes. */
export interface Capacity {
  /**
   * Stores entries if there is room.
   *
   * @throws ChathooksError `inbox_full`; what `store` throws
   */
  admit(entries: number, store: () => Promise<void>): Promise<void>;
  /** So many are no longer pending. */
  release(entries: number): void;
}

/** Options of {@link createCapacity}. */
export interface CapacityOptions {
  readonly maxPending: number;
  /** Counts what is pending, but no more than `limit`. */
  count(limit: number): Promise<number>;
}

/** What other processes put and handle is known after so long. */
const recountMs = 5_000;

/** The same while the inbox is full: room must be seen soon, but not be looked for with every delivery that is refused. */
const recountFullMs = 250;

/**
 * Makes a {@link Capacity}: counts now and then, and keeps account in between of what this process puts and handles. Counting
 * with every put would cost more than the put.
 */
export function createCapacity({ maxPending, count }: CapacityOptions): Capacity {
  let pending = 0;
  let beingStored = 0;
  let admittedSinceCount = 0;
  let countedAt = Number.NEGATIVE_INFINITY;
  let counting: Promise<void> | undefined;

  const isFull = () => pending >= maxPending;

  /** Before anything is refused, it is counted what others have handled of what this process put. */
  function isOutdated(): boolean {
    const age = performance.now() - countedAt;
    return age > recountMs || (isFull() && (admittedSinceCount > 0 || age > recountFullMs));
  }

  async function recount(): Promise<void> {
    const before = beingStored;
    pending = (await count(maxPending)) + before;
    admittedSinceCount = 0;
    countedAt = performance.now();
  }

  return {
    async admit(entries, store) {
      if (isOutdated()) {
        counting ??= recount().finally(() => {
          counting = undefined;
        });
        await counting;
      }
      if (isFull()) {
        const message = `The inbox holds ${pending} entries and maxPending is ${maxPending}: it takes more when some were handled`;
        throw new ChathooksError('inbox_full', message);
      }
      pending += entries;
      beingStored += entries;
      admittedSinceCount += entries;
      try {
        await store();
      } catch (error) {
        pending = Math.max(0, pending - entries);
        throw error;
      } finally {
        beingStored -= entries;
      }
    },
    release(entries) {
      pending = Math.max(0, pending - entries);
    },
  };
}
