import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startPostgres, usePostgres, useSchema } from './postgres.ts';
import { startRedis, useRedis } from './redis.ts';

vi.setConfig({ testTimeout: 30_000 }); // the tests start processes
const redis = useRedis();
const postgres = usePostgres();

function connectRedis(url: string): Redis {
  const client = new Redis(url, { retryStrategy: () => null, maxRetriesPerRequest: 0, commandTimeout: 1_000 });
  client.on('error', () => {}); // commands reject with it
  onTestFinished(() => client.disconnect());
  return client;
}

async function connectPostgres(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, query_timeout: 1_000 });
  client.on('error', () => {}); // queries reject with it
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

redis.describe('the Redis of the run', () => {
  it('answers', async () => {
    expect(await connectRedis(redis.url).ping()).toBe('PONG');
  });
});

redis.describeOwn('a Redis of a test', () => {
  it('stops, starts again at the same port, and keeps what it was told to keep', async () => {
    const server = await startRedis({ args: ['--appendonly', 'yes'] });
    await connectRedis(server.url).set('key', 'value');
    await server.stop();
    await expect(connectRedis(server.url).ping()).rejects.toThrow();
    await server.restart();
    expect(await connectRedis(server.url).get('key')).toBe('value');
    await server.kill();
    await expect(connectRedis(server.url).ping()).rejects.toThrow();
  });

  it('answers nothing while it is paused', async () => {
    const server = await startRedis();
    const client = connectRedis(server.url);
    await client.ping();
    server.pause();
    await expect(client.ping()).rejects.toThrow('timed out');
    server.resume();
    expect(await client.ping()).toBe('PONG');
  });

  it('says why it does not start', async () => {
    await expect(startRedis({ args: ['--no-such-option', 'yes'] })).rejects.toThrow(/ended with 1: .*no-such-option/s);
  });

  it('ends with the process that started it, also when that is killed', async () => {
    const program = `
      import { startRedis } from ${JSON.stringify(import.meta.resolve('./redis-server.ts'))};
      const { port } = await startRedis();
      console.log(port);
      process.kill(process.pid, 'SIGKILL');`;
    const args = ['--input-type=module', '--eval', program];
    const { stdout } = await promisify(execFile)(process.execPath, args).catch((error) => error);
    const url = `redis://127.0.0.1:${Number(stdout)}`;
    await expect
      .poll(() =>
        connectRedis(url)
          .ping()
          .then(String, () => 'gone'),
      )
      .toBe('gone');
  });
});

postgres.describe('the Postgres of the run', () => {
  const { name, url } = useSchema();

  it('has a schema for this file', async () => {
    const client = await connectPostgres(url);
    await client.query('create table notes (id int)');
    const { rows } = await client.query(
      `select table_schema from information_schema.tables where table_name = 'notes'`,
    );
    expect(rows).toContainEqual({ table_schema: name });
  });
});

postgres.describeOwn('a Postgres of a test', () => {
  it('pauses, stops, starts again at the same port, and keeps what was committed', async () => {
    const server = await startPostgres();
    const client = await connectPostgres(server.url);
    await client.query('create table notes (id int)');
    server.pause();
    await expect(client.query('select 1')).rejects.toThrow('timeout');
    server.resume();
    for (const end of [server.stop, server.kill]) {
      await end();
      await expect(connectPostgres(server.url)).rejects.toThrow();
      await server.restart();
      const { rows } = await (await connectPostgres(server.url)).query('select count(*)::int as count from notes');
      expect(rows).toEqual([{ count: 0 }]);
    }
  });
});
