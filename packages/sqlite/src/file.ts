import { closeSync, openSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { ChathooksError } from '@chathooks/core';
import { migrate } from './schema.ts';
import { connect, messageOf, resultCode, resultCodes } from './sqlite.ts';

/** In memory there is no file. */
export const inMemory = ':memory:';

/**
 * Creates a file that only its user can read, unless there is one.
 *
 * A file that exists is not touched: to open and close it would undo the locks that this process has on it.
 */
export function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return;
    throw error;
  }
}

/**
 * The one name of a file, by whatever path it is given. Creates it if there is none.
 *
 * @throws ChathooksError `invalid_option`
 */
export function locate(file: string): string {
  try {
    const path = resolve(file);
    createPrivately(path);
    return realpathSync(path);
  } catch (cause) {
    throw unusable(file, cause);
  }
}

/** How long other processes may be busy with making a file, or with closing it. */
const patienceMs = 5_000;

/**
 * Opens a file, with the tables in it. Waits for other processes that open or close it at the same time.
 *
 * @throws ChathooksError `invalid_option`, `missing_dependency`
 */
export function openFile(path: string): DatabaseSync {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return openOnce(path);
    } catch (cause) {
      if (cause instanceof ChathooksError) throw cause;
      if (resultCode(cause) !== resultCodes.busy || performance.now() > deadline) throw unusable(path, cause);
      // SQLite's own waiting does not cover the change to a write-ahead log.
      sleep(5 + Math.random() * 10);
    }
  }
}

/** Holds up everything: for the start of a program only. */
function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function openOnce(path: string): DatabaseSync {
  const connection = connect(path);
  try {
    // Up to 16 MiB of pages are kept in memory.
    connection.exec(`
      PRAGMA busy_timeout = 1000;
      PRAGMA temp_store = MEMORY;
      PRAGMA cache_size = -16384;
    `);
    migrate(connection, path);
    // The log is worked into the database whenever it has grown by 8 MiB, and cut back to 64 MiB if somebody has kept it
    // from that. From now on SQLite hardly waits for locks itself, since it holds up the event loop then.
    connection.exec(`
      PRAGMA wal_autocheckpoint = 2000;
      PRAGMA journal_size_limit = 67108864;
      PRAGMA busy_timeout = 2;
    `);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function unusable(file: string, cause: unknown): ChathooksError {
  const reason = resultCode(cause) === resultCodes.notADatabase ? 'it is not a database' : messageOf(cause);
  return new ChathooksError(
    'invalid_option',
    `${file} cannot be used: ${reason}. Expected a path in a folder that exists and can be written to, of a file of its own or of none`,
    { cause },
  );
}
