/** Tells how many entries to take beyond those that can be tried at once. */
export interface Pace {
  /** A look for entries took so long. */
  looked(ms: number): void;
  /** A try of an entry took so long. */
  tried(ms: number): void;
  /** How many more to take. */
  ahead(): number;
}

/** Below this, taking ahead gains nothing, and only keeps entries from processes that have hands free. */
const slowLookMs = 10;

/**
 * Makes a {@link Pace}. A look takes longer the more is pending: of a long backlog so many are taken ahead that there is
 * enough to do until the next look has an answer.
 */
export function createPace(concurrency: number): Pace {
  let lookMs = 0;
  let tryMs: number | undefined;
  return {
    looked(ms) {
      lookMs = smooth(lookMs, ms);
    },
    tried(ms) {
      tryMs = smooth(tryMs ?? ms, ms);
    },
    ahead() {
      if (lookMs < slowLookMs || tryMs === undefined) return 0;
      return Math.min(concurrency * 4, Math.ceil((concurrency * lookMs) / Math.max(tryMs, 1)));
    },
  };
}

const smooth = (before: number, now: number) => before * 0.8 + now * 0.2;
