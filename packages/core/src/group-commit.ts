import type { Awaitable } from './awaitable.ts';
import { ChathooksError } from './errors.ts';

/** Options of {@link groupCommit}. */
export interface GroupCommitOptions {
  /** How many items one run takes at most: 1 or more. @defaultValue 500 */
  readonly maxItems?: number;
  /**
   * When a run begins, if none is on its way: after the present job at the earliest, so that what is asked for together is
   * done together.
   *
   * @defaultValue `queueMicrotask`
   */
  readonly schedule?: (run: () => void) => void;
}

/**
 * Joins calls into one run: those that come while a run is on its way make up the next. Nobody waits for a timer, and what
 * is committed together costs little more than one. For authors of stores.
 *
 * @param run - does the work for some items, and returns a result for each; if it fails, all their calls do
 * @returns a function that does it for one item
 * @throws ChathooksError `invalid_option`
 * @example
 * ```ts
 * const insert = groupCommit((rows: readonly Row[]) => insertAll(rows));
 * await Promise.all([insert(a), insert(b)]); // one statement
 * ```
 */
export function groupCommit<Item, Result>(
  run: (items: readonly Item[]) => Awaitable<readonly Result[]>,
  { maxItems = 500, schedule = queueMicrotask }: GroupCommitOptions = {},
): (item: Item) => Promise<Result> {
  if (!(maxItems >= 1)) {
    throw new ChathooksError('invalid_option', `maxItems is ${maxItems}, expected 1 or more`);
  }
  interface Call {
    readonly item: Item;
    resolve(result: Result): void;
    reject(error: unknown): void;
  }
  const waiting: Call[] = [];
  let running = false;

  async function runWaiting(): Promise<void> {
    const calls = waiting.splice(0, maxItems);
    try {
      const results = await run(calls.map(({ item }) => item));
      if (results.length !== calls.length) {
        throw new Error(`A group of ${calls.length} had ${results.length} results, expected one for each`);
      }
      for (const [index, result] of results.entries()) calls[index]?.resolve(result);
    } catch (error) {
      for (const call of calls) call.reject(error);
    }
    running = false;
    begin();
  }

  function begin(): void {
    if (running || waiting.length === 0) return;
    running = true;
    schedule(runWaiting);
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      begin();
    });
}
