import { request } from 'node:http';
import { createGunzip, gzipSync } from 'node:zlib';
import plugin, {
  createReceiver,
  type InboundRequest,
  memoryDedup,
  type Receiver,
  webhooks,
  wexio,
} from '@chathooks/fastify';
import { deliver } from '@chathooks/testing';
import fastify from 'fastify';
import fastify4 from 'fastify4';
import { describe, expect, it, vi } from 'vitest';

const { path: url, headers, body, method } = deliver.wexio('message.inbound.created');
const delivery = { method, url, headers, payload: Buffer.from(body) };
const providers = [wexio({ secret: wexio.samples.secret })];

/** A receiver that tells, of each request, the path and the URL that it was given. */
const spy = (options: { path?: string } = {}): Receiver => ({
  ...createReceiver({ providers, ...options }),
  handle: async ({ path, url }: InboundRequest) => ({ status: 200, headers: {}, body: `${path} ${url}` }),
});

// The two majors agree in all that is used here, but not in their types.
describe.each([
  ['4', fastify4 as unknown as typeof fastify],
  ['5', fastify],
])('Fastify %s', (_version, fastify) => {
  it('handles injected deliveries', async () => {
    const onMessageInbound = vi.fn();
    const app = fastify();
    app.register(webhooks, { providers, onMessageInbound });
    const response = await app.inject(delivery);
    expect([response.statusCode, response.json()]).toEqual([200, { ok: true }]);
    expect(onMessageInbound).toHaveBeenCalledOnce();
  });

  it('takes the options of register beside those of the receiver', async () => {
    const onMessageInbound = vi.fn();
    const app = fastify();
    app.register(plugin, { providers, onMessageInbound, prefix: '/v1', logLevel: 'warn', logSerializers: {} });
    expect((await app.inject({ ...delivery, url: `/v1${url}` })).statusCode).toBe(200);
    expect((await app.inject(delivery)).statusCode).toBe(404);
    expect(onMessageInbound).toHaveBeenCalledOnce();
  });

  it('refuses to start with options that nobody knows', async () => {
    const app = fastify();
    app.register(webhooks, { providers, prefixes: '/v1' } as object);
    await expect(app.ready()).rejects.toMatchObject({ code: 'unknown_option' });
  });

  it('knows its paths below nested prefixes, parameters included', async () => {
    const app = fastify();
    app.register(async (scope) => scope.register(webhooks, { ...spy(), prefix: '/hooks' }), { prefix: '/:tenant' });
    const post = async (path: string) => (await app.inject({ method: 'POST', url: path })).body;
    expect(await post('/a%20b/hooks/webhooks')).toBe('/webhooks http://localhost:80/a%20b/hooks/webhooks');
    expect(await post('/a/hooks/webhooks/wexio/c%20d?e=f')).toBe(
      '/webhooks/wexio/c%20d http://localhost:80/a/hooks/webhooks/wexio/c%20d?e=f',
    );
  });

  it.each(['/', '/a:b', '/a(b)'])('can have its routes below %s', async (base) => {
    const app = fastify();
    app.register(webhooks, spy({ path: base }));
    const path = base === '/' ? '/wexio/c' : `${base}/wexio/c`;
    expect((await app.inject({ method: 'POST', url: path })).body).toMatch(`${path} `);
  });

  it("leaves what is not ours to the app's not-found handler", async () => {
    const app = fastify();
    app.setNotFoundHandler((_request, reply) => reply.code(404).send('nothing here'));
    app.register(webhooks, { providers });
    expect((await app.inject({ ...delivery, url: '/webhooks/nobody' })).body).toBe('nothing here');
  });

  it('does not meet the parsers of the app', async () => {
    const onMessageInbound = vi.fn();
    const parse = vi.fn((_request: unknown, _body: unknown, done: (error: Error) => void) => done(new Error('parsed')));
    const app = fastify();
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(['application/json', '*'], { parseAs: 'string' }, parse);
    app.register(webhooks, { providers, onMessageInbound });
    expect((await app.inject(delivery)).statusCode).toBe(200);
    expect(onMessageInbound).toHaveBeenCalledOnce();
    expect(parse).not.toHaveBeenCalled();
  });

  it('reads the stream that a preParsing hook has put in place', async () => {
    const onMessageInbound = vi.fn();
    const app = fastify();
    app.addHook('preParsing', async (_request, _reply, payload) => payload.pipe(createGunzip()));
    app.register(webhooks, { providers, onMessageInbound });
    const payload = gzipSync(body);
    expect((await app.inject({ ...delivery, payload })).statusCode).toBe(200);
    expect(onMessageInbound).toHaveBeenCalledOnce();
  });

  it('names the fix when a preParsing hook has read the body', async () => {
    const error = vi.fn();
    const app = fastify();
    app.addHook('preParsing', async (_request, _reply, payload) => {
      for await (const _chunk of payload);
      return payload;
    });
    app.register(webhooks, { providers, logger: { warn: () => {}, error } });
    expect((await app.inject(delivery)).statusCode).toBe(500);
    expect(error).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ code: 'body_consumed' }),
      expect.stringMatching(/preParsing.*rawBody/),
    );
  });

  it('sends nothing to a sender who hung up', async () => {
    const onSend = vi.fn(async () => {});
    const app = fastify();
    app.addHook('onSend', onSend);
    const noticed = new Promise<void>((resolve) => {
      app.register(webhooks, { providers, logger: { debug: () => resolve(), warn: () => {}, error: () => {} } });
    });
    const outgoing = request(`${await app.listen({ port: 0, host: '127.0.0.1' })}${url}`, { method });
    outgoing.on('error', () => {});
    outgoing.write('half', () => outgoing.destroy());
    await noticed;
    await app.close();
    expect(onSend).not.toHaveBeenCalled();
  });

  it('closes the receiver that it made, and not one that it was given', async () => {
    const own = vi.fn();
    const shared = vi.fn();
    const app = fastify();
    app.register(webhooks, { providers, dedup: { ...memoryDedup(), close: own } });
    const receiver = createReceiver({ providers, dedup: { ...memoryDedup(), close: shared } });
    app.register(webhooks, { ...receiver, prefix: '/shared' });
    await app.ready();
    await app.close();
    expect(own).toHaveBeenCalledOnce();
    expect(shared).not.toHaveBeenCalled();
  });
});
