/** When this turn of the event loop began to work on a delivery, by `performance.now()`. */
export type Turn = number;

/** Long enough that few deliveries are ever interrupted, short enough that nobody waits for one. */
const longestTurnMs = 5;

/** Begins a turn. */
export const beginTurn = (): Turn => performance.now();

/** Whether a turn should end, for others to have theirs. */
export const isLong = (turn: Turn): boolean => performance.now() - turn > longestTurnMs;

/** Lets everything else that is ready have its turn, and begins another. */
export async function nextTurn(): Promise<Turn> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  return beginTurn();
}
