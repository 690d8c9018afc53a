import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { hasErrorCode, type InboxTry, type InboxVerdict, type Logger } from '@chathooks/core';
import { sqliteDedup, sqliteInbox } from '@chathooks/sqlite';
import { createTestClock } from '@chathooks/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { entryOf } from './entries.ts';
import { fileNames, look, turn } from './files.ts';

const newFile = fileNames();
const done: InboxVerdict = { state: 'done' };
const timeout = 30_000;

/** Whether a disk can be made that is full soon. */
const canMount = process.platform === 'linux' && process.getuid?.() === 0;

const idsIn = (file: string) =>
  look(file, (database) =>
    database
      .prepare('SELECT id FROM entries')
      .all()
      .map(({ id }) => String(id)),
  );
const integrityOf = (file: string) =>
  look(file, (database) => database.prepare('PRAGMA integrity_check').get()?.integrity_check);

/** Has another connection keep a file locked, as a program that writes to it does. */
function lock(file: string): () => void {
  const other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  return () => other.close();
}

describe('a file that is locked', { concurrent: true, timeout }, () => {
  it('is waited for, without holding up the event loop', async () => {
    const file = newFile();
    const inbox = sqliteInbox({ file });
    const unlock = lock(file);
    let isSettled = false;
    const putting = inbox.put([entryOf('one')]).finally(() => {
      isSettled = true;
    });
    for (let turns = 0; turns < 10; turns++) await turn();
    expect(isSettled).toBe(false);
    unlock();
    await putting;
    expect(await inbox.counts()).toEqual({ pending: 1, failed: 0 });
    await inbox.close?.();
  });

  it('for long has calls rejected and verdicts kept, and then all goes on', async () => {
    const file = newFile();
    const clock = createTestClock();
    const logger = { warn: vi.fn<Logger['warn']>(), error: vi.fn<Logger['error']>() };
    const inbox = sqliteInbox({ file, clock, logger });
    const dedup = sqliteDedup({ file, clock });
    const gate = Promise.withResolvers<void>();
    const tried: string[] = [];
    await inbox.start(async ({ event }) => {
      tried.push(event.id);
      await gate.promise;
      return done;
    });
    await inbox.put([entryOf('one', 'key'), entryOf('two', 'key')]);
    while (tried.length < 1) await turn();

    const unlock = lock(file);
    gate.resolve();
    const [put, claim] = await Promise.allSettled([
      inbox.put([entryOf('three')]),
      dedup.claim('key', { leaseMs: 1_000 }),
    ]);
    expect(put).toMatchObject({ status: 'rejected', reason: { message: expect.stringMatching(/kept it locked/) } });
    expect(put).toMatchObject({ reason: { code: 'inbox_unavailable' } });
    expect(claim).toMatchObject({ status: 'rejected', reason: { code: 'store_unavailable' } });
    expect(await inbox.counts()).toEqual({ pending: 2, failed: 0 });
    unlock();
    while (tried.length < 2) await clock.advance(200);
    await inbox.close?.();
    await dedup.close?.();
    expect(tried).toEqual(['one', 'two']);
    expect(idsIn(file)).toEqual([]);
    expect(logger.error).toHaveBeenCalledOnce();
    expect(logger.error).toHaveBeenCalledWith(
      { error: expect.objectContaining({ code: 'inbox_unavailable' }) },
      expect.stringMatching(/The inbox could not .+; it tries again/),
    );
  });
});

describe('a file that is locked at the end of an inbox', { timeout }, () => {
  it('has what could not be settled go to others of the process at once, as after a crash', async () => {
    const file = newFile();
    const clock = createTestClock();
    const logger = { warn: vi.fn<Logger['warn']>(), error: vi.fn<Logger['error']>() };
    const options = { file, clock, logger, concurrency: 1 };
    const gate = Promise.withResolvers<void>();
    const tries: string[] = [];
    const handlerOf =
      (name: string) =>
      async (_: unknown, { attempt }: InboxTry) => {
        tries.push(`${name} attempt ${attempt}`);
        if (name === 'first') await gate.promise;
        return done;
      };
    const [first, second] = [sqliteInbox(options), sqliteInbox(options)];
    await first.start(handlerOf('first'));
    await first.put([entryOf('one')]);
    while (tries.length < 1) await turn();
    await second.start(handlerOf('second'));

    const unlock = lock(file);
    const stopping = first.stop();
    gate.resolve();
    while (logger.error.mock.calls.length < 1) await turn();
    unlock();
    await stopping;
    while (tries.length < 2) await turn();
    await second.stop();
    expect(tries).toEqual(['first attempt 1', 'second attempt 2']);
    expect(await second.counts()).toEqual({ pending: 0, failed: 0 });
    await first.close?.();
    await second.close?.();
  });
});

