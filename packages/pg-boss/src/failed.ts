import type { FailedEvent, FailedEvents } from '@chathooks/core';
import type { Engine } from './engine.ts';
import { isRecord, jobIdOf, parseJson, readEntry, toJobs } from './jobs.ts';
import type { Settings } from './options.ts';
import { type Cursor, listFailed } from './queries.ts';
import { affectedBy, insertAll } from './queue.ts';

/** Options of {@link createFailedEvents}. */
export interface FailedEventsOptions {
  readonly engine: Engine;
  readonly settings: Settings;
  /** Told when an entry was brought back. */
  onBack(): void;
}

/** Makes the list of what was set aside. */
export function createFailedEvents({ engine, settings, onBack }: FailedEventsOptions): FailedEvents {
  const { name, failedName, keepFailedMs, onError } = settings;

  async function* list(): AsyncGenerator<FailedEvent, void, undefined> {
    const { query, tables } = await engine.open();
    let after: Cursor | undefined;
    do {
      const rows = (await query(listFailed(tables, failedName, keepFailedMs, after))).flatMap(toRow);
      for (const row of rows) {
        const failed = toFailedEvent(row);
        if (failed) yield failed;
        else onError(new Error(`The job ${row.id} of the queue ${failedName} is no entry that was set aside`));
      }
      after = rows.at(-1);
    } while (after);
  }

  return {
    list,
    async retry(eventId) {
      const { boss, transaction } = await engine.open();
      const id = jobIdOf(eventId);
      const back = await transaction(async (db) => {
        const [job] = await boss.findJobs(failedName, { id, db });
        const json = job && isRecord(job.data) && !isOver(job.createdOn) ? job.data.entry : undefined;
        const entry = typeof json === 'string' ? readEntry(json) : undefined;
        if (!entry || affectedBy(await boss.deleteJob(failedName, id, { db })) === 0) return false;
        await insertAll(boss, name, toJobs([entry]), db);
        return true;
      });
      if (back) onBack();
      return back;
    },
    async discard(eventId) {
      const { boss } = await engine.open();
      const id = jobIdOf(eventId);
      const [job] = await boss.findJobs(failedName, { id });
      if (!job || isOver(job.createdOn)) return false;
      return affectedBy(await boss.deleteJob(failedName, id)) > 0;
    },
  };

  function isOver(since: Date): boolean {
    return since.getTime() + keepFailedMs <= Date.now();
  }
}

interface Row extends Cursor {
  readonly data: unknown;
}

function toRow(row: unknown): readonly Row[] {
  if (!isRecord(row) || typeof row.id !== 'string' || typeof row.created_on !== 'string') return [];
  return [{ id: row.id, createdOn: row.created_on, data: row.data }];
}

function toFailedEvent({ createdOn, data }: Row): FailedEvent | undefined {
  if (!isRecord(data) || typeof data.entry !== 'string' || typeof data.failure !== 'string') return;
  const entry = readEntry(data.entry);
  const failure = parseJson(data.failure);
  if (!entry || !isRecord(failure) || !isRecord(failure.reason)) return;
  const { attempts, reason } = failure;
  const { code, message } = reason;
  if (typeof attempts !== 'number' || typeof code !== 'string' || typeof message !== 'string') return;
  const failedAt = new Date(createdOn).toISOString();
  return { id: entry.event.id, entry, attempts, failedAt, reason: { code, message } };
}
