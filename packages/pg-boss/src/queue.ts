import type { FailureReason, InboxEntry } from '@chathooks/core';
import type { Engine, OpenEngine } from './engine.ts';
import { isRecord, jobIdOf, readJob, toJobs } from './jobs.ts';
import type { Settings } from './options.ts';
import type { AttemptLike, DbLike, NewJobLike, PgBossLike } from './pg-boss-like.ts';
import { countFailed, countPending, listExpired, listSilent, notify } from './queries.ts';

/** An entry that this process has taken: nobody else has it, nor those behind it, while the process gives signs of life. */
export interface Claim {
  readonly id: string;
  /** Tells pg-boss which take of the job this is, so that a process that lost it changes nothing. */
  readonly retryCount: number;
  /** 1 for the first. */
  readonly attempt: number;
  readonly entry: InboxEntry;
  /** The same as JSON. */
  readonly json: string;
  readonly untried: number;
}

/** What an inbox asks of pg-boss. */
export interface Queue {
  /** Resolves when they are durable. */
  insert(entries: readonly InboxEntry[]): Promise<void>;
  /** Takes entries whose turn it is, no more than one per ordering key. */
  take(limit: number): Promise<readonly Claim[]>;
  /** Gives signs of life. Answers with the ids of the jobs that are still claimed. */
  keep(claims: readonly Claim[]): Promise<ReadonlySet<string>>;
  /** Forgets entries. */
  done(claims: readonly Claim[]): Promise<void>;
  /** Lets go of an entry, whose turn it is again after `delayMs`. `counted`: whether it was tried. */
  giveBack(claims: readonly Claim[], options: { readonly delayMs: number; readonly counted: boolean }): Promise<void>;
  /** Moves an entry to those that were set aside. */
  setAside(claim: Claim, reason: FailureReason): Promise<void>;
  /** Takes the entries of silent processes from them. Answers with how many there were. */
  takeOver(): Promise<number>;
  /** Deletes what was set aside and kept for long enough. */
  deleteExpired(): Promise<void>;
  countPending(limit?: number): Promise<number>;
  countFailed(): Promise<number>;
  /** Wakes other processes. */
  notify(channel: string): Promise<void>;
}

