import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { InboxEntry, InboxTry, InboxVerdict } from '@chathooks/core';
import { sqliteInbox } from '@chathooks/sqlite';
import { createTestClock } from '@chathooks/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { entryOf } from './entries.ts';
import { fileNames, look, turn } from './files.ts';
import { createProcesses } from './processes.ts';

const newFile = fileNames();
const processes = createProcesses();
afterAll(() => processes.end());
const done: InboxVerdict = { state: 'done' };
const anHour = 3_600_000;
const never = new Promise<never>(() => {});
const timeout = 30_000;

/** Records what a handler is given, and lets a test wait for it. */
function recorder(answer: (id: string) => Promise<InboxVerdict> = async () => done) {
  const tries: string[] = [];
  let change = Promise.withResolvers<void>();
  return {
    tries,
    handle: ({ event }: InboxEntry, { attempt }: InboxTry) => {
      tries.push(`${event.id} attempt ${attempt}`);
      change.resolve();
      change = Promise.withResolvers();
      return answer(event.id);
    },
    async until(count: number) {
      while (tries.length < count) await change.promise;
    },
  };
}

const lockFilesOf = (file: string) =>
  readdirSync(dirname(file)).filter((name) => name.startsWith(`${basename(file)}-owner-`));

/** Waits for what a file says. */
async function untilEmpty(inbox: { counts(): Promise<{ pending: number }> }): Promise<void> {
  while ((await inbox.counts()).pending > 0) await turn();
}

describe('a process that is killed with events', { timeout }, () => {
  it('is followed at once by one that starts, however long its lease', async () => {
    const options = { file: newFile(), leaseMs: anHour };
    const dying = await processes.open(options);
    const first = recorder(() => never);
    await dying.start(first.handle);
    await dying.put([entryOf('a1', 'a'), entryOf('a2', 'a'), entryOf('b1', 'b')]);
    await first.until(2);
    await dying.kill();
    expect(lockFilesOf(options.file)).toHaveLength(1);

    const next = sqliteInbox(options);
    const second = recorder();
    await next.start(second.handle);
    await second.until(3);
    expect(second.tries).toEqual(['a1 attempt 2', 'b1 attempt 2', 'a2 attempt 1']);
    await next.close?.();
    expect(lockFilesOf(options.file)).toEqual([]);
  });

  it('is noticed soon by one that runs, however long its lease', async () => {
    const options = { file: newFile(), leaseMs: anHour };
    const [dying, living] = [await processes.open(options), sqliteInbox(options)];
    const first = recorder(() => never);
    await dying.start(first.handle);
    const second = recorder();
    await dying.put([entryOf('a1', 'a'), entryOf('a2', 'a')]);
    await first.until(1);
    await living.start(second.handle);
    const killedAt = performance.now();
    await dying.kill();
    await second.until(2);
    expect(performance.now() - killedAt).toBeLessThan(10_000);
    expect(second.tries).toEqual(['a1 attempt 2', 'a2 attempt 1']);
    await living.close?.();
  });

  it('again and again is no reason to try an event for ever', async () => {
    const options = { file: newFile(), attempts: 2 };
    for (const attempt of [1, 2]) {
      const dying = await processes.open(options);
      const { handle, until, tries } = recorder(() => never);
      await dying.start(handle);
      if (attempt === 1) await dying.put([entryOf('poison', 'a'), entryOf('behind', 'a')]);
      await until(1);
      expect(tries).toEqual([`poison attempt ${attempt}`]);
      await dying.kill();
    }
    const inbox = sqliteInbox(options);
    const { handle, until, tries } = recorder();
    await inbox.start(handle);
    await until(1);
    expect(tries).toEqual(['behind attempt 1']);
    for await (const { id, attempts, reason } of inbox.failed.list()) {
      expect({ id, attempts, reason }).toEqual({
        id: 'poison',
        attempts: 2,
        reason: { code: 'handler_failed', message: 'Its process ended during the last try' },
      });
    }
    await untilEmpty(inbox);
    expect(await inbox.counts()).toEqual({ pending: 0, failed: 1 });
    await inbox.close?.();
  });

  it('and had none leaves nothing behind when the next one starts', async () => {
    const options = { file: newFile() };
    const dying = await processes.open(options);
    await dying.start(recorder().handle);
    await dying.kill();
    expect(lockFilesOf(options.file)).toHaveLength(1);
    const next = sqliteInbox(options);
    await next.start(recorder().handle);
    expect(lockFilesOf(options.file)).toHaveLength(1);
    await next.close?.();
    expect(lockFilesOf(options.file)).toEqual([]);
    expect(look(options.file, (database) => database.prepare('SELECT * FROM owners').all())).toEqual([]);
  });
});

