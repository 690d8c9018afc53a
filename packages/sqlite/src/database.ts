import type { StatementSync } from 'node:sqlite';
import { ChathooksError, type ErrorCode } from '@chathooks/core';
import { inMemory, locate, openFile } from './file.ts';
import { type FileSettings, mergeSettings, type SqliteFileOptions } from './options.ts';
import { messageOf, numberOf, type Prepare, resultCode, resultCodes } from './sqlite.ts';
import { createTotals, type TotalsTable } from './totals.ts';
import { createWriter, type Writer } from './writer.ts';

/** A file, as one inbox or dedup store uses it. */
export interface Database {
  /** None in memory. */
  readonly path: string | undefined;
  /** Each text is prepared once. */
  readonly prepare: Prepare;
  /**
   * Does some work in a transaction, together with what else is asked for in the same turn of the event loop. Resolves
   * when that is committed.
   *
   * Work throws a ChathooksError when it refuses; it must have written nothing then. When it throws anything else,
   * nothing of it remains, and it costs the others nothing.
   *
   * @param options.isLasting - whether a loss of power must leave it, where `synchronous` is `'full'`. What only says who is
   * at work need not last, and its commit then waits for no disk. Default `true`
   * @throws ChathooksError of the user's codes, also after {@link Database.close}
   */
  write<Result>(work: () => Result, options?: { readonly isLasting: boolean }): Promise<Result>;
  /** @throws ChathooksError likewise, after {@link Database.close} */
  assertOpen(): void;
  /**
   * Reads outside of any transaction.
   *
   * @throws ChathooksError likewise
   */
  read<Result>(query: () => Result): Result;
  readonly totals: TotalsTable;
  /** Within a transaction: whether so much more may be put into the file. */
  hasRoom(texts: Iterable<{ readonly text: string }>): boolean;
  /** Tells the users of the file, in this process, that there may be something to do. */
  announce(): void;
  /** @returns a function that ends it */
  onAnnounce(listener: () => void): () => void;
  /** Lets go of the file; the last user closes it. May be called twice. */
  close(): Promise<void>;
}

/** The codes of a user's errors. */
export interface Codes {
  readonly unavailable: ErrorCode;
  readonly full: ErrorCode;
}

/** What the users of one file share. */
interface Shared extends Omit<Database, 'write' | 'read' | 'assertOpen' | 'close'> {
  readonly commit: Writer;
  users: number;
  readonly settings: () => FileSettings;
  /** Takes on the settings of another user. */
  adopt(settings: FileSettings): void;
  disconnect(): Promise<void>;
}

/** The open files of this process: two connections to one file would wait for each other. */
const open = new Map<string, Shared>();

/**
 * Opens a file, or shares it if this process has it open.
 *
 * @throws ChathooksError `invalid_option`, `missing_dependency`
 */
export function openDatabase(options: SqliteFileOptions, codes: Codes): Database {
  const { file, synchronous, maxBytes } = options;
  const path = file === inMemory ? undefined : locate(file);
  const shared = (path !== undefined && open.get(path)) || share(path);
  shared.adopt({ synchronous, maxBytes });
  if (path !== undefined) open.set(path, shared);
  shared.users += 1;
  let closing: Promise<void> | undefined;

  const explain = (error: unknown) =>
    resultCode(error) === undefined ? error : explainFailure(error, file, codes, shared.settings());
  const assertOpen = () => {
    if (closing) throw new ChathooksError(codes.unavailable, `${file} was closed, expected no call after close()`);
  };

  return {
    ...shared,
    assertOpen,
    async write(work, { isLasting } = { isLasting: true }) {
      assertOpen();
      let done: { readonly result: ReturnType<typeof work> } | undefined;
      const run = () => {
        done = { result: work() };
      };
      const failure = await shared.commit({ run, isLasting });
      if (failure) throw explain(failure.error);
      if (!done) throw new Error('A transaction was committed without all of its work');
      return done.result;
    },
    read(query) {
      assertOpen();
      try {
        return query();
      } catch (error) {
        throw explain(error);
      }
    },
    close() {
      closing ??= leave(path, shared);
      return closing;
    },
  };
}

async function leave(path: string | undefined, shared: Shared): Promise<void> {
  shared.users -= 1;
  if (shared.users > 0) return;
  if (path !== undefined) open.delete(path);
  await shared.disconnect();
}

function share(path: string | undefined): Shared {
  const connection = openFile(path ?? inMemory);
  const statements = new Map<string, StatementSync>();
  const prepare: Prepare = (sql) => {
    const statement = statements.get(sql) ?? connection.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const totals = createTotals(prepare);
  const commit = createWriter(connection, { ...totals, beforeBegin });
  const listeners = new Set<() => void>();
  const readNumber = (pragma: string) => numberOf(Object.values(prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);
  let settings: FileSettings = { synchronous: undefined, maxBytes: undefined };
  const pageBytes = readNumber('page_size');
  let mostPages = Number.POSITIVE_INFINITY;
  let level: FileSettings['synchronous'];

  /** A commit that waits for the disk takes with it what was committed before without waiting. */
  function beforeBegin(isLasting: boolean): void {
    const wanted = isLasting ? (settings.synchronous ?? 'full') : 'normal';
    if (wanted !== level) connection.exec(`PRAGMA synchronous = ${wanted}`);
    level = wanted;
  }

  return {
    path,
    prepare,
    commit,
    totals,
    users: 0,
    settings: () => settings,
    adopt(wanted) {
      settings = mergeSettings(path ?? inMemory, settings, wanted);
      if (settings.maxBytes === undefined) return;
      mostPages = Math.floor(settings.maxBytes / pageBytes);
      connection.exec(`PRAGMA max_page_count = ${mostPages}`);
    },
    hasRoom(texts) {
      if (mostPages === Number.POSITIVE_INFINITY) return true;
      let pages = readNumber('page_count') - readNumber('freelist_count');
      for (const { text } of texts) pages += Math.ceil(Buffer.byteLength(text) / pageBytes) + 1;
      return pages < mostPages - Math.ceil(mostPages / reservedPart);
    },
    announce() {
      for (const listener of listeners) listener();
    },
    onAnnounce(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async disconnect() {
      // What was asked for before comes before.
      await commit({ run() {}, isLasting: true });
      connection.close();
    },
  };
}

/** This part of a file that may not grow is kept for what settles entries: an update may need a page too. */
const reservedPart = 16;

function explainFailure(cause: unknown, file: string, codes: Codes, { maxBytes }: FileSettings): ChathooksError {
  const code = resultCode(cause);
  if (code === resultCodes.full) {
    const limit =
      maxBytes === undefined ? 'its disk is full' : `it may not exceed ${maxBytes} bytes, or its disk is full`;
    return new ChathooksError(codes.full, `${file} cannot grow: ${limit}`, { cause });
  }
  const reason = code === resultCodes.busy ? 'another process has kept it locked' : messageOf(cause);
  return new ChathooksError(codes.unavailable, `${file} could not be read or written: ${reason}`, { cause });
}