/** Makes a {@link Queue}. */
export function createQueue(engine: Engine, settings: Settings): Queue {
  const { name, failedName, keepFailedMs, leaseMs, onError } = settings;

  async function toClaim(
    { boss }: OpenEngine,
    { id, retryCount, data }: AttemptLike & { readonly data: unknown },
  ): Promise<Claim | undefined> {
    const job = readJob(data);
    if (job) {
      const { parsed: entry, entry: json, untried = 0 } = job;
      return { id, retryCount, attempt: retryCount + 1 - untried, entry, json, untried };
    }
    onError(new Error(`The job ${id} of the queue ${name} holds no entry of an inbox, and was cancelled`));
    await boss.cancel(name, { id, retryCount }).catch(onError);
    return undefined;
  }

  async function giveBackIn(
    db: DbLike,
    { boss }: OpenEngine,
    { id, retryCount, json, untried }: Claim,
    { delayMs, counted }: { readonly delayMs: number; readonly counted: boolean },
  ): Promise<void> {
    if (affectedBy(await boss.fail(name, { id, retryCount }, null, { db })) === 0) return;
    // A failed job keeps its place, and holds those behind it, until its time has come.
    const data = counted ? undefined : { entry: json, untried: untried + 1 };
    await boss.update(name, data, { id, startAfter: `${Math.ceil(delayMs)} milliseconds`, db });
  }

  return {
    async insert(entries) {
      const { boss } = await engine.open();
      await insertAll(boss, name, toJobs(entries));
    },
    async take(limit) {
      const open = await engine.open();
      const jobs = await open.boss.fetch(name, { batchSize: limit });
      const claims = await Promise.all(jobs.map((job) => toClaim(open, job)));
      return claims.filter((claim) => claim !== undefined);
    },
    async keep(claims) {
      const { boss } = await engine.open();
      return settledBy(await boss.touch(name, claims.map(toAttempt)));
    },
    async done(claims) {
      const { boss } = await engine.open();
      await boss.deleteJob(name, claims.map(toAttempt));
    },
    async giveBack(claims, options) {
      const open = await engine.open();
      await open.transaction(async (db) => {
        for (const claim of claims) await giveBackIn(db, open, claim, options);
      });
    },
    async setAside(claim, reason) {
      const { boss, transaction } = await engine.open();
      const { json: entry } = claim;
      const attempts = Math.min(claim.attempt, settings.attempts);
      const id = jobIdOf(claim.entry.event.id);
      const retentionSeconds = Math.min(Math.ceil(keepFailedMs / 1_000), 2 ** 31 - 1);
      await transaction(async (db) => {
        if (affectedBy(await boss.deleteJob(name, toAttempt(claim), { db })) === 0) return;
        await boss.deleteJob(failedName, id, { db });
        const data = { entry, failure: JSON.stringify({ attempts, reason }) };
        await insertAll(boss, failedName, [{ id, data, retentionSeconds }], db);
      });
    },
    async takeOver() {
      const { boss, query, tables } = await engine.open();
      const silent = (await query(listSilent(tables, name, leaseMs))).flatMap(toSilent);
      return silent.length === 0
        ? 0
        : affectedBy(await boss.fail(name, silent, { message: 'its process went silent' }));
    },
    async deleteExpired() {
      const { boss, query, tables } = await engine.open();
      const ids = (await query(listExpired(tables, failedName, keepFailedMs))).flatMap(toId);
      if (ids.length > 0) await boss.deleteJob(failedName, ids);
    },
    async countPending(limit) {
      const { query, tables } = await engine.open();
      return countIn(await query(countPending(tables, name, limit ?? null)));
    },
    async countFailed() {
      const { query, tables } = await engine.open();
      return countIn(await query(countFailed(tables, failedName, keepFailedMs)));
    },
    async notify(channel) {
      const { query } = await engine.open();
      await query(notify(channel));
    },
  };
}

const toAttempt = ({ id, retryCount }: Claim) => ({ id, retryCount });

/**
 * Inserts jobs, all of them.
 *
 * @throws when pg-boss did not store some, as when the queue was deleted meanwhile: it tells so by the ids alone
 */
export async function insertAll(boss: PgBossLike, queue: string, jobs: NewJobLike[], db?: DbLike): Promise<void> {
  const ids = await boss.insert(queue, jobs, { returnId: true, ...(db && { db }) });
  if (ids?.length === jobs.length) return;
  throw new Error(`pg-boss stored ${ids?.length ?? 0} of ${jobs.length} jobs in the queue ${queue}, expected all`);
}

/** How many jobs a call of pg-boss changed. */
export function affectedBy(response: object): number {
  if ('affected' in response && typeof response.affected === 'number') return response.affected;
  throw new Error('pg-boss did not tell how many jobs it changed: expected a version that does, 12.35 or later');
}

function settledBy(response: object): ReadonlySet<string> {
  if ('settled' in response && Array.isArray(response.settled)) return new Set(response.settled.map(String));
  throw new Error('pg-boss did not tell which jobs it changed: expected a version that does, 12.35 or later');
}

function countIn([row]: readonly unknown[]): number {
  const count = isRecord(row) ? Number(row.count) : Number.NaN;
  if (Number.isSafeInteger(count)) return count;
  throw new Error(`A count was answered with ${JSON.stringify(row)}, expected a number`);
}

const toId = (row: unknown) => (isRecord(row) && typeof row.id === 'string' ? [row.id] : []);

const toSilent = (row: unknown) =>
  isRecord(row) && typeof row.id === 'string' && typeof row.retry_count === 'number'
    ? [{ id: row.id, retryCount: row.retry_count }]
    : [];
