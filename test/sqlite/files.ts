import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll } from 'vitest';

/** Makes a folder for the files of a test file, deleted at its end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'chathooks-sqlite-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Names files of their own in such a folder. */
export function fileNames(): () => string {
  const folder = temporaryFolder();
  let files = 0;
  return () => {
    files += 1;
    return join(folder, `${files}.sqlite`);
  };
}

/** Looks into a file, beside whoever has it open. */
export function look<Result>(file: string, see: (database: DatabaseSync) => Result): Result {
  const database = new DatabaseSync(file);
  try {
    return see(database);
  } finally {
    database.close();
  }
}

/** Resolves when all promise callbacks, and what they put off to the next turn, have run. */
export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
