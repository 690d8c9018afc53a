import { ChathooksError } from '@chathooks/core';
import type { Table } from './table.ts';

/** The code that Postgres gave an error: `42P01`. Looks also where an ORM has wrapped the error. */
export function sqlStateOf(error: unknown): string | undefined {
  for (let current = error, depth = 0; depth < 5; depth++) {
    if (typeof current !== 'object' || current === null) return undefined;
    if ('code' in current && isSqlState(current.code)) return current.code;
    if ('originalCode' in current && isSqlState(current.originalCode)) return current.originalCode;
    current = 'cause' in current ? current.cause : 'meta' in current ? current.meta : undefined;
  }
  return undefined;
}

/** Five characters, at least one of them a digit: `EPIPE` of a socket is none. */
const isSqlState = (code: unknown): code is string =>
  typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code);

/** A statement that failed for one of these has changed nothing and may succeed at once. */
const retryable: ReadonlySet<string | undefined> = new Set(['40001', '40P01']);

/** Whether a statement that is a transaction of its own may be run again. */
export const mayTryAgain = (error: unknown): boolean => retryable.has(sqlStateOf(error));

/** No such table, schema or column. */
const notMigrated: ReadonlySet<string | undefined> = new Set(['42P01', '3F000', '42703']);

/** The error, or one that says what to do about it. */
export function explained(error: unknown, { name }: Table): unknown {
  if (!notMigrated.has(sqlStateOf(error))) return error;
  return new ChathooksError(
    'missing_dependency',
    `There is no table ${name} with the columns expected: ` +
      'call migrate() of postgresDedup() once before the app starts, or run the SQL that migrationSql() returns',
    { cause: error },
  );
}