describe('a file that is full', () => {
  it('by maxBytes refuses more, has room for what works events off, and takes more then', async () => {
    const file = newFile();
    const maxBytes = 2 ** 20;
    const inbox = sqliteInbox({ file, maxBytes, attempts: 1 });
    const dedup = sqliteDedup({ file });
    const stored: string[] = [];
    const fill = async (length: number) => {
      for (;;) {
        const id = `${stored.length}`;
        try {
          await inbox.put([entryOf(id, `chat ${id}`, 'x'.repeat(length))]);
          stored.push(id);
        } catch (error) {
          if (!hasErrorCode(error, 'inbox_full')) throw error;
          return stored.length;
        }
      }
    };
    await fill(10_000);
    const fitted = await fill(100);
    expect(fitted).toBeGreaterThan(50);
    await expect(inbox.put([entryOf('large', 'chat', 'x'.repeat(2 ** 20))])).rejects.toThrow(/\(inbox_full\)/);
    // What fails needs room too: for another row, and for what it was refused with.
    await inbox.start(async ({ event }) => {
      const claim = await dedup.claim(event.id, { leaseMs: 1_000 });
      if (claim.state === 'fresh') await dedup.complete(event.id, claim.token, { rememberMs: 1_000 });
      if (Number(event.id) < fitted / 2) return done;
      return { state: 'failed', permanent: true, reason: { code: 'handler_failed', message: 'no'.repeat(100) } };
    });
    while ((await inbox.counts()).pending > 0) await turn();
    await inbox.stop();
    expect(await inbox.counts()).toEqual({ pending: 0, failed: Math.floor(fitted / 2) });
    expect(await fill(10_000)).toBeGreaterThan(fitted + 20);
    const claims = async () => {
      for (let key = 0; ; key++) await dedup.claim(`${'x'.repeat(500)}${key}`, { leaseMs: 1_000 });
    };
    await expect(claims()).rejects.toThrow(/may not exceed 1048576 bytes.*\(store_unavailable\)/);
    await inbox.close?.();
    await dedup.close?.();
    expect(statSync(file).size).toBeLessThanOrEqual(maxBytes);
    expect(integrityOf(file)).toBe('ok');
  });

  it.skipIf(!canMount)('as its disk is, refuses more until there is room', async () => {
    const disk = `${newFile()}.disk`;
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk]);
    onTestFinished(() => void execFileSync('umount', ['--lazy', disk]));
    const [file, ballast] = [join(disk, 'a.sqlite'), join(disk, 'ballast')];
    writeFileSync(ballast, Buffer.alloc(2 ** 20));
    const inbox = sqliteInbox({ file });
    const put = (id: number) => inbox.put([entryOf(`${id}`, 'chat', 'x'.repeat(20_000))]);
    let stored = 0;
    const fill = async () => {
      for (;;) {
        await put(stored);
        stored += 1;
      }
    };
    await expect(fill()).rejects.toThrow(/its disk is full \(inbox_full\)/);
    await expect(put(stored)).rejects.toThrow(/\(inbox_full\)/);
    rmSync(ballast);
    await put(stored);
    expect(await inbox.counts()).toEqual({ pending: stored + 1, failed: 0 });
    await inbox.close?.();
    expect(idsIn(file)).toHaveLength(stored + 1);
    expect(integrityOf(file)).toBe('ok');
  });

  it.skipIf(process.platform === 'win32')(
    'as files of the process may be refuses more and takes more later, and loses nothing that it took',
    { timeout },
    async () => {
      const file = newFile();
      // A limit of the process: more is an I/O error.
      const child = startPutting([file], { limitBlocks: 1_024 });
      const { stored } = await child.until(({ refused }) => refused.length > 20);
      expect(stored.length).toBeGreaterThan(20);
      expect(child.printed.refused.join('\n')).toMatch(/\(inbox_(unavailable|full)\)/);
      await child.kill();
      expect(idsIn(file)).toEqual(expect.arrayContaining(stored));
      expect(integrityOf(file)).toBe('ok');
      const inbox = sqliteInbox({ file });
      await inbox.put([entryOf('later')]);
      await inbox.close?.();
    },
  );
});

describe('a process that is killed in the middle of commits', { timeout }, () => {
  it.each(['full', 'normal'])('leaves all that it acknowledged, with synchronous: %s', async (synchronous) => {
    const file = newFile();
    const acknowledged: string[] = [];
    for (const few of [1, 50, 400]) {
      const child = startPutting([file, synchronous]);
      const { stored } = await child.until((printed) => printed.stored.length >= few + Math.random() * few);
      await child.kill();
      acknowledged.push(...stored);
      expect(integrityOf(file)).toBe('ok');
    }
    const ids = new Set(idsIn(file));
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(450);
    const inbox = sqliteInbox({ file });
    expect(await inbox.counts()).toEqual({ pending: ids.size, failed: 0 });
    await inbox.close?.();
  });
});

/** What {@link startPutting} has seen. */
interface Printed {
  readonly stored: string[];
  readonly refused: string[];
}

/** Starts a process that puts entries into a file until it is killed. */
function startPutting(args: readonly string[], { limitBlocks }: { readonly limitBlocks?: number } = {}) {
  const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const node = [
    process.execPath,
    '--import',
    path('../examples/resolve-sources.mjs'),
    path('put-in-a-loop.ts'),
    ...args,
  ];
  // The signal would end the process; ignored, it is an error that SQLite sees.
  const limit = limitBlocks === undefined ? '' : `trap '' XFSZ; ulimit -f ${limitBlocks}; `;
  const child = spawn('sh', ['-c', `${limit}exec "$@"`, 'sh', ...node], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exit = once(child, 'exit');
  const printed: Printed = { stored: [], refused: [] };
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => {
    const [what, id = ''] = line.split(' ');
    if (what === 'stored') printed.stored.push(id);
    else printed.refused.push(line);
  });
  return {
    printed,
    async until(isSo: (seen: Printed) => boolean): Promise<Printed> {
      while (!isSo(printed)) await Promise.race([once(lines, 'line'), exit.then(() => expect.fail('it has ended'))]);
      return printed;
    },
    async kill() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}
