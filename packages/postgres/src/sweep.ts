import type { Logger } from '@chathooks/core';
import type { Table } from './table.ts';

/** Deletes rows whose time is up. They count as absent anyhow: this is to save space. */
export interface Sweeper {
  /**
   * To be called when rows may have been added. Sweeps a part of the table after every thousand of them, unless another
   * process does so now.
   *
   * @returns when that is done; never rejects
   */
  added(rows: number): Promise<void> | undefined;
  /** Sweeps the whole table. @returns how many rows were deleted */
  sweep(): Promise<number>;
}

/** What a sweeper needs. */
export interface SweeperOptions {
  readonly table: Table;
  readonly query: (text: string) => Promise<readonly unknown[]>;
  readonly logger: Pick<Logger, 'warn'>;
}

const rowsPerSweep = 1_000;
/** 2 MiB, in which there are up to 28,000 rows: a few milliseconds. */
const pagesPerStep = 256;
/** More than are added between two sweeps, so that sweeping keeps up. */
const rowsPerStep = 2_000;

/** Makes a {@link Sweeper}. */
export function createSweeper({ table, query, logger }: SweeperOptions): Sweeper {
  // From a random number on, so that processes that do not live for a thousand rows do their share too.
  let rowsUntilNext = Math.random() * rowsPerSweep;
  let running: Promise<void> | undefined;

  const step = async (firstPage: number, turn: 'wait' | 'skip') =>
    numberIn(await query(stepStatement(table, firstPage, turn)));
  const countPages = async () => numberIn(await query(pagesStatement(table)));

  async function sweepSomewhere(): Promise<void> {
    try {
      const steps = Math.ceil((await countPages()) / pagesPerStep);
      await step(Math.floor(Math.random() * steps) * pagesPerStep, 'skip');
    } catch (error) {
      logger.warn({ error }, 'The table of the dedup store could not be swept; the next try comes by itself');
    } finally {
      running = undefined;
    }
  }

  return {
    added(rows) {
      rowsUntilNext -= rows;
      if (rowsUntilNext > 0 || running) return running;
      rowsUntilNext = rowsPerSweep;
      running = sweepSomewhere();
      return running;
    },
    async sweep() {
      const pages = await countPages();
      let deleted = 0;
      for (let page = 0; page < pages; page += pagesPerStep) {
        let now: number;
        do {
          now = await step(page, 'wait');
          deleted += now;
        } while (now === rowsPerStep);
      }
      return deleted;
    },
  };
}

/**
 * Looks for rows by where they are, not by an index on their time: such an index would have to be changed with every
 * claim and completion, and cost more than all sweeping. Rows that somebody has locked are left for the next time.
 */
function stepStatement(table: Table, firstPage: number, turn: 'wait' | 'skip'): string {
  const { name } = table;
  const lock = table.lock('sweep');
  const mine = { wait: `pg_advisory_xact_lock(${lock}) IS NOT NULL`, skip: `pg_try_advisory_xact_lock(${lock})` };
  return `WITH turn AS MATERIALIZED (SELECT ${mine[turn]} AS mine), swept AS (
      DELETE FROM ${name} WHERE until <= statement_timestamp() AND ctid = ANY (ARRAY(
        SELECT ctid FROM ${name}
        WHERE ctid >= '(${firstPage},0)' AND ctid < '(${firstPage + pagesPerStep},0)'
          AND until <= statement_timestamp() AND (SELECT mine FROM turn)
        LIMIT ${rowsPerStep} FOR UPDATE SKIP LOCKED
      ))
      RETURNING 1
    )
    SELECT count(*)::int AS number FROM swept`;
}

const pagesStatement = ({ name }: Table) =>
  `SELECT (pg_relation_size('${name.replaceAll("'", "''")}') / current_setting('block_size')::int)::int AS number`;

function numberIn([row]: readonly unknown[]): number {
  const number = typeof row === 'object' && row !== null && 'number' in row ? Number(row.number) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw new Error('The client answered without a number of rows or pages');
  return number;
}
