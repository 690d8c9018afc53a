import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type ChathooksError, hasErrorCode } from '@chathooks/core';
import { type SqliteInboxOptions, sqliteDedup, sqliteInbox } from '@chathooks/sqlite';
import { createTestClock } from '@chathooks/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { entryOf } from './entries.ts';
import { fileNames, look, temporaryFolder } from './files.ts';
import { startScript } from './processes.ts';

const folder = temporaryFolder();
const newFile = fileNames();
afterEach(() => vi.restoreAllMocks());

function refusalOf(open: () => unknown): ChathooksError {
  try {
    open();
  } catch (error) {
    if (hasErrorCode(error)) return error;
    throw error;
  }
  return expect.fail('it was accepted');
}

/** The connections that prepare statements from now on. */
function watchConnections(): ReadonlySet<DatabaseSync> {
  const connections = new Set<DatabaseSync>();
  const prepare = DatabaseSync.prototype.prepare;
  vi.spyOn(DatabaseSync.prototype, 'prepare').mockImplementation(function (this: DatabaseSync, sql) {
    connections.add(this);
    return prepare.call(this, sql);
  });
  return connections;
}

const filesBeside = (file: string) => readdirSync(dirname(file)).filter((name) => name.startsWith(basename(file)));

describe('the file', () => {
  it('can be read by nobody else, nor can those beside it', async () => {
    const file = newFile();
    const inbox = sqliteInbox({ file });
    await inbox.start(async () => ({ state: 'done' }));
    await inbox.put([entryOf('one')]);
    const names = filesBeside(file);
    expect(names).toHaveLength(4);
    for (const name of names) expect(statSync(join(dirname(file), name)).mode & 0o777, name).toBe(0o600);
    await inbox.close?.();
  });

  it('is one however it is called, and shared by an inbox and a dedup store of a process', async () => {
    const file = newFile();
    const link = join(folder, 'link.sqlite');
    symlinkSync(file, link);
    const connections = watchConnections();
    const inbox = sqliteInbox({ file });
    const dedup = sqliteDedup({ file: link });
    expect(connections.size).toBe(1);
    await dedup.claim('key', { leaseMs: 1_000 });
    await inbox.put([entryOf('one')]);
    await inbox.close?.();
    expect(existsSync(`${file}-wal`), 'the dedup store still has it open').toBe(true);
    expect(await dedup.claim('key', { leaseMs: 1_000 })).toEqual({ state: 'in-flight' });
    await dedup.close?.();
    expect(filesBeside(file), 'the last user has closed it').toEqual([basename(file)]);
  });

  it.each([
    [{}, 2],
    [{ synchronous: 'full' as const }, 2],
    [{ synchronous: 'normal' as const }, 1],
  ])('is written as %o says, but leases wait for no disk', async (options, level) => {
    const connections = watchConnections();
    const file = newFile();
    const [dedup, inbox] = [sqliteDedup({ file, ...options }), sqliteInbox({ file, ...options })];
    const [connection] = connections;
    const synchronous = () => connection?.prepare('PRAGMA synchronous').get()?.synchronous;
    const claim = await dedup.claim('key', { leaseMs: 60_000 });
    expect(synchronous(), 'a claim').toBe(1);
    await dedup.complete('key', claim.state === 'fresh' ? claim.token : '', { rememberMs: 60_000 });
    expect(synchronous(), 'what was handled').toBe(level);
    await dedup.advance?.('key', 1, { rememberMs: 60_000 });
    expect(synchronous(), 'a rank').toBe(1);
    await Promise.all([inbox.put([entryOf('one')]), dedup.claim('other key', { leaseMs: 60_000 })]);
    expect(synchronous(), 'an event and a claim').toBe(level);
    expect(connection?.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    await inbox.close?.();
    await dedup.close?.();
  });

  it('is not shared in memory', async () => {
    const [first, second] = [sqliteInbox({ file: ':memory:' }), sqliteInbox({ file: ':memory:' })];
    await first.put([entryOf('one')]);
    expect(await first.counts()).toEqual({ pending: 1, failed: 0 });
    expect(await second.counts()).toEqual({ pending: 0, failed: 0 });
    const handled: string[] = [];
    const all = Promise.withResolvers<void>();
    await first.start(async ({ event }) => {
      handled.push(event.id);
      all.resolve();
      return { state: 'done' };
    });
    await all.promise;
    expect(handled).toEqual(['one']);
    await first.close?.();
    await second.close?.();
  });

  it('stays what it is when it is of another program', () => {
    const file = newFile();
    look(file, (database) => database.exec('CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)'));
    const { code, message } = refusalOf(() => sqliteInbox({ file }));
    expect(code).toBe('invalid_option');
    expect(message).toContain('is a database of another program');
    const seen = look(file, (database) => [
      database.prepare('PRAGMA journal_mode').get(),
      database.prepare('SELECT name FROM sqlite_schema').all(),
    ]);
    expect(seen).toEqual([{ journal_mode: 'delete' }, [{ name: 'theirs' }]]);
  });

  it('is refused when a newer version has made it', async () => {
    const file = newFile();
    await sqliteDedup({ file }).close?.();
    look(file, (database) => database.exec('PRAGMA user_version = 99'));
    const { code, message } = refusalOf(() => sqliteDedup({ file }));
    expect(code).toBe('invalid_option');
    expect(message).toContain('has version 99 of the schema');
  });

  it.each([
    ['text', (file: string) => writeFileSync(file, 'This is text, and long enough to have a header. '.repeat(100))],
    ['a folder', (file: string) => mkdirSync(file)],
    ['a file in a folder that is not there', (file: string) => rmSync(dirname(file), { recursive: true })],
  ])('is refused when it is %s', (name, make) => {
    const own = join(folder, name);
    mkdirSync(own);
    const file = join(own, 'a.sqlite');
    make(file);
    const { code, message } = refusalOf(() => sqliteInbox({ file }));
    expect(code).toBe('invalid_option');
    expect(message).toMatch(/cannot be used: .+ Expected a path/);
  });

  it('can be opened by several processes at once that all find none', { timeout: 30_000 }, async () => {
    const file = newFile();
    const children = Array.from({ length: 4 }, () => startScript('open-file.ts', [file]));
    await Promise.all(children.map((child) => once(child, 'message')));
    const exits = children.map((child) => once(child, 'exit'));
    for (const child of children) child.send('go');
    const codes = (await Promise.all(exits)).map(([code]) => code);
    expect(codes).toEqual([0, 0, 0, 0]);
    const inbox = sqliteInbox({ file });
    expect(await inbox.counts()).toEqual({ pending: 4, failed: 0 });
    await inbox.close?.();
  });
});

describe('the options', () => {
  const file = join(folder, 'never.sqlite');

  it.each<[string, object]>([
    ['file is undefined', {}],
    ['file is ""', { file: '' }],
    ["synchronous is \"off\", expected 'full' or 'normal'", { file, synchronous: 'off' }],
    ['maxBytes is 1000, expected 1048576 or more', { file, maxBytes: 1000 }],
    ['leaseMs is 0, expected a whole number of milliseconds above 0', { file, leaseMs: 0 }],
    ['pollMs is 0.5, expected a whole number of milliseconds above 0', { file, pollMs: 0.5 }],
    ['attempts is 0, expected a whole number above 0', { file, attempts: 0 }],
  ])('are refused when %s', (text, options) => {
    const { code, message } = refusalOf(() => sqliteInbox(options as SqliteInboxOptions));
    expect(code).toBe('invalid_option');
    expect(message).toContain(text);
    expect(existsSync(file)).toBe(false);
  });

  it('are refused when their name is none', () => {
    const { code, message } = refusalOf(() => sqliteInbox({ file, path: 'x' } as SqliteInboxOptions));
    expect(code).toBe('unknown_option');
    expect(message).toContain('path is no option, expected one of file, ');
  });

  it('may not contradict those of another user of the file in this process', async () => {
    const shared = newFile();
    const inbox = sqliteInbox({ file: shared, synchronous: 'normal' });
    const dedup = sqliteDedup({ file: shared, maxBytes: 2 ** 24 });
    const { code, message } = refusalOf(() => sqliteDedup({ file: shared, synchronous: 'full' }));
    expect(code).toBe('invalid_option');
    expect(message).toContain('is normal here and full there');
    expect(refusalOf(() => sqliteInbox({ file: shared, maxBytes: 2 ** 25 })).code).toBe('invalid_option');
    await inbox.close?.();
    await dedup.close?.();
    await sqliteDedup({ file: shared, synchronous: 'full' }).close?.();
  });

  it('say what is missing where Node has no SQLite, and importing the package did no harm', () => {
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
    for (const open of [sqliteInbox, sqliteDedup]) {
      const { code, message } = refusalOf(() => open({ file: newFile() }));
      expect(code).toBe('missing_dependency');
      expect(message).toContain('has no node:sqlite, expected Node 22.13 or later');
    }
  });
});

describe('close()', () => {
  it('makes later calls reject, may be called twice, and waits for what was asked for before', async () => {
    const file = newFile();
    const clock = createTestClock();
    const inbox = sqliteInbox({ file, clock });
    const dedup = sqliteDedup({ file, clock });
    const putting = inbox.put([entryOf('one')]);
    const claiming = dedup.claim('key', { leaseMs: 1_000 });
    await Promise.all([inbox.close?.(), inbox.close?.(), dedup.close?.(), dedup.close?.()]);
    await putting;
    expect((await claiming).state).toBe('fresh');
    await expect(inbox.put([entryOf('two')])).rejects.toThrow(/was closed.*\(inbox_unavailable\)/);
    await expect(inbox.start(async () => ({ state: 'done' }))).rejects.toThrow(/was closed/);
    await expect(dedup.claim('key', { leaseMs: 1_000 })).rejects.toThrow(/was closed.*\(store_unavailable\)/);
    expect(filesBeside(file)).toEqual([basename(file)]);
    expect(clock.pending).toBe(0);
  });

  it('of a started inbox stops it first', async () => {
    const file = newFile();
    const inbox = sqliteInbox({ file });
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    await inbox.start(async () => {
      begun.resolve();
      await gate.promise;
      return { state: 'done' };
    });
    await inbox.put([entryOf('one')]);
    await begun.promise;
    const closing = inbox.close?.();
    gate.resolve();
    await closing;
    const next = sqliteInbox({ file });
    expect(await next.counts()).toEqual({ pending: 0, failed: 0 });
    await next.close?.();
  });
});
