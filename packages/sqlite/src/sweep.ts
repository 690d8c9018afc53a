import type { Prepare } from './sqlite.ts';

/** So many keys may come before some are looked at. */
const sweepEvery = 250;

/** So many are looked at then: more than came, so that the whole table is gone through before it has grown by a third. */
const sweepSize = 1_000;

/** Forgets keys whose time is over. */
export interface Sweeper {
  /** Within a transaction: a key has come, and now and then some others go. */
  grown(now: number): void;
}

/**
 * Makes a sweeper of a table of keys. It goes round the table, a piece at a time, in step with what comes in: an index of
 * times would cost every key more than that, in time and in space, and a table that does not grow may stay as it is.
 */
export function createSweeper(prepare: Prepare, table: 'claims' | 'ranks'): Sweeper {
  const findEnd = prepare(`SELECT key FROM ${table} WHERE key > :from ORDER BY key LIMIT 1 OFFSET ${sweepSize - 1}`);
  const sweepPiece = prepare(`DELETE FROM ${table} WHERE key > :from AND key <= :to AND until <= :now`);
  const sweepRest = prepare(`DELETE FROM ${table} WHERE key > :from AND until <= :now`);
  let from = '';
  let came = 0;

  return {
    grown(now) {
      came += 1;
      if (came < sweepEvery) return;
      came = 0;
      const to = findEnd.get({ from })?.key;
      if (typeof to === 'string') {
        sweepPiece.run({ from, to, now });
        from = to;
      } else {
        sweepRest.run({ from, now });
        from = '';
      }
    },
  };
}
