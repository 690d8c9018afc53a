import { ChathooksError } from '@chathooks/core';
import type { Table } from './table.ts';

/** A statement that failed for one of these has changed nothing and may succeed at once. */
const retryable: ReadonlySet<unknown> = new Set(['40001', '40P01']);

/** No such table, schema or column. */
const notMigrated: ReadonlySet<unknown> = new Set(['42P01', '3F000', '42703']);

/** Whether a statement that is a transaction of its own may be run again. */
export const mayTryAgain = (error: unknown): boolean => hasSqlState(error, retryable);

/** The error, or one that says what to do about it. */
export function explained(error: unknown, { name }: Table): unknown {
  if (!hasSqlState(error, notMigrated)) return error;
  return new ChathooksError(
    'missing_dependency',
    `There is no table ${name} with the columns expected: ` +
      'call migrate() of postgresDedup() once before the app starts, or run the SQL that migrationSql() returns',
    { cause: error },
  );
}

/** Looks also where an ORM has wrapped the error of Postgres: `cause` in Drizzle, the others in Prisma. */
function hasSqlState(error: unknown, states: ReadonlySet<unknown>, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 5) return false;
  if ('code' in error && states.has(error.code)) return true;
  if ('originalCode' in error && states.has(error.originalCode)) return true;
  return ['cause', 'meta', 'driverAdapterError'].some((name) =>
    hasSqlState(Reflect.get(error, name), states, depth + 1),
  );
}
