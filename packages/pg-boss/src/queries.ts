/*
 * The only SQL of this package. It reads what pg-boss has no call for: it counts exactly, lists in pages, and finds
 * claims that went silent. All writing goes through pg-boss. `test/pg-boss/drift.test.ts` tells when a column changes.
 */

/** Where the queues are. */
export interface Tables {
  /** With the schema. */
  readonly entries: string;
  readonly failed: string;
}

/** A statement with its values. */
export interface Query {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** How many entries wait or are being tried; no more than `limit` are counted. Uses two of pg-boss's partial indexes. */
export const countPending = ({ entries }: Tables, name: string, limit: number | null): Query => ({
  text: `
    SELECT
      (SELECT count(*) FROM (
        SELECT 1 FROM ${entries} WHERE name = $1 AND state < 'active' AND NOT blocked LIMIT $2::bigint
      ) waiting)::int
      + (SELECT count(*) FROM ${entries} WHERE name = $1 AND state = 'active' AND policy = 'key_strict_fifo')::int
      AS count`,
  values: [name, limit],
});

/** How many entries were set aside, not counting those kept for long enough. */
export const countFailed = ({ failed }: Tables, name: string, keepMs: number): Query => ({
  text: `
    SELECT count(*)::int AS count FROM ${failed}
    WHERE name = $1 AND state < 'active' AND NOT blocked AND created_on > now() - $2 * interval '1 millisecond'`,
  values: [name, keepMs],
});

/** Where a page of {@link listFailed} ends. */
export interface Cursor {
  /** ISO-8601, UTC, with the microseconds that a `Date` would drop. */
  readonly createdOn: string;
  readonly id: string;
}

/** Entries that were set aside, the oldest first. */
export const listFailed = ({ failed }: Tables, name: string, keepMs: number, after: Cursor | undefined): Query => ({
  text: `
    SELECT id::text, to_char(created_on AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS created_on, data FROM ${failed}
    WHERE name = $1 AND state < 'active' AND NOT blocked AND created_on > now() - $2 * interval '1 millisecond'
      AND priority = 0 -- as all have: with it the index has them in order
      AND (created_on, id) > (coalesce($3::timestamptz, '-infinity'), coalesce($4::uuid, '00000000-0000-0000-0000-000000000000'))
    ORDER BY created_on, id LIMIT 100`,
  values: [name, keepMs, after?.createdOn ?? null, after?.id ?? null],
});

/** The oldest entries that were set aside and kept for long enough. */
export const listExpired = ({ failed }: Tables, name: string, keepMs: number): Query => ({
  text: `
    SELECT id::text FROM ${failed}
    WHERE name = $1 AND state < 'active' AND NOT blocked AND created_on <= now() - $2 * interval '1 millisecond'
    LIMIT 1000`,
  values: [name, keepMs],
});

/** Claims of processes that have been silent for too long. */
export const listSilent = ({ entries }: Tables, name: string, leaseMs: number): Query => ({
  text: `
    SELECT id::text, retry_count FROM ${entries}
    WHERE name = $1 AND state = 'active' AND policy = 'key_strict_fifo'
      AND heartbeat_on < now() - $2 * interval '1 millisecond'
    LIMIT 1000`,
  values: [name, leaseMs],
});

/** Whether a schema is the one that a queue is in. */
export const findQueue = (schema: string, name: string): Query => ({
  text: `SELECT name FROM ${schema}.queue WHERE name = $1`,
  values: [name],
});

/** Wakes who listens. */
export const notify = (channel: string): Query => ({ text: `SELECT pg_notify($1, '')`, values: [channel] });
