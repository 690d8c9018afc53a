import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { postgresDedup, type Queryable } from '@chathooks/postgres';
import { Client } from 'pg';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { startPostgres, usePostgres, useSchema } from '../services/postgres.ts';
import { connectClient, createPool, createStore, newTable } from './harness.ts';

const postgres = usePostgres();
const lease = { leaseMs: 30_000 };
const remember = { rememberMs: 60_000 };

afterEach(() => {
  vi.doUnmock('pg');
  vi.restoreAllMocks();
});

it('options without a client that could be asked are refused', () => {
  const wrong: [object, string][] = [
    [{}, 'There is neither url nor client.query(), expected one of them (invalid_option)'],
    [{ client: {} }, 'There is neither url nor client.query()'],
    [{ client: null }, 'There is neither url nor client.query()'],
    [{ url: 'postgres://127.0.0.1', timeoutMs: 0 }, 'timeoutMs is 0, expected a number above 0'],
    [{ url: 'postgres://127.0.0.1', timeoutMs: '5' }, 'timeoutMs is 5, expected a number above 0'],
    [{ url: '' }, 'url is empty, expected one like "postgres://user@host/database" (invalid_option)'],
    [{ client: { query() {} }, table: 5 }, 'table is a value of type number, expected a name'],
  ];
  for (const [options, message] of wrong)
    expect(() => Reflect.apply(postgresDedup, undefined, [options])).toThrow(message);
});

it('a client that answers something else than rows is told so', async () => {
  const answers: unknown[] = [[], { rows: [] }, { rows: [null] }, [{ count: 1 }], [{ answers: 5 }], [{ answers: '' }]];
  for (const answer of answers) {
    const query: unknown = async () => answer;
    const store: ReturnType<typeof postgresDedup> = Reflect.apply(postgresDedup, undefined, [{ client: { query } }]);
    await expect(store.claim('key', lease), JSON.stringify(answer)).rejects.toThrow(
      'client.query() answered without the rows that were asked for, expected { rows: [{ answers: "…" }] }',
    );
  }
});

it('a URL without pg asks for pg to be installed, when it is first used', async () => {
  vi.doMock('pg', () => {
    throw new Error("Cannot find package 'pg'");
  });
  const store = postgresDedup({ url: 'postgres://127.0.0.1:1/nowhere' });
  await expect(store.claim('key', lease)).rejects.toMatchObject({
    code: 'missing_dependency',
    message: expect.stringContaining('install it (npm i pg), or pass a client instead of url'),
  });
  await store.close();
});

postgres.describe('postgresDedup', () => {
  const { url } = useSchema();

  it('closes what it opened, and no client of others', async () => {
    const { pool, store } = await createStore(url);
    await store.close();
    await store.close();
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);

    const own = postgresDedup({ url, table: newTable() });
    await own.migrate();
    await own.close();
    await own.close();
    await expect(own.claim('key', lease)).rejects.toThrow('The store is closed');
    const unused = postgresDedup({ url });
    await unused.close();
    await expect(unused.claim('key', lease)).rejects.toThrow('The store is closed');
  });

  it('asks a Client one thing at a time, since pg would warn', async () => {
    const emitWarning = vi.spyOn(process, 'emitWarning');
    const client = await connectClient(url);
    const store = postgresDedup({ client, table: newTable() });
    await store.migrate();
    const all = await Promise.allSettled([
      store.claim('a', lease),
      store.advance('b', 1, remember),
      store.release('a', 'token'),
      store.extend('a', 'token', lease),
      store.complete('a', 'token', remember),
    ]);
    expect(all.map(({ status }) => status)).toEqual(Array(5).fill('fulfilled'));
    expect(emitWarning).not.toHaveBeenCalled();
  });

  it('goes on with a Client after a statement of it has failed', async () => {
    const client = await connectClient(url);
    const store = postgresDedup({ client, table: newTable() });
    const [claim, advance] = await Promise.allSettled([store.claim('a', lease), store.advance('b', 1, remember)]);
    expect([claim.status, advance.status]).toEqual(['rejected', 'rejected']);
    await store.migrate();
    expect(await store.claim('a', lease)).toMatchObject({ state: 'fresh' });
  });

  it('tries again what Postgres asks to try again, and gives up in the end', async () => {
    const pool = createPool(url);
    const table = newTable();
    await postgresDedup({ client: pool, table }).migrate();
    const conflict = Object.assign(new Error('could not serialize access'), { code: '40001' });
    let conflicts = 3;
    const query: Queryable['query'] = (text, values) =>
      conflicts-- > 0 ? Promise.reject(conflict) : pool.query(text, values);
    const store = postgresDedup({ client: { query }, table });
    expect(await store.claim('key', lease)).toMatchObject({ state: 'fresh' });
    conflicts = Number.POSITIVE_INFINITY;
    await expect(store.claim('key', lease)).rejects.toBe(conflict);
  });

  it('does not keep a process alive that has nothing else to do', async () => {
    const program = `
      import { postgresDedup } from '@chathooks/postgres';
      const store = postgresDedup({ url: process.env.DATABASE_URL, table: 'alive' });
      await store.migrate();
      console.log((await store.claim('key', { leaseMs: 1000 })).state);`;
    const hook = new URL('../examples/resolve-sources.mjs', import.meta.url).href;
    const args = ['--import', hook, '--input-type=module', '--eval', program];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      env: { PATH: process.env.PATH, DATABASE_URL: url },
      cwd: import.meta.dirname,
    });
    expect(stdout).toBe('fresh\n');
  });
});

