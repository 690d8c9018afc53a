import type { FailedEvent } from '@chathooks/core';
import type { Database } from './database.ts';
import { type Payloads, parseEntry } from './payloads.ts';
import { numberOf, textOf } from './sqlite.ts';

const sql = {
  page: `
    SELECT failed.number, id, attempts, failed_at, code, message, entry
    FROM failed JOIN payloads ON payloads.number = failed.payload
    WHERE failed.number > :after AND failed_at > :expired ORDER BY failed.number LIMIT :count`,
  remove: 'DELETE FROM failed WHERE id = :id AND failed_at > :expired RETURNING id, lane, payload',
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

/** What is left to be done with an entry that is set aside no longer. */
export interface FailedRow {
  readonly id: string;
  readonly lane: string | null;
  readonly payload: number;
}

/** The entries of a file that were set aside. What is older than `keepFailedMs` counts as gone. */
export interface FailedEntries {
  /** Oldest first. Holds no transaction open between one and the next. */
  list(): AsyncIterable<FailedEvent>;
  /** Within a transaction: removes all but the payload. */
  remove(id: string): FailedRow | undefined;
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
    remove(id) {
      const [row] = remove.all({ id, expired: expired() });
      if (!row) return undefined;
      totals.current().failed -= 1;
      return { id, lane: row.lane === null ? null : textOf(row.lane), payload: numberOf(row.payload) };
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
  return {
    id: textOf(row.id),
    entry: parseEntry(textOf(row.entry)),
    attempts: numberOf(row.attempts),
    failedAt: new Date(numberOf(row.failed_at)).toISOString(),
    reason: { code: textOf(row.code), message: textOf(row.message) },
  };
}
