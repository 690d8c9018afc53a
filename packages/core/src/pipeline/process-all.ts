import type { Outcome } from './running.ts';
import { isLong, nextTurn, type Turn } from './turn.ts';

/** How the events of one delivery are processed. */
export interface BatchOptions {
  /** How many are worked on at a time. */
  readonly concurrency: number;
  /** The present one: the process takes turns with whatever else it has to do. */
  readonly turn: Turn;
  /** Why nothing more is to begin, from when that is so. */
  readonly stopped: () => Outcome;
}

/**
 * Begins things in their order, as many at a time as there may be, and waits for all of them.
 *
 * @param begin - calls back, at once or later, with what became of it
 * @returns what became of those that are not done
 */
export async function processAll<T>(
  items: readonly T[],
  begin: (item: T, end: (outcome: Outcome) => void) => void,
  { concurrency, turn, stopped }: BatchOptions,
): Promise<readonly Outcome[]> {
  const failures: Outcome[] = [];
  let unfinished = 0;
  let room: PromiseWithResolvers<void> | undefined;
  const end = (outcome: Outcome) => {
    if (outcome) failures.push(outcome);
    unfinished--;
    room?.resolve();
  };
  const fewerThan = async (limit: number) => {
    while (unfinished >= limit) {
      room = Promise.withResolvers();
      await room.promise;
    }
  };

  let present = turn;
  for (const item of items) {
    const reason = stopped();
    if (reason) {
      failures.push(reason);
      break;
    }
    unfinished++;
    begin(item, end);
    if (unfinished >= concurrency) await fewerThan(concurrency);
    if (isLong(present)) present = await nextTurn();
  }
  await fewerThan(1);
  return failures;
}
