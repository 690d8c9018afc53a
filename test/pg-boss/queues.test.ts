import { pgBossInbox } from '@chathooks/pg-boss';
import { PgBoss } from 'pg-boss';
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

postgres.describe('the queues of an inbox', () => {
  const { name: schema } = useSchema();
  const { url } = postgres;
  const inboxes = useInboxes({ url, schema });
  const { boss, start: startBoss } = useBoss(url, schema);

  /** Handles everything. */
  async function handleAll(inbox: ReturnType<typeof inboxes.open>): Promise<readonly string[]> {
    const seen: string[] = [];
    await inbox.start(async ({ event }) => {
      seen.push(event.id);
      return done;
    });
    await eventually(async () => (await inbox.counts()).pending === 0);
    return seen;
  }

  /** Does something as a user who may do no more than that. */
  async function asRole(grants: readonly string[], run: (connectionString: string) => Promise<void>): Promise<void> {
    const user = newName().replaceAll(/\W/g, '_');
    const own = new URL(url);
    [own.username, own.password] = [user, 'secret'];
    await withClient(url, async (client) => {
      await client.query(`create role ${user} login password 'secret'`);
      for (const grant of grants) await client.query(`${grant} to ${user}`);
    });
    try {
      await run(own.href);
    } finally {
      await withClient(url, (client) => client.query(`drop owned by ${user}; drop role ${user}`));
    }
  }

  it.each([
    ['neither url, connection nor boss', {}, 'none was given, expected exactly one'],
    ['two of them', { url, connection: {} }, 'url and connection was given, expected exactly one'],
    ['a name that pg-boss cannot take', { url, name: 'a b' }, 'name is "a b", expected letters'],
    ['a schema that is none', { url, schema: 'a"; drop' }, 'schema is "a\\"; drop", expected a name'],
    ['a lease of nothing', { url, leaseMs: 0 }, 'leaseMs is 0, expected a whole number above 0'],
    ['half a millisecond', { url, pollMs: 0.5 }, 'pollMs is 0.5, expected a whole number above 0'],
    ['no attempts', { url, attempts: 0 }, 'attempts is 0, expected a whole number above 0'],
  ])('refuses %s', (_, options, message) => {
    expect(() => pgBossInbox(options)).toThrow(expect.objectContaining({ code: 'invalid_option' }));
    expect(() => pgBossInbox(options)).toThrow(message);
  });

  it('takes the options of pg-boss', async () => {
    const connection = { connectionString: url, schema, max: 1, application_name: newName() };
    const inbox = inboxes.open({ name: newName(), connection, listen: false });
    await inbox.put([entryOf('bad'), ...entriesOf('a', 5)]);
    await inbox.start(async ({ event }, { attempt }) => (event.id === 'bad' ? failed(attempt === 2) : done));
    await eventually(async () => (await inbox.counts()).failed === 1);
    await eventually(async () => (await inbox.counts()).pending === 0);
    const { rows } = await withClient(url, (client) =>
      client.query('select count(*)::int as open from pg_stat_activity where application_name = $1', [
        connection.application_name,
      ]),
    );
    expect(rows).toEqual([{ open: 1 }]);
  });

  it('leaves a pg-boss that it was given running, and its listeners as they were', async () => {
    await startBoss();
    const listeners = boss.listenerCount('error');
    const inbox = inboxes.open({ boss, name: newName() });
    await inbox.put([entryOf('one')]);
    expect(boss.listenerCount('error')).toBe(listeners + 1);
    expect(await handleAll(inbox)).toEqual(['one']);
    await inbox.stop();
    await inbox.close?.();
    expect(boss.listenerCount('error')).toBe(listeners);
    await expect(boss.getQueues()).resolves.not.toEqual([]);
  });

  it('says so when the pg-boss that it was given has not been started', async () => {
    const inbox = inboxes.open({ boss: new PgBoss({ connectionString: url, schema }), name: newName() });
    await expect(inbox.put([entryOf('one')])).rejects.toThrow('expected one that has been started');
  });

  it('an empty ordering key is one like any other', async () => {
    const inbox = inboxes.open({ name: newName() });
    await inbox.put([entryOf('bad', ''), entryOf('behind', ''), entryOf('beside')]);
    const seen: string[] = [];
    await inbox.start(async ({ event }) => {
      seen.push(event.id);
      return event.id === 'bad' ? { state: 'postponed', delayMs: 600_000 } : done;
    });
    await eventually(async () => (await inbox.counts()).pending === 2);
    expect(seen.toSorted()).toEqual(['bad', 'beside']);
  });

  it('refuses a pg-boss of another schema than it was told', async () => {
    await startBoss();
    for (const other of ['no_such_schema', 'pg_catalog']) {
      await expect(inboxes.open({ boss, schema: other, name: newName() }).counts()).rejects.toMatchObject({
        code: 'invalid_option',
        message: expect.stringContaining(other),
      });
    }
  });

  it('refuses a queue that keeps no order', async () => {
    await startBoss();
    const name = newName();
    await boss.createQueue(name);
    await expect(inboxes.open({ name }).put([entryOf('one')])).rejects.toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining('policy standard, expected key_strict_fifo'),
    });
  });

  it('works on a queue with a table of its own, whatever its settings were', async () => {
    await startBoss();
    const name = newName();
    await boss.createQueue(name, { policy: 'key_strict_fifo', partition: true, retryLimit: 0, retentionSeconds: 1 });
    const inbox = inboxes.open({ name, attempts: 2 });
    await inbox.put(entriesOf('a', 3));
    const seen: string[] = [];
    await inbox.start(async ({ event }, { last }) => {
      seen.push(event.id);
      return last ? done : failed(event.id === 'a3');
    });
    await eventually(async () => (await inbox.counts()).pending === 0);
    expect(seen).toEqual(['a1', 'a1', 'a2', 'a2', 'a3']);
    expect(await inbox.counts()).toEqual({ pending: 0, failed: 1 });
    expect((await boss.getQueue(name))?.table).not.toBe((await boss.getQueue(`${name}-failed`))?.table);
  });

  it('pg-boss neither deletes, fails nor expires what waits', async () => {
    await startBoss();
    const name = newName();
    const inbox = inboxes.open({ name });
    await inbox.put([entryOf('one', 'key')]);
    const [job] = await boss.findJobs(name);
    const years = (Number(job?.keepUntil) - Date.now()) / (365 * 24 * 60 * 60 * 1_000);
    expect(years).toBeGreaterThan(9);
    expect(job).toMatchObject({ retryLimit: 2 ** 31 - 1, expireInSeconds: 86_400, heartbeatSeconds: null });
  });

  it('shows neither ordering keys nor ids of events in the columns of a job', async () => {
    await startBoss();
    const name = newName();
    const inbox = inboxes.open({ name });
    await inbox.put([entryOf('wexio:+491701234567', 'chat +491701234567')]);
    const jobs = await boss.findJobs<{ entry: string }>(name);
    expect(jobs).toHaveLength(1);
    for (const { data, ...columns } of jobs) {
      expect(JSON.stringify(columns)).not.toContain('491701234567');
      expect(JSON.parse(data.entry)).toEqual(entryOf('wexio:+491701234567', 'chat +491701234567'));
    }
  });

  it('cancels jobs that hold no entry, says so, and goes on with their key', async () => {
    await startBoss();
    const name = newName();
    const inbox = inboxes.open({ name });
    await inbox.counts();
    for (const data of [{ entry: 'no JSON' }, { entry: '{"event":{"id":1},"secretName":"1"}' }, null]) {
      await boss.send(name, data, { singletonKey: 'foreign' });
    }
    await inbox.put([entryOf('one')]);
    expect(await handleAll(inbox)).toEqual(['one']);
    expect((await boss.findJobs(name)).map(({ state }) => state)).toEqual(Array(3).fill('cancelled'));
    expect(inboxes.errors.map(({ message }) => message)).toEqual(
      Array(3).fill(expect.stringContaining('holds no entry of an inbox')),
    );
  });

  it('a put fails when its queue is gone, rather than store nothing', async () => {
    await startBoss();
    const name = newName();
    const inbox = inboxes.open({ name });
    await inbox.counts();
    await boss.deleteQueue(name);
    await expect(inbox.put([entryOf('one')])).rejects.toThrow('stored 0 of 1 jobs');
  });

  it('an entry that was set aside is kept for keepFailedMs', async () => {
    const name = newName();
    const [inbox, forgetful] = [inboxes.open({ name }), inboxes.open({ name, keepFailedMs: 1 })];
    await inbox.put([entryOf('one'), entryOf('two')]);
    await inbox.start(async () => failed(true));
    await eventually(async () => (await inbox.counts()).failed === 2);
    await eventually(async () => (await forgetful.counts()).failed === 0);
    expect(await listFailed(forgetful)).toEqual([]);
    expect(await forgetful.failed.retry('one')).toBe(false);
    expect(await forgetful.failed.discard('one')).toBe(false);
    expect(await inbox.failed.discard('one')).toBe(true);
    const [job] = await boss.findJobs(`${name}-failed`);
    expect(Number(job?.keepUntil) - Number(job?.createdOn)).toBeCloseTo(30 * 24 * 60 * 60 * 1_000, -4);
    await forgetful.start(async () => done);
    await eventually(async () => (await inbox.counts()).failed === 0);
  });

  it('has pg-boss maintain its queues where it works, and only there', async () => {
    const name = newName();
    const isMonitored = () =>
      withClient(url, async (client) => {
        const { rows } = await client.query(`select monitor_on from ${schema}.queue where name = any($1)`, [
          [name, `${name}-failed`],
        ]);
        return rows.map(({ monitor_on }) => monitor_on !== null);
      });
    const [web, worker] = [inboxes.open({ name }), inboxes.open({ name })];
    await web.put([entryOf('one')]);
    expect(await isMonitored()).toEqual([false, false]);
    await worker.start(async () => done);
    await eventually(async () => (await isMonitored()).every(Boolean));
  });

  it('a role that may not create tables works where pg-boss is set up', async () => {
    await startBoss();
    const rights = `grant select, insert, update, delete on all tables in schema ${schema}`;
    await asRole([`grant usage on schema ${schema}`, rights], async (connectionString) => {
      const inbox = inboxes.open({ name: newName(), connection: { connectionString, migrate: false } });
      await inbox.put([entryOf('bad'), ...entriesOf('a', 3)]);
      await inbox.start(async ({ event }) => (event.id === 'bad' ? failed(true) : done));
      await eventually(async () => (await inbox.counts()).pending === 0);
      expect(await inbox.counts()).toEqual({ pending: 0, failed: 1 });
      expect(await inbox.failed.retry('bad')).toBe(true);
      await inbox.stop();
      expect(inboxes.errors).toEqual([]);
      await inbox.close?.();
    });
  });

  it('a role that may create tables in a schema sets pg-boss up in it', async () => {
    const own = newName().replaceAll(/\W/g, '_');
    await withClient(url, (client) => client.query(`create schema ${own}`));
    try {
      await asRole([`grant usage, create on schema ${own}`], async (connectionString) => {
        const connection = { connectionString, createSchema: false };
        const inbox = inboxes.open({ name: newName(), schema: own, connection });
        await inbox.put([entryOf('one')]);
        expect(await handleAll(inbox)).toEqual(['one']);
        await inbox.stop();
        await inbox.close?.();
      });
    } finally {
      await withClient(url, (client) => client.query(`drop schema ${own} cascade`));
    }
  });

  it('the schema may need quotes', async () => {
    const quoted = `"Test ${newName()}"`;
    const own = new PgBoss({ connectionString: url, schema: quoted, supervise: false, schedule: false });
    own.on('error', () => {});
    await own.start();
    try {
      const inbox = inboxes.open({ boss: own, schema: quoted });
      await inbox.put(entriesOf('a', 2));
      expect(await handleAll(inbox)).toEqual(['a1', 'a2']);
      await inbox.stop();
    } finally {
      await own.stop({ graceful: false });
      await withClient(url, (client) => client.query(`drop schema ${quoted} cascade`));
    }
  });
});
