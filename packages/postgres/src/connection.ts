import { ChathooksError } from '@chathooks/core';
import { explained, mayTryAgain } from './sql-state.ts';
import type { Table } from './table.ts';

/** What a client answers: rows, as postgres.js and Prisma do, or an object with rows, as `pg`, Drizzle and Knex do. */
export type Rows = readonly unknown[] | { readonly rows: readonly unknown[] };

/**
 * What a store needs of a Postgres client. A `Pool` of `pg` has it, and so has a `Client`; others do by a small function.
 *
 * @example
 * ```ts
 * const client: Queryable = { query: (text, values) => prisma.$queryRawUnsafe(text, ...values) };
 * ```
 */
export interface Queryable {
  /**
   * Runs one statement, outside of any transaction.
   *
   * @param text - with `$1`, `$2`, … each of them once and in this order
   * @param values - all of them text
   */
  query(text: string, values: string[]): PromiseLike<Rows>;
}

/** Where Postgres is. */
export type ConnectionOptions =
  | {
      /** `postgres://user:password@host/database`: opens a pool of `pg`, which has to be installed. */
      readonly url: string;
      /**
       * How long Postgres may take to accept a connection, and to answer a statement, before the connection is given up
       * and the call fails. In milliseconds.
       *
       * @defaultValue 5000
       */
      readonly timeoutMs?: number;
      readonly client?: never;
    }
  | {
      /** A client of yours; is not closed. */
      readonly client: Queryable;
      readonly url?: never;
      readonly timeoutMs?: never;
    };

/** Statements go through it, each a transaction of its own. */
export interface Connection {
  query(text: string, values?: string[]): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

/** How often a statement is tried that Postgres asks to try again, as it does at the isolation level `serializable`. */
const maxTries = 10;

/** @throws ChathooksError `invalid_option` */
export function connect({ url, client, timeoutMs }: ConnectionOptions, table: Table): Connection {
  const { query, close } = url === undefined ? borrowed(client) : opened(url, timeoutMs);
  return {
    async query(text, values = []) {
      for (let tries = 1; ; tries++) {
        try {
          return rowsOf(await query(text, values));
        } catch (error) {
          if (tries < maxTries && mayTryAgain(error)) continue;
          throw explained(error, table);
        }
      }
    },
    close,
  };
}

/** The rows of what a client answered. */
export const rowsOf = (answer: Rows): readonly unknown[] => ('rows' in answer ? answer.rows : answer);

interface Client {
  query(text: string, values: string[]): PromiseLike<Rows>;
  close(): Promise<void>;
}

function borrowed(client: Queryable): Client {
  if (typeof client?.query !== 'function') {
    throw new ChathooksError('invalid_option', 'There is neither url nor client.query(), expected one of them');
  }
  const query = (text: string, values: string[]) => client.query(text, values);
  return { query: hasOneConnection(client) ? oneAtATime(query) : query, async close() {} };
}

/** A `Client` of pg; a `Pool` counts its connections. */
const hasOneConnection = (client: Queryable) => 'connect' in client && !('totalCount' in client);

/** A `Client` of pg warns of a query that comes while another runs, and from pg 9 on will refuse it. */
function oneAtATime(query: Client['query']): Client['query'] {
  let last: PromiseLike<unknown> = Promise.resolve();
  return (text, values) => {
    const run = () => query(text, values);
    const result = last.then(run, run);
    last = result;
    return result;
  };
}

/** A store's calls are few, since those made together are one statement. */
const maxConnections = 4;

function opened(url: string, timeoutMs = 5_000): Client {
  if (typeof url !== 'string' || url === '') {
    throw new ChathooksError('invalid_option', 'url is empty, expected one like "postgres://user@host/database"');
  }
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0 && timeoutMs < 2 ** 31)) {
    throw new ChathooksError('invalid_option', `timeoutMs is ${timeoutMs}, expected a number above 0 and below 2^31`);
  }
  const openPool = async () => {
    const { default: pg } = await importPg();
    const pool = new pg.Pool({
      connectionString: url,
      max: maxConnections,
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
      keepAlive: true,
      allowExitOnIdle: true,
    });
    // The connection was idle, and the next statement gets another one or fails by itself.
    pool.on('error', () => {});
    return pool;
  };
  let pool: ReturnType<typeof openPool> | undefined;
  let closing: Promise<void> | undefined;
  const end = async () => (await pool?.catch(() => undefined))?.end(); // one that never opened has told its callers why
  return {
    async query(text, values) {
      if (closing) throw new Error('The store is closed');
      pool ??= openPool();
      return (await pool).query(text, values);
    },
    close() {
      closing ??= end();
      return closing;
    },
  };
}

async function importPg() {
  try {
    return await import('pg');
  } catch (cause) {
    throw new ChathooksError(
      'missing_dependency',
      'The package pg cannot be imported: install it (npm i pg), or pass a client instead of url',
      { cause },
    );
  }
}
