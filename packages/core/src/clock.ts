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

/** The machine's clock. Its timers do not hold the process open. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    timer.unref?.();
    return () => clearTimeout(timer);
  },
};
