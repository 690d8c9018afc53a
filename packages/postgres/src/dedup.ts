import { randomUUID } from 'node:crypto';
import { ChathooksError, type Claim, consoleLogger, type DedupStore, groupCommit, type Logger } from '@chathooks/core';
import { type ConnectionOptions, connect } from './connection.ts';
import { milliseconds } from './duration.ts';
import { inRounds } from './in-rounds.ts';
import { keyOf, tokenOf } from './key.ts';
import { statementsFor } from './statements.ts';
import { createSweeper } from './sweep.ts';
import { migrateStatement, type TableOptions, tableOf } from './table.ts';

/** Options of {@link postgresDedup}. */
export type PostgresDedupOptions = ConnectionOptions &
  TableOptions & {
    /** Whether rows whose time is up are deleted now and then, without being asked. @defaultValue true */
    readonly autoSweep?: boolean;
    /** Is told when that fails. @defaultValue `consoleLogger` */
    readonly logger?: Pick<Logger, 'warn'>;
  };

/** A dedup store in Postgres. */
export interface PostgresDedup extends Required<DedupStore> {
  /**
   * Makes the table, where it is not there yet. Many processes may do so at once.
   *
   * @throws what Postgres says, for example that the user may not create tables
   */
  migrate(): Promise<void>;
  /**
   * Deletes all rows whose time is up, in small steps. For a job, where `autoSweep` is off.
   *
   * @returns how many there were
   */
  sweep(): Promise<number>;
}

/**
 * A dedup store in Postgres, for many processes. The server's clock decides. Calls that are made together share a
 * statement.
 *
 * @throws ChathooksError `invalid_option`; its methods throw `missing_dependency` when `pg` is not installed or
 * `migrate()` has not run
 * @example
 * ```ts
 * const dedup = postgresDedup({ url: process.env.DATABASE_URL! });
 * await dedup.migrate();
 * ```
 */
export function postgresDedup(options: PostgresDedupOptions): PostgresDedup {
  const { autoSweep = true, logger = consoleLogger } = options;
  const table = tableOf(options);
  const connection = connect(options, table);
  const statements = statementsFor(table);
  const sweeper = createSweeper({ table, query: (text) => connection.query(text), logger });
  let sweeping: Promise<void> | undefined;

  /** Runs a statement for calls that are made together. */
  const together = <Answer>(statement: string, answers: Readonly<Record<string, Answer>>) => {
    const ask = async (asked: readonly Asked[]) => {
      const [first] = asked;
      const columns = first?.values.map((_, column) => `{${asked.map(({ values }) => values[column]).join()}}`) ?? [];
      const letters = lettersIn(
        await connection.query(statement, [`{${asked.map(({ key }) => key).join()}}`, ...columns]),
      );
      return asked.map((_, index) => {
        const answer = answers[letters.charAt(index)];
        if (answer === undefined) throw unreadable();
        return answer;
      });
    };
    return groupCommit(inRounds(ask));
  };
  const yesOrNo = { y: true, n: false };
  const claim = together<Claim['state']>(statements.claim, { f: 'fresh', i: 'in-flight', d: 'done' });
  const extend = together(statements.extend, yesOrNo);
  const complete = together(statements.complete, yesOrNo);
  const release = together(statements.release, yesOrNo);
  const advance = together(statements.advance, yesOrNo);
  const added = () => {
    if (autoSweep) sweeping = sweeper.added(1);
  };

  return {
    async claim(name, { leaseMs }) {
      const token = randomUUID();
      const state = await claim({ key: keyOf('claim', name), values: [token, milliseconds(leaseMs)] });
      if (state !== 'fresh') return { state };
      added();
      return { state, token };
    },
    extend: (name, token, { leaseMs }) =>
      extend({ key: keyOf('claim', name), values: [tokenOf(token), milliseconds(leaseMs)] }),
    complete: (name, token, { rememberMs }) =>
      complete({ key: keyOf('claim', name), values: [tokenOf(token), milliseconds(rememberMs)] }),
    async release(name, token) {
      await release({ key: keyOf('claim', name), values: [tokenOf(token)] });
    },
    async advance(name, rank, { rememberMs }) {
      const highest = await advance({ key: keyOf('rank', name), values: [String(rank), milliseconds(rememberMs)] });
      added();
      return highest;
    },
    async migrate() {
      await connection.query(migrateStatement(table));
    },
    sweep: sweeper.sweep,
    async close() {
      await sweeping;
      await connection.close();
    },
  };
}

/** What one call asks for. */
interface Asked {
  readonly key: string;
  /** What the statement wants to know beside the key. */
  readonly values: readonly string[];
}

function lettersIn([row]: readonly unknown[]): string {
  if (typeof row !== 'object' || row === null || !('answers' in row) || typeof row.answers !== 'string') {
    throw unreadable();
  }
  return row.answers;
}

const unreadable = () =>
  new ChathooksError(
    'invalid_option',
    'client.query() answered without the rows that were asked for, expected { rows: [{ answers: "…" }] }, or the rows alone',
  );
