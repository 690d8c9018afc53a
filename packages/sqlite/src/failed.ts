import type { FailedEvent, FailureReason } from '@chathooks/core';
import type { Database } from './database.ts';
import { type Payloads, parseEntry } from './payloads.ts';
import { numberOf, textOf } from './sqlite.ts';

const sql = {
  page: `
    SELECT failed.number, attempts, failed_at, reason, entry
    FROM failed JOIN payloads ON payloads.number = failed.payload
    WHERE failed.number > :after AND failed_at > :expired ORDER BY failed.number LIMIT :count`,
  find: 'SELECT payload FROM failed WHERE id = :id AND failed_at > :expired',
  remove: 'DELETE FROM failed WHERE id = :id',
  // They were set aside in the order of their numbers, so that no other needs to be looked at.
  sweep: `
    DELETE FROM failed WHERE failed_at <= :expired
    AND number IN (SELECT number FROM failed ORDER BY number LIMIT :count) RETURNING payload`,
  oldest: 'SELECT failed_at FROM failed ORDER BY number LIMIT 1',
};

/** So many are read at once. */
const pageSize = 50;

/** So many are deleted at once. */
const sweepSize = 200;

/** The entries of a file that were set aside. What is older than `keepFailedMs` counts as gone. */
export interface FailedEntries {
  /** Oldest first. Holds no transaction open between one and the next. */
  list(): AsyncIterable<FailedEvent>;
  /** Within a transaction. @returns the number of its payload */
  find(id: string): number | undefined;
  /** Within a transaction: removes all but the payload. */
  remove(id: string): void;
  /** Deletes what was kept for long enough. Costs next to nothing when there is none. */
  sweep(): Promise<void>;
}

/** Makes {@link FailedEntries}. */
export function createFailedEntries(
  database: Database,
  payloads: Payloads,
  { keepFailedMs, now }: { readonly keepFailedMs: number; readonly now: () => number },
): FailedEntries {
  const { prepare, totals } = database;
  const page = prepare(sql.page);
  const find = prepare(sql.find);
  const remove = prepare(sql.remove);
  const sweep = prepare(sql.sweep);
  const oldest = prepare(sql.oldest);
  const expired = () => now() - keepFailedMs;

  async function* list() {
    for (let after = 0; ; ) {
      const rows = database.read(() => page.all({ after, expired: expired(), count: pageSize }));
      for (const row of rows) {
        after = numberOf(row.number);
        yield readFailed(row);
      }
      if (rows.length < pageSize) return;
    }
  }

  const hasExpired = () => {
    const failedAt = oldest.get()?.failed_at;
    return typeof failedAt === 'number' && failedAt <= expired();
  };

  return {
    list,
    find(id) {
      const row = find.get({ id, expired: expired() });
      return row && numberOf(row.payload);
    },
    remove(id) {
      totals.current().failed -= Number(remove.run({ id }).changes);
    },
    async sweep() {
      while (database.read(hasExpired)) {
        await database.write(() => {
          for (const { payload } of sweep.all({ expired: expired(), count: sweepSize })) {
            payloads.remove(numberOf(payload));
            totals.current().failed -= 1;
          }
        });
      }
    },
  };
}

function readFailed(row: Readonly<Record<string, unknown>>): FailedEvent {
  const entry = parseEntry(textOf(row.entry));
  return {
    id: entry.event.id,
    entry,
    attempts: numberOf(row.attempts),
    failedAt: new Date(numberOf(row.failed_at)).toISOString(),
    reason: parseReason(textOf(row.reason)),
  };
}

function parseReason(text: string): FailureReason {
  const reason: unknown = JSON.parse(text);
  if (isReason(reason)) return reason;
  throw new TypeError('A reason in the file is none, expected what was stored');
}

function isReason(value: unknown): value is FailureReason {
  if (typeof value !== 'object' || value === null || !('code' in value) || !('message' in value)) return false;
  return typeof value.code === 'string' && typeof value.message === 'string';
}