postgres.describeOwn('when Postgres goes away', () => {
  it('the store fails at once, and works again when Postgres is back', async () => {
    const server = await startPostgres();
    const pool = createPool(server.url);
    const stores = [postgresDedup({ url: server.url }), postgresDedup({ client: pool })];
    onTestFinished(async () => {
      await Promise.all(stores.map((store) => store.close()));
    });
    await stores[0]?.migrate();
    const claims = await Promise.all(stores.map((store, index) => store.claim(`kept ${index}`, lease)));
    for (const end of [server.stop, server.kill]) {
      await end();
      for (const store of stores) {
        const startedAt = performance.now();
        await expect(store.claim('key', lease)).rejects.toThrow();
        await expect(store.release('key', 'token')).rejects.toThrow();
        expect(performance.now() - startedAt).toBeLessThan(3_000);
      }
      await server.restart();
      for (const store of stores) await expect.poll(() => store.claim('kept 0', lease)).toEqual({ state: 'in-flight' });
    }
    const [claim] = claims;
    expect(claim?.state === 'fresh' && (await stores[0]?.complete('kept 0', claim.token, remember))).toBe(true);
  });

  it('a claim that waits for an answer fails when the connection is cut', async () => {
    const server = await startPostgres();
    const store = postgresDedup({ url: server.url });
    onTestFinished(() => store.close());
    await store.migrate();
    const blocker = new Client({ connectionString: server.url });
    blocker.on('error', () => {}); // it is cut too
    await blocker.connect();
    await blocker.query('BEGIN; LOCK TABLE chathooks_dedup');
    const claim = store.claim('key', lease);
    const waiting = 'SELECT count(*)::int AS count FROM pg_locks WHERE NOT granted';
    await expect.poll(async () => (await blocker.query(waiting)).rows).toEqual([{ count: 1 }]);
    const failed = expect(claim).rejects.toThrow();
    await server.kill();
    await failed;
    await server.restart();
    expect(await store.claim('key', lease)).toMatchObject({ state: 'fresh' });
  });

  it('a store by URL does not wait for a server that hangs, and works again when that goes on', async () => {
    const server = await startPostgres();
    const store = postgresDedup({ url: server.url, timeoutMs: 300 });
    onTestFinished(() => store.close());
    await store.migrate();
    server.pause();
    await expect(store.claim('key', lease), 'on the connection that is there').rejects.toThrow(/timeout/);
    await expect(store.claim('key', lease), 'on a new connection').rejects.toThrow(/timeout/);
    server.resume();
    await expect.poll(() => store.claim('other key', lease)).toMatchObject({ state: 'fresh' });
  });
});
