import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { createPrivately } from './file.ts';
import { type Connection, connect, resultCode, resultCodes } from './sqlite.ts';

/**
 * Shows that an owner is alive: a lock on a file of its own, held until it lets go or dies, however it dies. The
 * operating system sees to that, also across containers, where process ids tell nothing.
 */
export interface OwnerLock {
  readonly name: string;
  /** Lets go; the file remains. May be called twice. */
  release(): void;
}

/** Where the lock of an owner is. In memory nobody else could look. */
const lockFile = (path: string, name: string) => `${path}-owner-${name}`;

/**
 * Takes a lock that nobody has.
 *
 * @param path - of the database
 * @throws what SQLite and the file system throw
 */
export function takeLock(path: string | undefined): OwnerLock {
  const name = randomUUID();
  if (path === undefined) return { name, release() {} };
  const file = lockFile(path, name);
  createPrivately(file);
  const connection = connect(file);
  connection.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  let held = true;
  return {
    name,
    release() {
      if (held) connection.close();
      held = false;
    },
  };
}

/** Whether an owner holds its lock; `unknown` if the file has gone or cannot be opened. */
export function lockState(path: string | undefined, name: string): 'held' | 'free' | 'unknown' {
  if (path === undefined || !existsSync(lockFile(path, name))) return 'unknown';
  let connection: Connection | undefined;
  try {
    connection = connect(lockFile(path, name), { readOnly: true });
    connection.exec('SELECT 1 FROM sqlite_schema');
    return 'free';
  } catch (error) {
    return resultCode(error) === resultCodes.busy ? 'held' : 'unknown';
  } finally {
    connection?.close();
  }
}

/** Deletes what a dead owner has left. */
export function deleteLock(path: string | undefined, name: string): void {
  if (path !== undefined) rmSync(lockFile(path, name), { force: true });
}
