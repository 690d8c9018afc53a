import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { ChathooksError } from '@chathooks/core';

/** A connection, as far as it is used here. */
export type Connection = Pick<DatabaseSync, 'exec' | 'prepare' | 'close'>;

/** What prepares statements. */
export type Prepare = (sql: string) => StatementSync;

/** Primary result codes, https://www.sqlite.org/rescode.html. */
export const resultCodes = { busy: 5, full: 13, notADatabase: 26 } as const;

/** The primary result code of an error of SQLite; none of other errors. */
export function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff;
}

/** What an error says. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Opens a connection. Node's module is looked up here and not imported, so that importing this package never fails.
 *
 * @throws ChathooksError `missing_dependency`; what SQLite throws
 */
export function connect(path: string, options: { readonly readOnly?: boolean } = {}): DatabaseSync {
  const sqlite = process.getBuiltinModule?.('node:sqlite');
  if (!sqlite) {
    throw new ChathooksError(
      'missing_dependency',
      `Node ${process.version} has no node:sqlite, expected Node 22.13 or later: upgrade Node, or use another store`,
    );
  }
  return new sqlite.DatabaseSync(path, options);
}

/** Whole numbers of a row: SQLite knows more types than a column has. */
export function numberOf(value: unknown): number {
  if (typeof value !== 'number') throw new TypeError(`A row holds ${typeof value}, expected a number`);
  return value;
}

/** Text of a row. */
export function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`A row holds ${typeof value}, expected text`);
  return value;
}

/** A time as the tables take it: a column of whole numbers refuses others, and clocks may know parts of milliseconds. */
export const wholeMs = (ms: number): number => Math.ceil(ms);
