import {
  basic,
  bearer,
  type ChatEvent,
  createReceiver,
  pathSecret,
  staticHeader,
  unauthenticated,
  type Verifier,
  wexio,
} from '@chathooks/core';
import { deliver } from '@chathooks/testing';
import { describe, expect, it, vi } from 'vitest';
import { notes, recordLogs, send, shop } from './harness.ts';

const body = Buffer.from('{"notes":[{"id":"n1"}]}');

async function attempt(verifier: Verifier, headers: Record<string, string>, path = '/webhooks/shop') {
  const logs = recordLogs();
  const onEvent = vi.fn();
  const receiver = createReceiver({ providers: [shop({ verifier })], logger: logs.logger, onEvent });
  const reply = await send(receiver, { path, headers, body });
  const event: ChatEvent | undefined = onEvent.mock.lastCall?.[0];
  return { status: reply.status, reason: logs.lines[0]?.details.reason, event, logs, reply };
}

describe('a bearer token', () => {
  const verifier = bearer({ token: 'token-é' });

  it('lets the delivery in, however the scheme is written', async () => {
    expect((await attempt(verifier, { authorization: 'Bearer token-é' })).status).toBe(200);
    expect((await attempt(verifier, { authorization: 'bearer  token-é ' })).status).toBe(200);
    expect((await attempt(verifier, { authorization: 'BEARER token-é' })).status).toBe(200);
  });

  it.each([
    ['missing_header', 'no header', {}],
    ['missing_header', 'an empty header', { authorization: '' }],
    ['missing_header', 'an empty token', { authorization: 'Bearer ' }],
    ['missing_header', 'no token', { authorization: 'Bearer' }],
    ['missing_header', 'another scheme', { authorization: 'Basic token-é' }],
    ['mismatch', 'another token', { authorization: 'Bearer token-e' }],
    ['mismatch', 'a beginning of the token', { authorization: 'Bearer token' }],
    ['mismatch', 'the token sent twice', { authorization: 'Bearer token-é, Bearer token-é' }],
  ])('is refused as %s with %s', async (reason, _, headers) => {
    expect(await attempt(verifier, headers as Record<string, string>)).toMatchObject({ status: 401, reason });
  });
});

describe('a credential that is looked up', () => {
  it('is refused for a connection that nobody knows', async () => {
    const verifier = bearer({ token: async ({ connection }) => (connection === 'acme' ? 'token' : undefined) });
    const headers = { authorization: 'Bearer token' };
    expect((await attempt(verifier, headers, '/webhooks/shop/acme')).status).toBe(200);
    expect(await attempt(verifier, headers, '/webhooks/shop/other')).toMatchObject({
      status: 401,
      reason: 'no_secret',
    });
  });
});

describe('basic authentication', () => {
  const verifier = basic({ username: 'shop', password: ['old:pass', 'new:pass'] });
  const header = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });

  it('lets in the user with any of the passwords', async () => {
    expect((await attempt(verifier, header('shop:old:pass'))).status).toBe(200);
    expect((await attempt(verifier, header('shop:new:pass'))).status).toBe(200);
  });

  it.each(['shop:wrong', 'other:new:pass', 'shop:', ':new:pass', 'shop', 'SHOP:new:pass'])(
    'refuses %s',
    async (text) => {
      expect(await attempt(verifier, header(text))).toMatchObject({ status: 401, reason: 'mismatch' });
    },
  );
});

describe('a secret in a header', () => {
  const verifier = staticHeader({ header: 'X-Shop-Token', secret: 'token' });

  it('lets the delivery in', async () => {
    expect((await attempt(verifier, { 'x-shop-token': 'token' })).status).toBe(200);
  });

  it.each([
    ['missing_header', {}],
    ['missing_header', { 'x-shop-token': '' }],
    ['mismatch', { 'x-shop-token': 'token2' }],
    ['mismatch', { 'x-shop-token': 'token, token' }],
  ])('is refused as %s: %o', async (reason, headers) => {
    expect(await attempt(verifier, headers as Record<string, string>)).toMatchObject({ status: 401, reason });
  });
});

