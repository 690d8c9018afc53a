import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deliver } from '@chathooks/testing';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { usePostgres, useSchema } from '../services/postgres.ts';
import { useRedis } from '../services/redis.ts';
import { runProgram, startProgram } from './start-program.ts';

const folder = 'examples/durable-inbox';
const secrets = { WEXIO_WEBHOOK_SECRET: 'wexio-test-secret' };
const slow = { CRM_MS: '600000' };
const message = (id: string) => deliver.wexio('message.inbound.created', { id });

const redis = useRedis();
const postgres = usePostgres();

describe('with the memory store, the example', () => {
  const environment = { ...secrets, STORAGE: 'memory' };

  it('leaves it to the vendor to send again what a crash interrupted', async () => {
    const before = await startProgram(`${folder}/server.ts`, { ...environment, ...slow });
    const unanswered = before.post(message('evt_1'));
    unanswered.catch(() => {});
    await before.printed('message.inbound, attempt 1');
    await before.kill();
    await expect(unanswered).rejects.toThrow();

    const after = await startProgram(`${folder}/server.ts`, environment);
    expect(await after.post(message('evt_1'))).toBe(200);
    expect(await after.stop()).toEqual(['message.inbound, attempt 1', 'crm: new text message']);
  });

  it('cannot leave the handling to another process', async () => {
    await expect(startProgram(`${folder}/web.ts`, environment)).rejects.toThrow('there is no inbox');
    await expect(startProgram(`${folder}/worker.ts`, environment, /Working/)).rejects.toThrow('has no inbox');
  });
});

describe('with SQLite, the example', () => {
  const path = mkdtempSync(join(tmpdir(), 'chathooks-durable-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  testStorage(() => ({ STORAGE: 'sqlite', SQLITE_FILE: join(path, `${randomUUID()}.sqlite`) }));
});

redis.describe('with Redis, the example', () => {
  const app = `test-${randomUUID()}`;
  afterAll(async () => {
    const client = new Redis(redis.url);
    for await (const keys of client.scanStream({ match: `*${app}*`, count: 1_000 })) {
      if (keys.length > 0) await client.unlink(keys);
    }
    await client.quit();
  });
  testStorage((test) => ({ STORAGE: 'redis', REDIS_URL: redis.url, APP: `${app}-${test}` }));
});

postgres.describe('with Postgres, the example', () => {
  const schemas = [useSchema(), useSchema(), useSchema()];
  testStorage((test) => ({ STORAGE: 'postgres', DATABASE_URL: postgres.url, APP: schemas[test]?.name ?? '' }));
});

/** @param storage - environment of a storage that is empty, another one for each number */
function testStorage(storage: (test: number) => Record<string, string>): void {
  it('handles after a restart what it had acknowledged before it was killed, and handles it once', async () => {
    const environment = { ...secrets, ...storage(0), LEASE_MS: '1500' };
    const before = await startProgram(`${folder}/server.ts`, { ...environment, ...slow });
    expect(await before.post(message('evt_1'))).toBe(200);
    await before.printed('message.inbound, attempt 1');
    await before.kill();

    const after = await startProgram(`${folder}/server.ts`, environment);
    await after.printed('crm: new text message');
    expect(await after.post(message('evt_1'))).toBe(200);
    // Of the same chat, so that it comes after the other.
    expect(await after.post(message('evt_2'))).toBe(200);
    await after.printed('message.inbound, attempt 1');
    expect(await after.stop()).toEqual([
      'message.inbound, attempt 2',
      'crm: new text message',
      'message.inbound, attempt 1',
      'crm: new text message',
    ]);
  }, 30_000);

  it('finishes what it has begun when it is told to stop, ends soon, and knows it after a restart', async () => {
    const environment = { ...secrets, ...storage(1), CRM_MS: '500' };
    const before = await startProgram(`${folder}/server.ts`, environment);
    expect(await before.post(message('evt_1'))).toBe(200);
    await before.printed('message.inbound, attempt 1');
    const toldAt = performance.now();
    expect(await before.stop()).toEqual(['message.inbound, attempt 1', 'crm: new text message']);
    expect(performance.now() - toldAt).toBeLessThan(5_000);

    const after = await startProgram(`${folder}/server.ts`, environment);
    expect(await after.post(message('evt_1'))).toBe(200);
    expect(await after.post(message('evt_2'))).toBe(200);
    await after.printed('crm: new text message');
    expect(await after.stop()).toEqual(['message.inbound, attempt 1', 'crm: new text message']);
  }, 30_000);

  it('receives in one process and handles in another, and shows what was set aside', async () => {
    const environment = { ...secrets, ...storage(2) };
    const failed = async (...args: string[]) => (await runProgram(`${folder}/failed.ts`, args, environment)).output;
    const web = await startProgram(`${folder}/web.ts`, environment);
    expect(await web.post(deliver.wexio('contact.deleted', { id: 'evt_1' }))).toBe(200);
    expect(await web.post(message('evt_2'))).toBe(200);
    expect(await web.stop()).toEqual([]);

    const worker = await startProgram(`${folder}/worker.ts`, environment, /Working/);
    await worker.printed('crm: new text message');
    const list = await vi.waitUntil(() => failed(), { timeout: 10_000 });
    expect(list).toMatch(
      /^\S+Z wexio:evt_1 contact\.deleted, tries: 1, permanent_failure: The CRM cannot delete contacts yet\n$/,
    );
    expect(await failed('discard', 'wexio:evt_1')).toBe('It is deleted\n');
    expect(await failed('retry', 'wexio:evt_1')).toBe('There is none\n');
    await worker.stop();
  }, 30_000);
}
