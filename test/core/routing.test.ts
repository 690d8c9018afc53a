import { gzipSync } from 'node:zlib';
import { ChathooksError, createReceiver, type Provider, type ReceiverOptions } from '@chathooks/core';
import { describe, expect, it, vi } from 'vitest';
import { codeOf, notes, requestOf, type Sent, send, shop, signed } from './harness.ts';

const one = notes([{ id: 'n1' }]);
const receiverOf = (options: Partial<ReceiverOptions> = {}) =>
  createReceiver({ providers: [shop()], logger: false, ...options });

describe('a path', () => {
  const two = [shop(), shop({ name: 'shop-eu' })];

  it.each([
    ['/webhooks/shop', {}],
    ['/webhooks/shop/', {}],
    ['/webhooks/shop/acme', {}],
    ['/webhooks/shop/acme/', {}],
    ['/webhooks/shop/b%C3%BCro%2F1', {}],
    ['/webhooks', {}],
    ['/webhooks/', {}],
    ['/hooks/chat/shop', { path: '/hooks/chat' }],
    ['/hooks/shop', { path: '/hooks/' }],
    ['/shop', { path: '/' }],
    ['/', { path: '/' }],
    ['/webhooks/shop-eu', { providers: two }],
  ])('%s is answered with %o', async (path, options) => {
    expect((await send(receiverOf(options), { ...one, path })).status).toBe(200);
  });

  it.each([
    ['/', {}],
    ['/webhook', {}],
    ['/webhooks-old', {}],
    ['/webhooks/other', {}],
    ['/webhooks/Shop', {}],
    ['/webhooks/shop//', {}],
    ['/webhooks/shop//acme', {}],
    ['/webhooks/shop/acme/more', {}],
    ['/webhooks/shop/%E0%A4%A', {}],
    [`/webhooks/shop/${'a'.repeat(257)}`, {}],
    ['/webhooks/__proto__', {}],
    ['/api/webhooks/shop', {}],
    ['/shop', {}],
    ['/webhooks', { providers: two }],
    ['/webhooks/', { providers: two }],
  ])('%s is left to the app with %o', async (path, options) => {
    expect(await receiverOf(options).handle(requestOf({ ...one, path }))).toBeUndefined();
  });

  it('is listed with those of all providers', () => {
    expect(receiverOf().paths).toEqual(['/webhooks', '/webhooks/shop']);
    expect(receiverOf({ providers: two }).paths).toEqual(['/webhooks/shop', '/webhooks/shop-eu']);
    expect(receiverOf({ path: '/' }).paths).toEqual(['/', '/shop']);
  });

  it('names the connection, decoded', async () => {
    const onEvent = vi.fn();
    await send(receiverOf({ onEvent }), { ...one, path: '/webhooks/shop/b%C3%BCro%2F1' });
    expect(onEvent.mock.lastCall?.[0].connection).toBe('büro/1');
  });
});

describe('a method other than POST', () => {
  it.each(['GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'])('%s is answered 405 with what is allowed', async (method) => {
    const reply = await send(receiverOf(), { ...one, method });
    expect([reply.status, codeOf(reply), reply.headers.allow]).toEqual([405, 'method_not_allowed', 'POST']);
  });

  const reply = { status: 200, headers: { 'content-type': 'text/plain' }, body: 'challenge' };
  const withHandshake = (handshake: NonNullable<Provider['handshake']>) =>
    receiverOf({ providers: [shop({ handshake })], logger: false });

  it('is answered by the handshake of a provider that has one, if it is GET', async () => {
    const receiver = withHandshake({ reply: async () => reply });
    expect(await send(receiver, { ...one, method: 'GET' })).toEqual(reply);
    expect((await send(receiver, { ...one, method: 'PUT' })).headers.allow).toBe('GET, POST');
  });

  it('is answered with the error that the handshake throws', async () => {
    const refusing = withHandshake({
      reply() {
        throw new ChathooksError('verification_failed', 'The verify token is not the configured one');
      },
    });
    expect((await send(refusing, { ...one, method: 'GET' })).status).toBe(401);
    const broken = withHandshake({ reply: () => Promise.reject(new TypeError('no')) });
    expect(codeOf(await send(broken, { ...one, method: 'GET' }))).toBe('internal_error');
  });
});

