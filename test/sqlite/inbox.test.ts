import { DatabaseSync } from 'node:sqlite';
import { createReceiver, type InboxTry, type InboxVerdict, wexio } from '@chathooks/core';
import { sqliteDedup, sqliteInbox } from '@chathooks/sqlite';
import { createTestClock, deliver } from '@chathooks/testing';
import { describe, expect, it, vi } from 'vitest';
import { entryOf } from './entries.ts';
import { fileNames, look, turn } from './files.ts';

const newFile = fileNames();
const done: InboxVerdict = { state: 'done' };
const refused: InboxVerdict = { state: 'failed', permanent: true, reason: { code: 'handler_failed', message: 'no' } };
const aDay = 86_400_000;

const countIn = (file: string, table: string) =>
  look(file, (database) => Number(database.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.count));

describe('an inbox in a file', () => {
  it('keeps what was set aside for keepFailedMs, and then nothing of it', async () => {
    const file = newFile();
    const clock = createTestClock();
    const inbox = sqliteInbox({ file, clock, keepFailedMs: 30 * aDay });
    const put = async (ids: readonly string[]) => {
      await inbox.put(ids.map((id) => entryOf(id)));
      while ((await inbox.counts()).pending > 0) await turn();
    };
    await inbox.start(async () => refused);
    await put(Array.from({ length: 450 }, (_, index) => `old ${index}`));
    await inbox.stop();
    await clock.advance(29 * aDay);
    await inbox.start(async () => refused);
    await put(['new']);
    await inbox.stop();
    expect(await inbox.counts()).toEqual({ pending: 0, failed: 451 });

    await clock.advance(aDay);
    const listed: string[] = [];
    for await (const { id } of inbox.failed.list()) listed.push(id);
    expect(listed).toEqual(['new']);
    expect(await inbox.failed.retry('old 1')).toBe(false);
    expect(await inbox.failed.discard('old 2')).toBe(false);
    expect(await inbox.counts()).toEqual({ pending: 0, failed: 1 });
    expect([countIn(file, 'failed'), countIn(file, 'payloads')]).toEqual([1, 1]);

    await clock.advance(29 * aDay - 30_000);
    await inbox.start(async () => done);
    expect(countIn(file, 'failed')).toBe(1);
    await clock.advance(90_100);
    expect(countIn(file, 'failed')).toBe(0);
    await inbox.close?.();
    expect(clock.pending).toBe(0);
  });

  it('counts right and leaves no event behind, whatever becomes of it', async () => {
    const file = newFile();
    const clock = createTestClock();
    const inbox = sqliteInbox({ file, clock, attempts: 2 });
    const verdicts: readonly InboxVerdict[] = [
      done,
      refused,
      { state: 'postponed', delayMs: 10 },
      { ...refused, permanent: false },
    ];
    let tries = 0;
    await inbox.start(async () => verdicts[tries++ % 7] ?? done);
    const entries = Array.from({ length: 200 }, (_, index) => entryOf(`${index}`, `chat ${index % 9}`));
    for (let index = 0; index < 200; index += 20) {
      await inbox.put([...entries.slice(index, index + 20), ...entries.slice(0, 3)]);
      await clock.advance(500);
    }
    for (let round = 0; round < 3; round++) {
      for await (const { id } of inbox.failed.list()) await inbox.failed[Number(id) % 2 ? 'retry' : 'discard'](id);
      await clock.advance(500);
    }
    await inbox.stop();
    const { pending, failed } = await inbox.counts();
    expect(pending).toBe(countIn(file, 'entries'));
    expect(failed).toBe(countIn(file, 'failed'));
    expect(countIn(file, 'payloads')).toBe(pending + failed);
    await inbox.start(async () => done);
    while ((await inbox.counts()).pending > 0) await clock.advance(500);
    for await (const { id } of inbox.failed.list()) await inbox.failed.discard(id);
    await inbox.close?.();
    expect(['entries', 'failed', 'payloads', 'owners'].map((table) => countIn(file, table))).toEqual([0, 0, 0, 0]);
  });

  it('is started once at a time', async () => {
    const inbox = sqliteInbox({ file: newFile() });
    await inbox.start(async () => done);
    await expect(inbox.start(async () => done)).rejects.toThrow(/was started already.*\(invalid_option\)/);
    await inbox.stop();
    await inbox.start(async () => done);
    await inbox.close?.();
  });

  it('that is stopped while it starts does not go on', async () => {
    const clock = createTestClock();
    const inbox = sqliteInbox({ file: newFile(), clock });
    const tried = vi.fn(async () => done);
    const starting = inbox.start(tried);
    await inbox.stop();
    await starting;
    await inbox.put([entryOf('one')]);
    await clock.advance(1_000);
    expect(tried).not.toHaveBeenCalled();
    expect(clock.pending).toBe(0);
    await inbox.close?.();
  });

  it('that is stopped in the moment in which it takes an entry counts no attempt for it', async () => {
    const timers = createTestClock();
    let atNextLook = () => {};
    const now = () => {
      atNextLook();
      return timers.now();
    };
    const inbox = sqliteInbox({ file: ':memory:', clock: { now, setTimeout: timers.setTimeout } });
    const tries: number[] = [];
    const handle = async (_: unknown, { attempt }: InboxTry) => {
      tries.push(attempt);
      return done;
    };
    await inbox.start(handle);
    await turn(); // it has looked, and found nothing
    const stopped = Promise.withResolvers<void>();
    // The time is looked at in the transaction that takes.
    atNextLook = () => {
      atNextLook = () => {};
      inbox.stop().then(stopped.resolve, stopped.reject);
    };
    await inbox.put([entryOf('one')]);
    await stopped.promise;
    expect(tries).toEqual([]);
    await inbox.start(handle);
    while (tries.length < 1) await turn();
    expect(tries).toEqual([1]);
    await inbox.close?.();
  });

  it('writes nothing while there is nothing to do', async () => {
    const file = newFile();
    const clock = createTestClock();
    const inbox = sqliteInbox({ file, clock });
    await inbox.start(async () => done);
    await inbox.put([entryOf('one')]);
    while ((await inbox.counts()).pending > 0) await turn();
    const other = new DatabaseSync(file);
    const version = () => other.prepare('PRAGMA data_version').get()?.data_version;
    const before = version();
    await clock.advance(600_000);
    expect(version()).toBe(before);
    await inbox.put([entryOf('two')]);
    expect(version()).not.toBe(before);
    other.close();
    await inbox.close?.();
  });

  it('shares a file with the dedup store of a receiver, which handles what a crash has left', async () => {
    const file = newFile();
    const options = { providers: [wexio({ secret: 'secret' })], logger: false } as const;
    const web = createReceiver({
      ...options,
      inbox: sqliteInbox({ file }),
      dedup: sqliteDedup({ file }),
      process: false,
      onEvent: () => {},
    });
    const { method, path, headers, body } = deliver.wexio('message.inbound.created', {}, { secret: 'secret' });
    const post = (to: typeof web) =>
      to.handle({ method, url: path, path, header: (name) => headers[name], body: async () => body });
    expect((await post(web))?.status).toBe(200);
    expect((await post(web))?.status).toBe(200);
    await web.close();

    const handled = vi.fn();
    const seen = Promise.withResolvers<void>();
    const worker = createReceiver({
      ...options,
      inbox: sqliteInbox({ file }),
      dedup: sqliteDedup({ file }),
      onMessageInbound: (event) => {
        handled(event.id);
        seen.resolve();
      },
    });
    await seen.promise;
    expect((await post(worker))?.status).toBe(200);
    await worker.close();
    expect(handled).toHaveBeenCalledOnce();
    expect(countIn(file, 'entries')).toBe(0);
  });
});
