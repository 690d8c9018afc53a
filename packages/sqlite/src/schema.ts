import { ChathooksError } from '@chathooks/core';
import { type Connection, numberOf } from './sqlite.ts';

/** Marks files as ours, in their header: "chks". */
const applicationId = 0x63686b73;

/**
 * What brings a file from each version of the schema to the next, the first from nothing. Those that were released never
 * change.
 */
const migrations = [
  `
  -- Events that wait for their turn, or for another try, or are being tried.
  -- A row is one of: ready (it can be taken), due later, taken by an owner, or behind another of its lane.
  CREATE TABLE entries (
    seq INTEGER PRIMARY KEY,            -- the order in which they were put
    id TEXT NOT NULL UNIQUE,            -- of the event
    lane TEXT,                          -- its ordering key
    ready INTEGER,                      -- the order in which they became ready
    due_at INTEGER,                     -- milliseconds since the epoch
    owner INTEGER,                      -- owners.number
    attempts INTEGER NOT NULL,          -- that have begun and count
    payload INTEGER NOT NULL            -- payloads.number
  ) STRICT;
  CREATE INDEX entries_lane ON entries (lane) WHERE lane IS NOT NULL;
  CREATE INDEX entries_ready ON entries (ready) WHERE ready IS NOT NULL;
  CREATE INDEX entries_due ON entries (due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX entries_owner ON entries (owner) WHERE owner IS NOT NULL;

  -- Events that were set aside.
  CREATE TABLE failed (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    lane TEXT,
    attempts INTEGER NOT NULL,
    failed_at INTEGER NOT NULL,
    reason TEXT NOT NULL,               -- JSON
    payload INTEGER NOT NULL
  ) STRICT;

  -- The events themselves, in JSON: apart, since a row that changes is written anew.
  CREATE TABLE payloads (number INTEGER PRIMARY KEY, entry TEXT NOT NULL) STRICT;

  -- One row. How many entries there are, since counting them would take long, and numbers that only grow.
  CREATE TABLE totals (
    pending INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    turn INTEGER NOT NULL,              -- the next entries.ready
    payload INTEGER NOT NULL            -- the next payloads.number
  ) STRICT;
  INSERT INTO totals VALUES (0, 0, 1, 1);

  -- Inboxes that take entries. Numbers are never used again, so that nobody settles what another has.
  CREATE TABLE owners (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,          -- of its lock
    until INTEGER                       -- the end of its lease; null: its entries were given to others
  ) STRICT;

  -- Events that are being handled, or were. A key without a token was.
  CREATE TABLE claims (key TEXT PRIMARY KEY, token TEXT, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE ranks (key TEXT PRIMARY KEY, rank INTEGER NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
] as const;

/**
 * Creates the tables, or brings them to this version.
 *
 * @throws ChathooksError `invalid_option` when the file is another program's, or of a newer version
 */
export function migrate(connection: Connection, file: string): void {
  const version = inOneView(connection, () => checkVersion(connection, file));
  // Not before it is known whose file it is: this changes it for good.
  connection.exec('PRAGMA journal_mode = WAL');
  if (version === migrations.length) return;
  connection.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have been here meanwhile.
    for (const migration of migrations.slice(checkVersion(connection, file))) connection.exec(migration);
    connection.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}; COMMIT`);
  } catch (error) {
    rollBack(connection);
    throw error;
  }
}

/** Reads what was there at one moment, whatever other processes make of the file meanwhile. */
function inOneView<Result>(connection: Connection, read: () => Result): Result {
  connection.exec('BEGIN');
  try {
    return read();
  } finally {
    rollBack(connection);
  }
}

/** Undoes the transaction, unless SQLite already has. */
export function rollBack(connection: Connection): void {
  try {
    connection.exec('ROLLBACK');
  } catch {
    // There is no transaction left.
  }
}

function checkVersion(connection: Connection, file: string): number {
  const read = (sql: string) => numberOf(Object.values(connection.prepare(sql).get() ?? {})[0]);
  const id = read('PRAGMA application_id');
  const version = read('PRAGMA user_version');
  const isEmpty = id === 0 && version === 0 && read('SELECT count(*) FROM sqlite_schema') === 0;
  if (!isEmpty && id !== applicationId) {
    throw new ChathooksError(
      'invalid_option',
      `${file} is a database of another program, expected a file of its own: give another path`,
    );
  }
  if (version > migrations.length) {
    throw new ChathooksError(
      'invalid_option',
      `${file} has version ${version} of the schema, expected ${migrations.length} at most: a newer @chathooks/sqlite has used it, upgrade this one`,
    );
  }
  return version;
}
