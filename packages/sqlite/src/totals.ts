import { numberOf, type Prepare } from './sqlite.ts';

/** How many rows there are, and the next `entries.ready`. */
export interface Totals {
  pending: number;
  failed: number;
  readonly turn: number;
}

/** The totals of a file. Read and written once per transaction, however much is done in it. */
export interface TotalsTable {
  /** Those on record, outside of a transaction. */
  read(): Readonly<Totals>;
  /** Within a transaction: to be changed in place. */
  current(): Totals;
  beforeCommit(): void;
  ended(): void;
}

/** Makes a {@link TotalsTable}. */
export function createTotals(prepare: Prepare): TotalsTable {
  const select = prepare('SELECT pending, failed, turn FROM totals');
  const update = prepare('UPDATE totals SET pending = ?, failed = ?, turn = turn + 1');
  let before: Totals | undefined;
  let now: Totals | undefined;

  const read = (): Totals => {
    const { pending, failed, turn } = select.get() ?? {};
    return { pending: numberOf(pending), failed: numberOf(failed), turn: numberOf(turn) };
  };

  return {
    read,
    current() {
      if (!now) {
        before = read();
        now = { ...before };
      }
      return now;
    },
    beforeCommit() {
      if (!now || (now.pending === before?.pending && now.failed === before.failed)) return;
      update.run(now.pending, now.failed);
    },
    ended() {
      now = undefined;
    },
  };
}
