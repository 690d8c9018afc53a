import { type ChatEvent, ChathooksError, consoleLogger, type HandlerContext, type Logger } from '@chathooks/core';
import { milliseconds } from './duration.ts';
import { keyOf } from './key.ts';
import { explained } from './sql-state.ts';
import { markStatement } from './statements.ts';
import { createSweeper } from './sweep.ts';
import { type TableOptions, tableOf } from './table.ts';
import {
  type ClientOf,
  type OrmTransactions,
  ormTransactions,
  type PoolLike,
  poolTransactions,
  type Transactions,
} from './transactions.ts';

/** Options of {@link transactional} beside those that say how to begin a transaction. */
export interface TransactionalSettings extends TableOptions {
  /**
   * Tells this handler from the others of the same event. Part of what is remembered: two handlers of an event need
   * different names, or only one of them would run, and a handler whose name changes is run again for events that come
   * again.
   */
  readonly name: string;
  /**
   * How long an event is known to have been handled: longer than it may come again, from the vendor or from an inbox.
   *
   * @defaultValue 604800000, 7 days
   */
  readonly rememberMs?: number;
  /** Is told when what is known for too long could not be deleted. @defaultValue `consoleLogger` */
  readonly logger?: Pick<Logger, 'warn'>;
}

/** What a handler gets that runs in a transaction: what every handler gets, and the transaction. */
export interface TransactionalContext<Transaction> extends HandlerContext {
  /** For the statements that are to be committed with the event: a client of the pool, or what the ORM calls a transaction. */
  readonly transaction: Transaction;
}

/** A handler that runs in a transaction. */
export type TransactionalHandler<Event extends ChatEvent, Transaction> = (
  event: Event,
  context: TransactionalContext<Transaction>,
) => unknown;

/**
 * Makes a handler whose work in the database takes effect exactly once for each event, whichever dedup store there is: it
 * runs between BEGIN and COMMIT, and that it did is written in the same transaction. When the event comes again, even
 * because the process died right after the commit, the handler is not called. When it comes twice at once, the second
 * waits for the first, and is handled if that failed.
 *
 * @remarks
 * Only what is done through `context.transaction` is part of this: a mail that the handler sends may be sent twice. When
 * the handler throws or its `signal` aborts, everything is rolled back. The table is that of {@link postgresDedup}, whose
 * `migrate()` makes it.
 *
 * @throws ChathooksError `invalid_option`
 * @example
 * ```ts
 * createReceiver({
 *   onMessageInbound: transactional({ pool, name: 'store-message' }, async ({ data }, { transaction }) => {
 *     await transaction.query('INSERT INTO messages (id, text) VALUES ($1, $2)', [data.message.id, data.message.text]);
 *   }),
 * });
 * ```
 */
export function transactional<Pool extends PoolLike, Event extends ChatEvent = ChatEvent>(
  options: TransactionalSettings & { readonly pool: Pool; readonly begin?: never },
  handler: TransactionalHandler<Event, ClientOf<Pool>>,
): (event: Event, context: HandlerContext) => Promise<void>;
/**
 * The same for an ORM.
 *
 * @throws ChathooksError `invalid_option`
 * @example
 * ```ts
 * transactional(
 *   {
 *     name: 'store-message',
 *     begin: (run) => knex.transaction(run),
 *     query: (transaction: Knex.Transaction, text) => transaction.raw(text),
 *   },
 *   async ({ data }, { transaction }) => transaction('messages').insert({ id: data.message.id }),
 * );
 * ```
 */
export function transactional<Transaction, Event extends ChatEvent = ChatEvent>(
  options: TransactionalSettings & OrmTransactions<Transaction> & { readonly pool?: never },
  handler: TransactionalHandler<Event, Transaction>,
): (event: Event, context: HandlerContext) => Promise<void>;
export function transactional(
  options: TransactionalSettings &
    ({ readonly pool: PoolLike; readonly begin?: never } | (OrmTransactions<unknown> & { readonly pool?: never })),
  handler: TransactionalHandler<ChatEvent, unknown>,
): (event: ChatEvent, context: HandlerContext) => Promise<void> {
  const { name, rememberMs = 7 * 24 * 60 * 60 * 1000, logger = consoleLogger } = options;
  check(options, rememberMs, handler);
  const table = tableOf(options);
  const transactions: Transactions<unknown> = options.pool ? poolTransactions(options.pool) : ormTransactions(options);
  const sweeper = createSweeper({ table, query: (text) => queryAlone(transactions, text), logger });

  return async (event, context) => {
    const mark = markStatement(table, keyOf('mark', name, event.id), milliseconds(rememberMs));
    let isFirst = false;
    await transactions.run(async (transaction, query) => {
      const marked = await query(mark).catch((error: unknown) => {
        throw explained(error, table);
      });
      isFirst = marked.length > 0;
      if (isFirst) await handler(event, new Context(context, transaction));
    }, context.signal);
    if (isFirst) await sweeper.added(1);
  };
}

/** Passes on what the handler's context has, whose accessors work on that object only. */
class Context implements TransactionalContext<unknown> {
  readonly transaction: unknown;
  readonly #context: HandlerContext;

  constructor(context: HandlerContext, transaction: unknown) {
    this.#context = context;
    this.transaction = transaction;
  }

  get signal(): AbortSignal {
    return this.#context.signal;
  }

  get deadline(): Date {
    return this.#context.deadline;
  }

  get attempt(): number {
    return this.#context.attempt;
  }

  get secretName(): string {
    return this.#context.secretName;
  }

  reply(content: unknown): boolean {
    return this.#context.reply(content);
  }
}

async function queryAlone(transactions: Transactions<unknown>, text: string): Promise<readonly unknown[]> {
  let rows: readonly unknown[] = [];
  await transactions.run(async (_, query) => {
    rows = await query(text);
  });
  return rows;
}

interface Unchecked {
  readonly name: unknown;
  readonly pool?: unknown;
  readonly begin?: unknown;
  readonly query?: unknown;
}

/** Tells callers without a compiler what is wrong. */
function check(options: Unchecked, rememberMs: unknown, handler: unknown): void {
  const { name, pool, begin, query } = options;
  if (typeof name !== 'string' || name.trim() === '') {
    const seen = typeof name === 'string' ? JSON.stringify(name) : typeof name;
    refuse(`name is ${seen}, expected one that no other handler of the same event has`);
  }
  if (typeof rememberMs !== 'number' || !(rememberMs > 0)) {
    refuse(`rememberMs is ${rememberMs}, expected a number above 0`);
  }
  if (typeof handler !== 'function') refuse(`The handler of "${name}" is ${typeof handler}, expected a function`);
  const hasPool = typeof pool === 'object' && pool !== null && 'connect' in pool && typeof pool.connect === 'function';
  if (!hasPool && (typeof begin !== 'function' || typeof query !== 'function')) {
    refuse('There is neither pool.connect() nor begin() and query(), expected a Pool of pg, or the two of an ORM');
  }
}

function refuse(message: string): never {
  throw new ChathooksError('invalid_option', message);
}
