/** Where the receiver reads time and waits. Injected, so that tests need no sleeps. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /**
   * Calls back once, after `delayMs`. Must not keep the process alive.
   *
   * @returns a function that cancels the call
   */
  setTimeout(callback: () => void, delayMs: number): () => void;
}

/** A longer delay would not fit the machine's timers, which then call back at once. */
const longestDelayMs = 2 ** 31 - 1;

/** The machine's clock. Its timers do not hold the process open, and end after 24.8 days at the latest. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout(callback, delayMs) {
    const timer = setTimeout(callback, Math.min(delayMs, longestDelayMs));
    timer.unref?.();
    return () => clearTimeout(timer);
  },
};