describe('a content type', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON ;x',
    'application/vnd.shop+json',
    undefined,
  ])('%s is let in', async (type) => {
    expect((await send(receiverOf(), one, { 'content-type': type })).status).toBe(200);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'application/json, text/plain',
    'json',
    ';',
  ])('%s is refused with 415', async (type) => {
    expect(codeOf(await send(receiverOf(), one, { 'content-type': type }))).toBe('unsupported_content_type');
  });

  it('can be another one, for a vendor that sends it', async () => {
    const receiver = receiverOf({ providers: [shop({ contentTypes: ['text/plain'] })] });
    expect((await send(receiver, one, { 'content-type': 'text/plain; charset=utf-8' })).status).toBe(200);
    expect((await send(receiver, one, { 'content-type': 'application/vnd.shop+json' })).status).toBe(415);
  });
});

describe('a body', () => {
  const limited = (options: Partial<ReceiverOptions>, provider = {}) => {
    const body = vi.fn((_maxBytes: number) => one.body);
    const receiver = receiverOf({ providers: [shop(provider)], ...options });
    return receiver.handle({ ...requestOf(one), body }).then(() => body.mock.lastCall?.[0]);
  };

  it('is read up to 1 MiB, or the limit of the receiver, or that of the provider', async () => {
    expect(await limited({})).toBe(1024 * 1024);
    expect(await limited({ limits: { bodyBytes: 10_000 } })).toBe(10_000);
    expect(await limited({}, { bodyBytes: 5_000 })).toBe(5_000);
  });

  it.each(['body_too_large', 'body_consumed', 'body_aborted'] as const)(
    'that fails with %s is answered so',
    async (code) => {
      const body = async () => {
        throw new ChathooksError(code, 'no');
      };
      const reply = await receiverOf().handle({ ...requestOf(one), body });
      expect(reply && codeOf(reply)).toBe(code);
      expect(reply?.headers.connection).toBe(code === 'body_too_large' ? 'close' : undefined);
    },
  );

  const zipped = (sent: Sent, encoding: string, body: Uint8Array = gzipSync(sent.body)): Sent => ({
    ...sent,
    headers: { ...sent.headers, 'content-encoding': encoding },
    body,
  });

  it.each(['gzip', 'x-gzip', ' GZip '])(
    'in the encoding %s is inflated, and its signature is of what is inside',
    async (encoding) => {
      expect((await send(receiverOf(), zipped(one, encoding))).status).toBe(200);
      const request = requestOf(zipped(one, encoding));
      const later = { ...request, body: async (maxBytes: number) => request.body(maxBytes) };
      expect((await receiverOf().handle(later))?.status).toBe(200);
    },
  );

  it('that the framework has inflated already is left alone', async () => {
    expect((await send(receiverOf(), zipped(one, 'gzip', one.body))).status).toBe(200);
    expect((await send(receiverOf(), zipped(one, 'identity', one.body))).status).toBe(200);
  });

  it.each(['br', 'deflate', 'gzip, gzip', ''])('in the encoding "%s" is refused with 415', async (encoding) => {
    expect(codeOf(await send(receiverOf(), zipped(one, encoding)))).toBe('unsupported_content_encoding');
  });

  it('that is truncated gzip is refused with 415', async () => {
    const body = gzipSync(one.body);
    expect(codeOf(await send(receiverOf(), zipped(one, 'gzip', body.subarray(0, -10))))).toBe(
      'unsupported_content_encoding',
    );
    expect(
      codeOf(await send(receiverOf(), zipped(one, 'gzip', Buffer.concat([body.subarray(0, 10), Buffer.alloc(50)])))),
    ).toBe('unsupported_content_encoding');
  });

  it('that inflates to more than the limit is refused with 413, whoever sent it', async () => {
    const bomb = zipped(signed('{}'), 'gzip', gzipSync(Buffer.alloc(20 * 1024 * 1024)));
    expect(codeOf(await send(receiverOf(), bomb))).toBe('body_too_large');
    const small = receiverOf({ limits: { bodyBytes: one.body.length - 1 } });
    expect(codeOf(await send(small, zipped(one, 'gzip')))).toBe('body_too_large');
    const enough = receiverOf({ limits: { bodyBytes: one.body.length } });
    expect((await send(enough, zipped(one, 'gzip'))).status).toBe(200);
  });
});
