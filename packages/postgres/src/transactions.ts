import { ChathooksError } from '@chathooks/core';
import { type Rows, rowsOf } from './connection.ts';

/** A pool whose clients run transactions: `Pool` of `pg`. */
export interface PoolLike {
  connect(): Promise<PoolClientLike>;
}

/** A client of a {@link PoolLike}. */
export interface PoolClientLike {
  query(text: string): Promise<{ readonly rows: readonly unknown[]; readonly command?: string }>;
  /** Gives it back to the pool or, with `true`, closes its connection. */
  release(destroy?: boolean): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
}

/** What a pool's `connect` resolves with: `PoolClient`. The pool of `pg` has a second signature, with a callback. */
export type ClientOf<Pool extends PoolLike> = Pool['connect'] extends {
  (): Promise<infer Client>;
  (callback: never): unknown;
}
  ? unknown extends Client
    ? Awaited<ReturnType<Pool['connect']>>
    : Client
  : never;

/** How to run something in a transaction, with an ORM. */
export interface OrmTransactions<Transaction> {
  /** Runs `run` in a transaction, which it is given: commits when it resolves, rolls back when it rejects. */
  begin(run: (transaction: unknown) => Promise<void>): PromiseLike<unknown>;
  /**
   * Runs a statement within it. There are no values to bind.
   *
   * @param transaction - what `begin` gave. Its type here is the type that the handler gets.
   */
  query(transaction: Transaction, text: string): PromiseLike<Rows>;
}

/** Runs a statement within a transaction. */
export type RunStatement = (text: string) => Promise<readonly unknown[]>;

/** Runs transactions. */
export interface Transactions<Transaction> {
  /**
   * Commits all that `work` does, or nothing of it.
   *
   * @param signal - aborts it, up to the moment of the commit
   * @throws what `work` throws, the reason of the signal, and what Postgres says
   */
  run(work: (transaction: Transaction, query: RunStatement) => Promise<void>, signal?: AbortSignal): Promise<void>;
}

/** Transactions on clients of a pool. */
export function poolTransactions(pool: PoolLike): Transactions<PoolClientLike> {
  return {
    async run(work, signal) {
      signal?.throwIfAborted();
      const client = await pool.connect();
      if (signal?.aborted) {
        client.release();
        throw signal.reason;
      }
      const query: RunStatement = async (text) => rowsOf(await client.query(text));
      let destroy = true;
      // A connection that is lost between two statements makes the next one fail; without a listener it ends the process.
      client.on('error', ignore);
      try {
        await unlessAborted(signal, async () => {
          await client.query('BEGIN');
          await work(client, query);
        });
        signal?.throwIfAborted();
        const { command } = await client.query('COMMIT');
        destroy = false;
        if (command === 'ROLLBACK') throw rolledBack();
      } catch (error) {
        // Whoever is still at work on an aborted transaction must not get to use the connection outside of it.
        if (destroy && !signal?.aborted) destroy = !(await rollBack(client));
        throw error;
      } finally {
        client.off('error', ignore);
        client.release(destroy);
      }
    },
  };
}

/** Transactions of an ORM. What is aborted is rolled back when `work` has settled: its connection is not ours to close. */
export function ormTransactions({ begin, query }: OrmTransactions<unknown>): Transactions<unknown> {
  return {
    async run(work, signal) {
      signal?.throwIfAborted();
      await begin(async (transaction) => {
        const run: RunStatement = async (text) => rowsOf(await query(transaction, text));
        await work(transaction, run);
        signal?.throwIfAborted();
        // A transaction in which a statement has failed would be rolled back by a COMMIT without an error.
        await run('SELECT 1 AS alive');
      });
    },
  };
}

const ignore = () => {};

const rolledBack = () =>
  new ChathooksError(
    'handler_failed',
    'Postgres rolled the transaction back: a statement in it had failed, and the handler went on without an error; ' +
      'let it throw, or use a savepoint around what may fail',
  );

async function rollBack(client: PoolClientLike): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    return false; // The connection is lost, and the transaction with it.
  }
}

/** Settles as `work` does, or rejects when the signal aborts, whichever is first. */
async function unlessAborted(signal: AbortSignal | undefined, work: () => Promise<void>): Promise<void> {
  if (!signal) return work();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
