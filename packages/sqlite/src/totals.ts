import { numberOf, type Prepare } from './sqlite.ts';

/** The row of the table. */
export interface Totals {
  pending: number;
  failed: number;
  /** The next `entries.ready`. */
  readonly turn: number;
  /** The next `payloads.number`. */
  payload: number;
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
  const select = prepare('SELECT pending, failed, turn, payload FROM totals');
  const update = prepare('UPDATE totals SET pending = ?, failed = ?, payload = ?, turn = turn + 1');
  let before: Totals | undefined;
  let now: Totals | undefined;

  const read = (): Totals => {
    const { pending, failed, turn, payload } = select.get() ?? {};
    return {
      pending: numberOf(pending),
      failed: numberOf(failed),
      turn: numberOf(turn),
      payload: numberOf(payload),
    };
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
      if (!now || (now.pending === before?.pending && now.failed === before.failed && now.payload === before.payload)) {
        return;
      }
      update.run(now.pending, now.failed, now.payload);
    },
    ended() {
      now = undefined;
    },
  };
}