describe('a process that lives but is silent', { concurrent: true, timeout }, () => {
  const leaseMs = 500;

  /** A process that is frozen while it tries an event, but not while it writes: then all would wait for it. */
  async function openFrozen(file: string) {
    const frozen = await processes.open({ file, leaseMs, pollMs: 60_000 });
    const gate = Promise.withResolvers<InboxVerdict>();
    const record = recorder((id) => (id === 'a1' ? gate.promise : Promise.resolve(done)));
    await frozen.start(record.handle);
    await frozen.put([entryOf('a1', 'a'), entryOf('a2', 'a')]);
    await record.until(1);
    frozen.freeze();
    return { frozen, record, gate };
  }

  it.each<[string, InboxVerdict]>([
    ['"done"', done],
    ['"never"', { state: 'failed', permanent: true, reason: { code: 'handler_failed', message: 'too late' } }],
    ['"not yet"', { state: 'postponed', delayMs: 0 }],
  ])('loses its events when its lease ends, its %s counts no more, and it takes others again', async (_, late) => {
    const file = newFile();
    const { frozen, record: first, gate } = await openFrozen(file);
    const other = sqliteInbox({ file });
    const otherGate = Promise.withResolvers<InboxVerdict>();
    const second = recorder(() => otherGate.promise);
    await other.start(second.handle);
    expect(second.tries).toEqual([]);
    await second.until(1);
    expect(second.tries).toEqual(['a1 attempt 2']);

    gate.resolve(late);
    frozen.thaw();
    await frozen.put([entryOf('b1', 'b')]);
    while (first.tries.length + second.tries.length < 3) await turn();
    await frozen.put([entryOf('b2', 'b')]); // its verdict has been written by now
    expect(await frozen.counts()).toMatchObject({ failed: 0 });
    expect(
      look(file, (database) =>
        database.prepare("SELECT ready, due_at FROM entries WHERE lane = 'a' ORDER BY seq").all(),
      ),
      'a1 is still being tried, and a2 waits for it',
    ).toEqual(Array(2).fill({ ready: null, due_at: null }));
    otherGate.resolve(done);
    await untilEmpty(other);
    await other.close?.();
    expect([...first.tries, ...second.tries].toSorted()).toEqual([
      'a1 attempt 1',
      'a1 attempt 2',
      'a2 attempt 1',
      'b1 attempt 1',
      'b2 attempt 1',
    ]);
    await frozen.put([entryOf('c1')]);
    await untilEmpty(frozen);
    expect(first.tries).toContain('c1 attempt 1');
    await frozen.close?.();
  });

  it('because the whole machine was, keeps its events', async () => {
    const options = { file: newFile(), leaseMs: 10_000, concurrency: 1 };
    const timers = createTestClock();
    let pause = 0;
    const clock = { now: () => timers.now() + pause, setTimeout: timers.setTimeout };
    const [first, second] = [sqliteInbox({ ...options, clock }), sqliteInbox({ ...options, clock })];
    const gate = Promise.withResolvers<InboxVerdict>();
    const { handle, until, tries } = recorder(() => gate.promise);
    await first.put([entryOf('a'), entryOf('b')]);
    await first.start(handle);
    await until(1);
    await second.start(handle);
    await until(2);
    await timers.advance(5_000);
    pause = 60_000; // the first to look again could take the other for dead
    await timers.advance(5_000);
    gate.resolve(done);
    await untilEmpty(first);
    expect(tries).toEqual(['a attempt 1', 'b attempt 1']);
    await first.close?.();
    await second.close?.();
  });

  it.each<[string, (path: string) => void]>([
    ['has been deleted', (path) => rmSync(path)],
    [
      'cannot be opened',
      (path) => {
        rmSync(path);
        mkdirSync(path);
      },
    ],
  ])('and whose lock file %s keeps its events until its lease ends', async (_, spoil) => {
    const file = newFile();
    const startedAt = performance.now();
    const { frozen } = await openFrozen(file);
    for (const name of lockFilesOf(file)) spoil(join(dirname(file), name));
    const other = sqliteInbox({ file, pollMs: 5 });
    const second = recorder();
    await other.start(second.handle);
    await second.until(2);
    expect(performance.now() - startedAt).toBeGreaterThan(leaseMs);
    await frozen.kill();
    await other.close?.();
  });
});
