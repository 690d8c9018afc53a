import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { InboxTry, InboxVerdict } from '@chathooks/core';
import { expect, it } from 'vitest';
import { usePostgres, useSchema } from '../services/postgres.ts';
import {
  done,
  entriesOf,
  entryOf,
  eventually,
  failed,
  listFailed,
  newName,
  useBoss,
  useInboxes,
  withClient,
} from './harness.ts';

const postgres = usePostgres();

postgres.describe('several processes on one queue', () => {
  const { name: schema } = useSchema();
  const { url } = postgres;
  const inboxes = useInboxes({ url, schema });
  const { boss, start: startBoss } = useBoss(url, schema);

  /** Has a process take an entry, and kills it in the middle of the try. Answers with the entry's id. */
  async function crashDuringTry(name: string, leaseMs: number): Promise<unknown> {
    const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
    const execArgv = ['--import', path('../examples/resolve-sources.mjs')];
    const worker = fork(path('hanging-worker.ts'), [url, schema, name, String(leaseMs)], { execArgv });
    const [id] = await once(worker, 'message');
    worker.kill('SIGKILL');
    await once(worker, 'exit');
    return id;
  }

  it('three instances handle 1,000 events of 50 chats once each, and each chat in order', async () => {
    const name = newName();
    const workers = [1, 2, 3].map(() => inboxes.open({ name }));
    const entries = Array.from({ length: 1_000 }, (_, index) => entryOf(`${index}`, `chat ${index % 50}`));
    const seen: string[] = [];
    const busy = new Set<string>();
    for (const worker of workers) {
      await worker.start(async ({ event }) => {
        const { id, orderingKey = '' } = event;
        expect(busy).not.toContain(orderingKey);
        busy.add(orderingKey);
        seen.push(id);
        await new Promise(setImmediate);
        busy.delete(orderingKey);
        return done;
      });
    }
    for (let index = 0; index < 1_000; index += 40) {
      await workers[(index / 40) % 3]?.put(entries.slice(index, index + 40));
    }
    await eventually(() => seen.length >= 1_000);
    for (let chat = 0; chat < 50; chat++) {
      const ofChat = (id: string) => Number(id) % 50 === chat;
      expect(seen.filter(ofChat)).toEqual(entries.map(({ event }) => event.id).filter(ofChat));
    }
    expect(seen).toHaveLength(1_000);
    await eventually(async () => (await workers[0]?.counts())?.pending === 0);
  });

  it('what fails again and again holds up its own chat only, and not for ever', async () => {
    const inbox = inboxes.open({ name: newName(), attempts: 4, concurrency: 2 });
    const seen: string[] = [];
    const othersDone = Promise.withResolvers<void>();
    await inbox.start(async ({ event: { id } }, { attempt }) => {
      seen.push(id);
      if (seen.filter((one) => !one.startsWith('bad')).length === 40) othersDone.resolve();
      if (id !== 'bad1') return done;
      if (attempt === 2) await othersDone.promise;
      return failed();
    });
    await inbox.put([...entriesOf('bad', 3), ...entriesOf('a', 20), ...entriesOf('b', 20)]);
    await eventually(() => seen.includes('bad3'));
    expect(seen.filter((id) => id.startsWith('bad'))).toEqual([...Array(4).fill('bad1'), 'bad2', 'bad3']);
  });

  it('an instance without work wakes the others at once', async () => {
    const name = newName();
    const [web, worker] = [inboxes.open({ name }), inboxes.open({ name, pollMs: 600_000 })];
    const seen: string[] = [];
    await worker.start(async ({ event }) => {
      seen.push(event.id);
      return done;
    });
    for (const id of ['one', 'two', 'three']) {
      await web.put([entryOf(id)]);
      await eventually(() => seen.includes(id), 2_000);
    }
  });

  it('what an instance gives back when it stops another has at once', async () => {
    const name = newName();
    const [leaving, staying] = [inboxes.open({ name }), inboxes.open({ name, pollMs: 600_000 })];
    const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const tries: InboxTry[] = [];
    await leaving.put(entriesOf('a', 2));
    await leaving.start(async () => {
      begun.resolve();
      await gate.promise;
      return { state: 'postponed', delayMs: 600_000 };
    });
    await begun.promise;
    await staying.start(async (_, trial) => {
      tries.push(trial);
      return done;
    });
    const stopped = leaving.stop();
    gate.resolve();
    await stopped;
    await eventually(() => tries.length === 2, 1_000);
    expect(tries.map(({ attempt }) => attempt)).toEqual([1, 1]);
  });

  it('others are told when an instance stops', async () => {
    const inbox = inboxes.open({ name: newName() });
    await inbox.start(async () => done);
    await withClient(url, async (client) => {
      const text = `select query from pg_stat_activity where query like 'LISTEN "chathooks_%'`;
      const { rows } = await client.query<{ query: string }>(text);
      for (const { query } of rows) await client.query(query);
      const told = once(client, 'notification');
      await inbox.stop();
      await told;
    });
  });

  it.each<[string, InboxVerdict]>([
    ['give it back', { state: 'postponed', delayMs: 0 }],
    ['set it aside', failed(true)],
    ['forget it', done],
  ])('an instance that lost an entry to another cannot %s', async (_, late) => {
    await startBoss();
    const name = newName();
    const [frozen, other] = [inboxes.open({ name, leaseMs: 600_000 }), inboxes.open({ name, leaseMs: 300 })];
    const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await frozen.put([entryOf('one', 'key')]);
    await frozen.start(async () => {
      begun.resolve();
      await gate.promise;
      return late;
    });
    await begun.promise;
    const seen: string[] = [];
    await other.start(async ({ event }) => {
      seen.push(event.id);
      return event.id === 'one' ? { state: 'postponed', delayMs: 600_000 } : done;
    });
    await eventually(async () => {
      const [job] = await boss.findJobs(name);
      return seen.includes('one') && job?.state === 'retry';
    });
    gate.resolve();
    await frozen.stop();
    await other.put([entryOf('marker')]);
    await eventually(() => seen.includes('marker'));
    expect(seen).toEqual(['one', 'marker']);
    await eventually(async () => (await other.counts()).pending === 1);
    expect(await other.counts()).toEqual({ pending: 1, failed: 0 });
  });

  it('what a killed process was handling is tried again, in order, and its try counts', {
    timeout: 20_000,
  }, async () => {
    const name = newName();
    const inbox = inboxes.open({ name, leaseMs: 1_000 });
    await inbox.put(entriesOf('a', 3));
    expect(await crashDuringTry(name, 1_000)).toBe('a1');
    const seen: string[] = [];
    await inbox.start(async ({ event }, { attempt }) => {
      seen.push(`${event.id} attempt ${attempt}`);
      return done;
    });
    await eventually(() => seen.length === 3);
    expect(seen).toEqual(['a1 attempt 2', 'a2 attempt 1', 'a3 attempt 1']);
  });

  it('what kills its process in every try is set aside, and its chat goes on', { timeout: 20_000 }, async () => {
    const name = newName();
    const inbox = inboxes.open({ name, leaseMs: 500, attempts: 1 });
    await inbox.put(entriesOf('a', 2));
    expect(await crashDuringTry(name, 500)).toBe('a1');
    const seen: string[] = [];
    await inbox.start(async ({ event }) => {
      seen.push(event.id);
      return done;
    });
    await eventually(() => seen.includes('a2'));
    expect(seen).toEqual(['a2']);
    const [only] = await listFailed(inbox);
    expect(only).toMatchObject({ id: 'a1', attempts: 1, reason: { message: expect.stringContaining('process died') } });
  });

  it('an instance is full because of what others put, and has room because of what they handled', async () => {
    const name = newName();
    const [first, second] = [inboxes.open({ name, maxPending: 3 }), inboxes.open({ name, maxPending: 3 })];
    await first.put(entriesOf('a', 3));
    await expect(second.put([entryOf('one')])).rejects.toMatchObject({ code: 'inbox_full' });
    await first.start(async () => done);
    await eventually(async () => (await first.counts()).pending === 0);
    await eventually(() =>
      second.put([entryOf('two')]).then(
        () => true,
        () => false,
      ),
    );
  });

  it('what others have handled meanwhile does not count as pending', async () => {
    const name = newName();
    const [web, worker] = [inboxes.open({ name, maxPending: 3 }), inboxes.open({ name })];
    let handled = 0;
    await worker.start(async () => {
      handled += 1;
      return done;
    });
    for (let index = 1; index <= 10; index++) {
      await web.put([entryOf(`${index}`)]);
      await eventually(async () => handled === index && (await worker.counts()).pending === 0);
    }
  });
});
