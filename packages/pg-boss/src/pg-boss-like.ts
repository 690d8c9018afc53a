/*
 * What is used of pg-boss, so that its types need not be fit for whoever compiles against ours.
 * `test/pg-boss/types.test-d.ts` holds them against the real ones.
 */

/** What is used of a database connection of pg-boss. */
export interface DbLike {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
  listen?(
    channel: string,
    onNotification: (payload: string) => void,
    onReconnect: () => void,
  ): Promise<{ close(): Promise<void> }>;
  beginTransaction?(): Promise<TransactionLike>;
}

/** What is used of a transaction of pg-boss. */
export interface TransactionLike {
  readonly db: DbLike;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** A take of a job. */
export interface AttemptLike {
  readonly id: string;
  readonly retryCount: number;
}

/** What is used of a job to be stored. */
export interface NewJobLike {
  id?: string;
  singletonKey?: string;
  data?: object;
  retentionSeconds?: number;
}

/** What is used of a queue's settings. */
export interface QueueSettingsLike {
  retryLimit?: number;
  retryDelay?: number;
  retryBackoff?: boolean;
  expireInSeconds?: number;
  retentionSeconds?: number;
}

/** Where to do something. */
export interface PlaceLike {
  db?: DbLike;
}

/** What is used of a `PgBoss`. */
export interface PgBossLike {
  createQueue(name: string, options?: QueueSettingsLike & { policy?: string }): Promise<void>;
  updateQueue(name: string, options: QueueSettingsLike): Promise<void>;
  getQueue(name: string): Promise<(QueueSettingsLike & { policy?: string; table: string }) | null>;
  insert(name: string, jobs: NewJobLike[], options?: PlaceLike & { returnId?: boolean }): Promise<string[] | null>;
  fetch(name: string, options?: { batchSize?: number }): Promise<readonly (AttemptLike & { readonly data: unknown })[]>;
  touch(name: string, attempts: AttemptLike[]): Promise<object>;
  fail(name: string, attempts: AttemptLike | AttemptLike[], output: object | null, place?: PlaceLike): Promise<object>;
  update(
    name: string,
    data: object | undefined,
    options: PlaceLike & { id: string; startAfter: string },
  ): Promise<{ updated: number }>;
  cancel(name: string, attempt: AttemptLike): Promise<object>;
  deleteJob(name: string, ids: string | string[] | AttemptLike | AttemptLike[], place?: PlaceLike): Promise<object>;
  findJobs(
    name: string,
    options: PlaceLike & { id: string },
  ): Promise<readonly { readonly data: unknown; readonly createdOn: Date }[]>;
  getDb(): DbLike;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  off(event: 'error', listener: (error: unknown) => void): unknown;
}

/** Options of pg-boss's own constructor: `max`, `ssl`, `migrate` and what else it takes. */
export interface PgBossConnectionOptions {
  readonly connectionString?: string;
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
  readonly user?: string;
  readonly password?: string | (() => string | Promise<string>);
  /** Passed on to `pg`. */
  readonly ssl?: unknown;
  /** How many connections it opens at most. @defaultValue 10 */
  readonly max?: number;
  readonly schema?: string;
  /** Whether pg-boss maintains all of its queues. @defaultValue the inbox has its own queues maintained, where it works */
  readonly supervise?: boolean;
  readonly [option: string]: unknown;
}
