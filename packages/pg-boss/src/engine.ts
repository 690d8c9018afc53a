import { ChathooksError } from '@chathooks/core';
import { PgBoss } from 'pg-boss';
import { inTime } from './in-time.ts';
import { invalid, type Settings } from './options.ts';
import type { DbLike, PgBossConnectionOptions, PgBossLike, QueueSettingsLike } from './pg-boss-like.ts';
import { findQueue, type Query, type Tables } from './queries.ts';

/** A database that can hold a transaction. */
type TransactionalDb = DbLike & Required<Pick<DbLike, 'beginTransaction'>>;

/** pg-boss, connected, with the queues of the inbox. */
export interface OpenEngine {
  readonly boss: PgBossLike;
  readonly tables: Tables;
  query(query: Query): Promise<readonly unknown[]>;
  /** What is done in it is done as a whole or not at all. */
  transaction<T>(run: (db: DbLike) => Promise<T>): Promise<T>;
  /** Calls back on news. Answers with a function that ends that, or with nothing where it cannot be. */
  listen(channel: string, onNews: () => void): Promise<(() => Promise<void>) | undefined>;
  /** Has pg-boss maintain the queues. */
  maintain(): Promise<void>;
}

/** The way to {@link OpenEngine}. */
export interface Engine {
  /** Connects when it is first asked to, and again after it could not. */
  open(): Promise<OpenEngine>;
  /** Stops a pg-boss that was made here. */
  close(): Promise<void>;
}

const policy = 'key_strict_fifo';

/** After how many seconds pg-boss itself deletes what waits: never before us. */
const tenYears = 10 * 365 * 24 * 60 * 60;

/**
 * pg-boss must neither count tries, nor end them, nor delete what waits: a job that it lets fail for good would hold its
 * key for ever.
 */
const entriesQueue = {
  retryLimit: 2 ** 31 - 1,
  retryDelay: 0,
  retryBackoff: false,
  expireInSeconds: 24 * 60 * 60,
  retentionSeconds: tenYears,
} as const satisfies QueueSettingsLike;

/** How long it may take to close something: without Postgres it would wait for answers that do not come. */
const closeLimitMs = 2_000;

/** Makes an {@link Engine}. */
export function createEngine(settings: Settings): Engine {
  const { name, failedName, schema, onError, source } = settings;
  let opening: Promise<OpenEngine> | undefined;
  let closing: Promise<void> | undefined;
  let own: PgBoss | undefined;

  async function openOnce(): Promise<OpenEngine> {
    const boss: PgBossLike = source.boss ?? (await startOwn(source.connection));
    if (source.boss) boss.on('error', onError);
    try {
      return await prepare(boss);
    } catch (error) {
      await letGo();
      throw source.boss && isAssertion(error) ? new Error(notStarted, { cause: error }) : error;
    }
  }

  async function startOwn(connection: PgBossConnectionOptions): Promise<PgBoss> {
    const boss = new PgBoss({ supervise: false, schedule: false, ...withTimeout(connection) });
    boss.on('error', onError);
    own = boss;
    try {
      return await boss.start();
    } catch (error) {
      await letGo();
      throw error;
    }
  }

  async function prepare(boss: PgBossLike): Promise<OpenEngine> {
    const db = boss.getDb();
    if (!isTransactional(db)) {
      throw invalid('The database adapter of pg-boss has no beginTransaction, expected one that has, or none');
    }
    await boss.createQueue(name, { policy, ...entriesQueue });
    const queue = await boss.getQueue(name);
    if (!queue) throw new Error(`The queue ${name} was deleted while it was being opened`);
    if (queue.policy !== policy) {
      throw invalid(`The queue ${name} has the policy ${queue.policy}, expected ${policy}: choose another name`);
    }
    const differs = Object.entries(entriesQueue).some(([key, value]) => Reflect.get(queue, key) !== value);
    if (differs) await boss.updateQueue(name, entriesQueue);
    await boss.createQueue(failedName);
    const failedQueue = await boss.getQueue(failedName);
    if (source.boss) await checkSchema(db);
    // pg-boss looks each queue up once, on a connection of its own: in a transaction that could be one too many.
    for (const each of [name, failedName]) await boss.findJobs(each, { id: '00000000-0000-0000-0000-000000000000' });
    return {
      boss,
      tables: { entries: `${schema}.${queue.table}`, failed: `${schema}.${failedQueue?.table ?? queue.table}` },
      query: async ({ text, values }) => (await db.executeSql(text, [...values])).rows,
      transaction: (run) => inTransaction(db, run),
      async listen(channel, onNews) {
        const handle = await db.listen?.(channel, onNews, onNews);
        return handle && (() => inTime(handle.close(), closeLimitMs).catch(onError));
      },
      async maintain() {
        if (source.connection?.supervise !== undefined) return;
        for (const each of [name, failedName]) await own?.supervise(each);
      },
    };
  }

  async function checkSchema(db: DbLike): Promise<void> {
    const { text, values } = findQueue(schema, name);
    const message = `The pg-boss given does not have its queues in the schema ${schema}, expected its schema as \`schema\``;
    const { rows } = await db.executeSql(text, [...values]).catch((cause: unknown) => {
      if (isMissingRelation(cause)) throw invalid(message, { cause });
      throw cause;
    });
    if (rows.length === 0) throw invalid(message);
  }

  /** Ends what {@link openOnce} began. */
  async function letGo(): Promise<void> {
    source.boss?.off('error', onError);
    const boss = own;
    own = undefined;
    if (boss) await inTime(boss.stop({ graceful: false }), closeLimitMs).catch(onError);
  }

  return {
    open() {
      if (closing) return Promise.reject(new ChathooksError('shutting_down', 'The inbox is closed'));
      opening ??= openOnce().catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      return opening;
    },
    close() {
      closing ??= letGo();
      return closing;
    },
  };
}

/** A connection that died without a word must not hold the inbox up for as long as the network likes. */
function withTimeout(connection: PgBossConnectionOptions): PgBossConnectionOptions {
  const limits = { query_timeout: 30_000 };
  return { ...limits, ...connection };
}

const isTransactional = (db: DbLike): db is TransactionalDb => db.beginTransaction !== undefined;

async function inTransaction<T>(db: TransactionalDb, run: (db: DbLike) => Promise<T>): Promise<T> {
  const transaction = await db.beginTransaction();
  try {
    const result = await run(transaction.db);
    await transaction.commit();
    return result;
  } catch (error) {
    await transaction.rollback();
    throw error;
  }
}

/** What pg-boss throws while it is not connected. */
const isAssertion = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_ASSERTION';

const notStarted = 'The pg-boss given refuses calls, expected one that has been started: `await boss.start()`';

/** The codes of Postgres for a table or a schema that does not exist. */
const isMissingRelation = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '42P01' || error.code === '3F000');
