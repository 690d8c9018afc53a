import { systemClock } from '@chathooks/core';

/** Something to wait for. */
export interface Signal {
  /** Ends the present wait, or else the next. */
  wake(): void;
  /** Waits until it is woken, or for so long. */
  wait(limitMs: number): Promise<void>;
}

/** Makes a {@link Signal}. For one who waits. */
export function createSignal(): Signal {
  let woken = false;
  let end: (() => void) | undefined;
  return {
    wake() {
      woken = true;
      end?.();
    },
    async wait(limitMs) {
      if (!woken) {
        await new Promise<void>((resolve) => {
          const cancel = systemClock.setTimeout(resolve, limitMs);
          end = () => {
            cancel();
            resolve();
          };
        });
      }
      woken = false;
      end = undefined;
    },
  };
}

/** Does something again and again, `everyMs` after it was done, until it is stopped. */
export function repeat(everyMs: number, run: () => Promise<void>, onError: (error: unknown) => void): () => void {
  let stopped = false;
  let cancel = () => {};
  const schedule = () => {
    if (!stopped) cancel = systemClock.setTimeout(() => run().catch(onError).then(schedule), everyMs);
  };
  schedule();
  return () => {
    stopped = true;
    cancel();
  };
}
