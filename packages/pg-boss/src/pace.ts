/** Tells how many entries to take beyond those that can be tried at once. */
export interface Pace {
  /** A look for entries took so long. */
  looked(ms: number): void;
  /** A try of an entry took so long. */
  tried(ms: number): void;
  /** How many more to take. */
  ahead(): number;
  /** Whether no try has ended for so long that what was taken ahead is better off with others. */
  isStuck(): boolean;
}

const stuckMs = 1_000;

/**
 * Makes a {@link Pace}. Looks take the longer the more is pending, so the next is begun before there is nothing left to do:
 * as many entries are taken ahead as will be tried until it has an answer. Where tries take much longer than a look, that
 * is none.
 */
export function createPace(concurrency: number): Pace {
  let lookMs = 0;
  let tryMs: number | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  const isStuck = () => performance.now() - triedAt > stuckMs;
  return {
    looked(ms) {
      lookMs = smooth(lookMs, ms);
    },
    tried(ms) {
      tryMs = smooth(tryMs ?? ms, ms);
      triedAt = performance.now();
    },
    ahead() {
      if (tryMs === undefined || isStuck()) return 0;
      return Math.min(concurrency * 4, Math.floor((concurrency * lookMs) / Math.max(tryMs, 1)));
    },
    isStuck,
  };
}

const smooth = (before: number, now: number) => before * 0.8 + now * 0.2;
