import type { Clock } from '@chathooks/core';

/** A clock that stands still until a test moves it. */
export interface TestClock extends Clock {
  /**
   * Moves time forward and calls the timers that become due, earliest first, each at its own time.
   *
   * Before the first timer, and after each, promises that are ready get their turn: what they start, further timers too,
   * counts. Wait for one call before making the next.
   *
   * @param ms - milliseconds, 0 or more
   * @throws RangeError when time would go backwards; and what a timer's callback throws
   */
  advance(ms: number): Promise<void>;
  /** How many timers are waiting: 0 shows that nothing was left running. */
  readonly pending: number;
}

/** Options of {@link createTestClock}. */
export interface TestClockOptions {
  /** Milliseconds since the epoch. @defaultValue the beginning of 2026 */
  readonly now?: number;
}

/**
 * Makes a clock for tests, so that leases, timeouts and expiry need no sleeps.
 *
 * @example
 * ```ts
 * const clock = createTestClock();
 * const receiver = createReceiver({ providers, clock, handlerTimeoutMs: 1000, onMessageInbound: () => new Promise(() => {}) });
 * const reply = receiver.handle(request);
 * await clock.advance(1000);
 * assert.equal((await reply)?.status, 500);
 * ```
 */
export function createTestClock({ now = Date.UTC(2026, 0, 1) }: TestClockOptions = {}): TestClock {
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  let time = now;

  const earliest = (until: number) => {
    const due = [...timers].filter(({ at }) => at <= until);
    // The sort is stable: of timers for the same moment the one that was set first comes first.
    return due.sort((a, b) => a.at - b.at)[0];
  };

  return {
    now: () => time,
    setTimeout(callback, delayMs) {
      const timer = { at: time + Math.max(0, delayMs), callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`ms is ${ms}, expected 0 or more: time does not go backwards`);
      const until = time + ms;
      await readyPromises();
      for (let timer = earliest(until); timer; timer = earliest(until)) {
        timers.delete(timer);
        time = Math.max(time, timer.at);
        timer.callback();
        await readyPromises();
      }
      time = until;
    },
    get pending() {
      return timers.size;
    },
  };
}

/** An immediate runs after every promise callback that is ready, and after those that they make ready in turn. */
const readyPromises = () => new Promise<void>((resolve) => setImmediate(resolve));