describe('a secret in the path', () => {
  const verifier = pathSecret({ secret: 's3cret/ü' });
  const part = encodeURIComponent('s3cret/ü');

  it('lets the delivery in and is no connection', async () => {
    const { status, event, logs } = await attempt(verifier, {}, `/webhooks/shop/${part}`);
    expect(status).toBe(200);
    expect(event).not.toHaveProperty('connection');
    expect(event?.id).toBe('shop:n1');
    expect(logs.text()).not.toContain('s3cret');
  });

  it('follows the connection where there is one', async () => {
    const { status, event } = await attempt(verifier, {}, `/webhooks/shop/acme/${part}/`);
    expect(status).toBe(200);
    expect(event?.connection).toBe('acme');
  });

  it.each([
    ['missing_header', '/webhooks/shop'],
    ['missing_header', '/webhooks'],
    ['mismatch', '/webhooks/shop/guess'],
    ['mismatch', `/webhooks/shop/${part}x`],
    ['mismatch', `/webhooks/shop/${part}/acme`],
  ])('is refused as %s on %s, and what was tried is neither logged nor reported', async (reason, path) => {
    const { status, logs, reply, ...seen } = await attempt(verifier, {}, path);
    expect({ status, reason: seen.reason }).toEqual({ status: 401, reason });
    const everything = logs.text() + JSON.stringify(reply);
    expect(everything).not.toContain('guess');
    expect(everything).not.toContain('s3cret');
  });
});

describe('the modes of Wexio', () => {
  const { path, headers: _, body } = deliver.wexio('chat.created');
  const statusWith = async (provider: ReturnType<typeof wexio>, headers: Record<string, string>) =>
    (await send(createReceiver({ providers: [provider], logger: false }), { path, headers, body })).status;

  it('takes a bearer token', async () => {
    const provider = wexio({ auth: { bearer: 'token' } });
    expect(await statusWith(provider, { authorization: 'Bearer token' })).toBe(200);
    expect(await statusWith(provider, { authorization: 'Bearer wrong' })).toBe(401);
    expect(await statusWith(provider, {})).toBe(401);
  });

  it('takes a user name and a password', async () => {
    const provider = wexio({ auth: { basic: { username: 'user', password: 'pass' } } });
    expect(await statusWith(provider, { authorization: `Basic ${btoa('user:pass')}` })).toBe(200);
    expect(await statusWith(provider, { authorization: `Basic ${btoa('user:wrong')}` })).toBe(401);
    expect(await statusWith(provider, {})).toBe(401);
  });

  it('takes no authentication only when it is spelled out, and warns at the start', async () => {
    const logs = recordLogs();
    const provider = wexio({ auth: { none: true } });
    const onEvent = vi.fn();
    const receiver = createReceiver({ providers: [provider], logger: logs.logger, onEvent });
    expect(logs.lines).toMatchObject([{ level: 'warn', details: { provider: 'wexio' } }]);
    expect((await send(receiver, { path, headers: {}, body })).status).toBe(200);
    expect(onEvent.mock.lastCall?.[1].secretName).toBe('none');
  });

  it('warns of no provider that is authenticated', () => {
    const logs = recordLogs();
    createReceiver({ providers: [wexio({ secret: 'secret' }), shop()], logger: logs.logger });
    expect(logs.lines).toEqual([]);
  });

  it('warns of a custom provider that accepts everybody too', async () => {
    const logs = recordLogs();
    const receiver = createReceiver({ providers: [shop({ verifier: unauthenticated })], logger: logs.logger });
    expect(logs.lines).toMatchObject([{ level: 'warn', details: { provider: 'shop' } }]);
    expect((await send(receiver, { ...notes([]), headers: {} })).status).toBe(200);
  });
});
