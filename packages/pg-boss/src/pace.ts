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

/** Below this, taking ahead gains nothing, and only keeps entries from processes that have hands free. */
const slowLookMs = 10;

const stuckMs = 1_000;

/**
 * Makes a {@link Pace}. A look takes longer the more is pending: of a long backlog so many are taken ahead that there is
 * enough to do until the next look has an answer.
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
      if (lookMs < slowLookMs || tryMs === undefined || isStuck()) return 0;
      return Math.min(concurrency * 4, Math.ceil((concurrency * lookMs) / Math.max(tryMs, 1)));
    },
    isStuck,
  };
}

const smooth = (before: number, now: number) => before * 0.8 + now * 0.2;
