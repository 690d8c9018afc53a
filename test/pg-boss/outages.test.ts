import { expect, it } from 'vitest';
import { startPostgres, usePostgres } from '../services/postgres.ts';
import { done, entriesOf, entryOf, eventually, failed, listFailed, useInboxes } from './harness.ts';

const postgres = usePostgres();

postgres.describeOwn('when Postgres goes away', () => {
  const inboxes = useInboxes({ url: postgres.url, schema: 'pgboss' });

  const soon = async <T>(promise: Promise<T>, ms = 3_000): Promise<T> => {
    const start = performance.now();
    try {
      return await promise;
    } finally {
      expect(performance.now() - start).toBeLessThan(ms);
    }
  };

  const succeeds = (run: () => Promise<unknown>) => () =>
    run().then(
      () => true,
      () => false,
    );

  it('puts are refused, and accepted again; what was stored is handled by who worked before', async () => {
    const server = await startPostgres();
    const { url } = server;
    const [web, worker] = [inboxes.open({ url }), inboxes.open({ url, leaseMs: 1_000, retryDelayMs: 1 })];
    const seen: string[] = [];
    await worker.start(async ({ event }) => {
      seen.push(event.id);
      return done;
    });
    await web.put([entryOf('before')]);
    await eventually(() => seen.length === 1);
    await server.kill();
    await expect(soon(web.put([entryOf('during')]))).rejects.toThrow();
    await expect(soon(worker.counts())).rejects.toThrow();
    await expect(soon(listFailed(worker))).rejects.toThrow();
    await server.restart();
    await eventually(succeeds(() => web.put(entriesOf('after', 3))));
    await eventually(() => seen.includes('after3'));
    expect(seen.filter((id) => id.startsWith('after'))).toEqual(['after1', 'after2', 'after3']);
    await eventually(async () => (await web.counts()).pending === 0);
    expect(inboxes.errors).not.toEqual([]);
  });

  it('a verdict that comes during the outage counts when Postgres is back: nothing is tried twice', async () => {
    const server = await startPostgres();
    const inbox = inboxes.open({ url: server.url, leaseMs: 60_000 });
    const [begun, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const seen: string[] = [];
    await inbox.put([...entriesOf('good', 2), ...entriesOf('bad', 2)]);
    await inbox.start(async ({ event: { id } }) => {
      seen.push(id);
      if (seen.length === 2) begun.resolve();
      if (id.endsWith('1')) await ended.promise;
      return id === 'bad1' ? failed(true) : done;
    });
    await begun.promise;
    await server.kill();
    ended.resolve();
    await eventually(() => inboxes.errors.length > 0);
    await server.restart();
    await eventually(() => seen.length === 4);
    expect(seen.toSorted()).toEqual(['bad1', 'bad2', 'good1', 'good2']);
    await eventually(async () => (await inbox.counts()).pending === 0);
    const list = await listFailed(inbox);
    expect(list.map(({ id }) => id)).toEqual(['bad1']);
  });

  it('a start is refused, and may be called again', async () => {
    const server = await startPostgres();
    const inbox = inboxes.open({ url: server.url });
    await server.stop();
    const seen: string[] = [];
    const start = () =>
      inbox.start(async ({ event }) => {
        seen.push(event.id);
        return done;
      });
    await expect(soon(start())).rejects.toThrow();
    await server.restart();
    await start();
    await inbox.put([entryOf('one')]);
    await eventually(() => seen.length === 1);
  });

  it('a stop and a close end soon, also when Postgres is gone or answers nothing', async () => {
    const server = await startPostgres();
    const { url } = server;
    const [gone, silent] = [inboxes.open({ url }), inboxes.open({ url })];
    for (const inbox of [gone, silent]) await inbox.start(async () => done);
    server.pause();
    await soon(Promise.race([silent.stop(), silent.close?.()]), 3_000);
    server.resume();
    await server.kill();
    await soon(gone.stop());
    await soon(Promise.resolve(gone.close?.()));
    await expect(gone.put([entryOf('one')])).rejects.toMatchObject({ code: 'shutting_down' });
  });
});
