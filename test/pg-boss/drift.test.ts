import { expect, it } from 'vitest';
import * as queries from '../../packages/pg-boss/src/queries.ts';
import { usePostgres, useSchema } from '../services/postgres.ts';
import { done, entriesOf, entryOf, eventually, newName, useBoss, useInboxes, withClient } from './harness.ts';

const postgres = usePostgres();

// The inbox reads a few columns of pg-boss's tables. Here is told when they, or what pg-boss does with them, change.
postgres.describe('what the inbox relies on in pg-boss', () => {
  const { name: schema } = useSchema();
  const { url } = postgres;
  const inboxes = useInboxes({ url, schema });
  const { boss, start } = useBoss(url, schema);
  const tables = { entries: `${schema}.job_common`, failed: `${schema}.job_common` };
  const cursor = { createdOn: '2026-01-01T00:00:00.000000Z', id: '00000000-0000-8000-b000-000000000000' };

  it.each([
    ['countPending', queries.countPending(tables, 'name', 10)],
    ['countFailed', queries.countFailed(tables, 'name', 1)],
    ['listFailed', queries.listFailed(tables, 'name', 1, cursor)],
    ['listExpired', queries.listExpired(tables, 'name', 1)],
    ['listSilent', queries.listSilent(tables, 'name', 1)],
  ])('%s is answered from indexes', async (_, { text, values }) => {
    await start();
    const plan = await withClient(url, async (client) => {
      await client.query('set enable_seqscan = off');
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain ${text}`, [...values]);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
    expect(plan).not.toContain('Seq Scan');
    expect(plan).toMatch(/job_common_i(8|11)/);
  });

  it('the entries of one insert have one time, and come out in the order of their ids', async () => {
    await start();
    const name = newName();
    const inbox = inboxes.open({ name });
    await inbox.put(entriesOf('a', 5_000));
    const jobs = await boss.findJobs<{ entry: string }>(name);
    expect(new Set(jobs.map(({ createdOn }) => createdOn.getTime())).size).toBe(1);
    const inOrder = jobs.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(inOrder.map(({ data }) => JSON.parse(data.entry).event.id)).toEqual(
      entriesOf('a', 5_000).map(({ event }) => event.id),
    );
    expect(await boss.fetch(name, { batchSize: 10 })).toEqual([expect.objectContaining({ id: inOrder[0]?.id })]);
  });

  it('a job that was taken again cannot be settled by who had it before', async () => {
    await start();
    const name = newName();
    const inbox = inboxes.open({ name });
    await inbox.put([entryOf('one', 'key')]);
    const [stale] = await boss.fetch(name);
    if (!stale) throw new Error('There was no job');
    await boss.fail(name, stale);
    const [current] = await boss.fetch(name);
    expect(current).toMatchObject({ id: stale.id, retryCount: stale.retryCount + 1 });
    expect(await boss.deleteJob(name, stale)).toMatchObject({ affected: 0 });
    expect(await boss.fail(name, stale)).toMatchObject({ affected: 0 });
    expect(await boss.touch(name, stale)).toMatchObject({ affected: 0, settled: [] });
    expect(await boss.touch(name, [stale, { id: stale.id, retryCount: stale.retryCount + 1 }])).toMatchObject({
      settled: [stale.id],
    });
  });

  it('one who fetches beside the inbox breaks neither its order nor its tries', async () => {
    await start();
    const name = newName();
    const inbox = inboxes.open({ name, leaseMs: 500 });
    await inbox.put(entriesOf('a', 2));
    expect(await boss.fetch(name, { batchSize: 10 })).toHaveLength(1);
    const seen: string[] = [];
    await inbox.start(async ({ event }, { attempt }) => {
      seen.push(`${event.id} attempt ${attempt}`);
      return done;
    });
    await eventually(() => seen.length === 2);
    expect(seen).toEqual(['a1 attempt 2', 'a2 attempt 1']);
  });
});
