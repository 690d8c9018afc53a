import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deliver } from '@chathooks/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { usePostgres, useSchema } from '../services/postgres.ts';
import { startProgram } from './start-program.ts';

const postgres = usePostgres();
const start = (file: string, environment: Record<string, string>) => startProgram(`examples/${file}`, environment);

const folder = mkdtempSync(join(tmpdir(), 'chathooks-examples-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const wexioSecret = { WEXIO_WEBHOOK_SECRET: 'wexio-test-secret' };
const watsiSecret = { WATSI_WEBHOOK_SECRET: 'watsi-test-secret' };
const event = 'message.inbound.created';

describe('the example', () => {
  it('express-quickstart calls the CRM once for each event of two vendors, and never for a forgery', async () => {
    const server = await start('express-quickstart/server.ts', { ...wexioSecret, ...watsiSecret });
    expect(await server.post(deliver.wexio(event))).toBe(200);
    expect(await server.post(deliver.wexio(event))).toBe(200);
    expect(await server.post(deliver.watsi('message.status'))).toBe(200);
    expect(await server.post(deliver.wexio('chat.created', {}, { secret: 'guess' }))).toBe(401);
    expect(await server.post(deliver.wexio('chat.created'))).toBe(200);
    expect(await server.stop()).toEqual([
      'crm: new text message',
      'crm: a message is read',
      'crm: new chat on whatsapp',
    ]);
  });

  it('express-quickstart receives from the vendors whose secrets are in the environment, and from no other', async () => {
    const server = await start('express-quickstart/from-environment.ts', watsiSecret);
    expect(await server.post(deliver.watsi('message.received'))).toBe(200);
    expect(await server.post(deliver.wexio(event))).toBe(404);
    expect(await server.stop()).toEqual(['crm: new text message']);
  });

  it('express-quickstart does not start without secrets', async () => {
    await expect(start('express-quickstart/server.ts', wexioSecret)).rejects.toThrow('missing_secret');
  });

  it('koa-router receives below the prefixes of a router, whose other routes work', async () => {
    const server = await start('koa-router/server.ts', wexioSecret);
    expect(await server.post(deliver.wexio(event, {}, { base: '/integrations/chat/hooks' }))).toBe(200);
    expect(await server.post(deliver.wexio(event))).toBe(404);
    expect(await (await fetch(`${server.url}/integrations/health`)).text()).toBe('ok');
    expect(await server.stop()).toEqual(['message.inbound from wexio']);
  });

  it("fastify-plugin receives below a prefix, and leaves the app's body parsers alone", async () => {
    const server = await start('fastify-plugin/server.ts', wexioSecret);
    expect(await server.post(deliver.wexio(event, {}, { base: '/integrations/webhooks' }))).toBe(200);
    const headers = { 'content-type': 'application/json' };
    const echo = await fetch(`${server.url}/echo`, { method: 'POST', headers, body: '{"a":1}' });
    expect(await echo.json()).toEqual({ a: 1 });
    expect(await server.stop()).toEqual(['message.inbound from wexio']);
  });

  it('hono-fetch receives beside other routes', async () => {
    const server = await start('hono-fetch/server.ts', wexioSecret);
    expect(await server.post(deliver.wexio(event))).toBe(200);
    expect(await (await fetch(`${server.url}/health`)).text()).toBe('ok');
    expect(await server.stop()).toEqual(['message.inbound from wexio']);
  });

  it('custom-dedup-store knows after a restart what was handled before', async () => {
    const environment = { ...wexioSecret, DEDUP_FILE: join(folder, 'dedup.sqlite') };
    const before = await start('custom-dedup-store/server.ts', environment);
    expect(await before.post(deliver.wexio(event))).toBe(200);
    expect(await before.stop()).toEqual(['message.inbound from wexio']);
    const after = await start('custom-dedup-store/server.ts', environment);
    expect(await after.post(deliver.wexio(event))).toBe(200);
    expect(await after.stop()).toEqual([]);
  });

  it('custom-provider receives from a vendor that chathooks does not know', async () => {
    const server = await start('custom-provider/server.ts', { FRONTDESK_SECRET: 'frontdesk-test-secret' });
    const body = new TextEncoder().encode(
      '{"id":"fd_1","kind":"note.added","at":1781079330,"note":{"id":"n1","body":"Hello","guest":{"name":"Mirte"}}}',
    );
    const send = (signature: string) =>
      server.post({
        method: 'POST',
        path: '/webhooks/frontdesk',
        headers: { 'x-frontdesk-signature': signature },
        body,
      });
    expect(await send('v1=MV96SqTaR3avPtOfBMFmqU0EQ30WrmXCQFOqaiUXez8=')).toBe(200);
    expect(await send('v1=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=')).toBe(401);
    expect(await server.stop()).toEqual(['message.inbound from frontdesk']);
  });

  it("multi-tenant accepts each tenant's secret at that tenant's URL only", async () => {
    const secrets = { BAKERY_WEXIO_SECRET: 'dough', FLORIST_WEXIO_SECRET: 'petal' };
    const server = await start('multi-tenant/server.ts', secrets);
    const post = (connection: string, secret: string) => server.post(deliver.wexio(event, {}, { connection, secret }));
    expect(await post('bakery', 'dough')).toBe(200);
    expect(await post('florist', 'dough')).toBe(401);
    expect(await post('butcher', 'dough')).toBe(401);
    expect(await post('florist', 'petal')).toBe(200);
    expect(await server.stop()).toEqual(['message.inbound for bakery', 'message.inbound for florist']);
  });
});

postgres.describe('the example', () => {
  const { url } = useSchema();

  it('postgres-transaction counts each message once, also after a restart', async () => {
    const environment = { ...wexioSecret, DATABASE_URL: url };
    const next = deliver.wexio(event, { id: 'evt_next', data: { message: { id: 'msg_next' } } });
    const before = await start('postgres-transaction/server.ts', environment);
    expect(await before.post(deliver.wexio(event))).toBe(200);
    expect(await before.post(deliver.wexio(event))).toBe(200);
    expect(await before.stop()).toEqual(['unread messages: 1']);
    const after = await start('postgres-transaction/server.ts', environment);
    expect(await after.post(deliver.wexio(event))).toBe(200);
    expect(await after.post(next)).toBe(200);
    expect(await after.stop()).toEqual(['unread messages: 2']);
  });
});

it('every example is started by a test', () => {
  const tests = ['servers.test.ts', 'durable-inbox.test.ts', 'two-vendors.test.ts']
    .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
    .join('');
  const isStarted = (name: string) => tests.includes(`start('${name}/`) || tests.includes(`'examples/${name}'`);
  expect(readdirSync('examples').filter((name) => !isStarted(name))).toEqual([]);
});
