import { type Awaitable, isPromise } from '../awaitable.ts';
import type { Clock } from '../clock.ts';

/**
 * Waits for a value, but not for ever.
 *
 * @param late - is told of a value that comes when nobody waits any more; must not throw
 * @throws when the value does not come in time
 */
export type TimeLimit = <T>(value: Awaitable<T>, late?: (value: T) => void) => Awaitable<T>;

/** Makes a {@link TimeLimit}. */
export function createTimeLimit(clock: Pick<Clock, 'setTimeout'>, limitMs: number): TimeLimit {
  return <T>(value: Awaitable<T>, late?: (value: T) => void) => {
    if (!isPromise(value)) return value;
    return new Promise<T>((resolve, reject) => {
      let over = false;
      const cancel = clock.setTimeout(() => {
        over = true;
        reject(new Error(`There was no answer within ${limitMs} ms`));
      }, limitMs);
      value.then(
        (result) => {
          if (over) return late?.(result);
          cancel();
          resolve(result);
        },
        (error: unknown) => {
          cancel();
          reject(error);
        },
      );
    });
  };
}
