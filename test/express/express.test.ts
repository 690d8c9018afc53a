import { createReceiver, type Receiver, webhooks, wexio } from '@chathooks/express';
import { deliver } from '@chathooks/testing';
import express from 'express';
import express4 from 'express4';
import request from 'supertest';
import { describe, expect, it, vi } from 'vitest';

const { path, headers, body } = deliver.wexio('message.inbound.created', { data: { message: { text: 'Hi 👋' } } });
const text = Buffer.from(body).toString();
const providers = [wexio({ secret: wexio.samples.secret })];

// The two majors agree in all that is used here, but not in their types.
describe.each([
  ['4', express4 as unknown as typeof express],
  ['5', express],
])('Express %s', (_version, express) => {
  it('handles deliveries', async () => {
    const onMessageInbound = vi.fn();
    const app = express().use(webhooks({ providers, onMessageInbound }));
    await request(app).post(path).set(headers).send(text).expect(200, { ok: true });
    expect(onMessageInbound.mock.calls[0]?.[0].data.message.text).toBe('Hi 👋');
  });

  it('reads the body that a parser has skipped, whatever it left', async () => {
    const onMessageInbound = vi.fn();
    const app = express().use(express.json({ type: 'application/else' }), express.urlencoded({ extended: false }));
    app.use(webhooks({ providers, onMessageInbound }));
    await request(app).post(path).set(headers).send(text).expect(200);
    expect(onMessageInbound).toHaveBeenCalledOnce();
  });

  it('names the fix when express.json() was mounted before', async () => {
    const error = vi.fn();
    const app = express().use(express.json(), webhooks({ providers, logger: { warn: () => {}, error } }));
    await request(app).post(path).set(headers).send(text).expect(500);
    expect(error).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ code: 'body_consumed' }),
      expect.stringMatching(/before express\.json\(\).*verify.*rawBody/),
    );
  });

  it('shares a receiver between mount points and takes handlers later', async () => {
    const receiver = createReceiver({ providers });
    const app = express().use('/:tenant/a', webhooks(receiver)).use('/b', webhooks(receiver));
    const handler = vi.fn();
    webhooks(receiver).receiver.on('message.inbound', handler);
    await request(app).post(`/acme/a${path}`).set(headers).send(text).expect(200);
    await request(app).post(`/b${path}`).set(headers).send(text).expect(200);
    expect(handler).toHaveBeenCalledOnce();
  });

  it('tells the URL with the scheme of a trusted proxy', async () => {
    const handle = vi.fn<Receiver['handle']>().mockResolvedValue({ status: 200, headers: {}, body: '' });
    const receiver = { ...createReceiver({ providers }), handle };
    const app = express().set('trust proxy', true).use('/hooks', webhooks(receiver));
    await request(app).post('/hooks/a?b=c').set({ host: 'example.com', 'x-forwarded-proto': 'https' }).expect(200);
    expect(handle.mock.calls[0]?.[0]).toMatchObject({ path: '/a', url: 'https://example.com/hooks/a?b=c' });
  });

  it('calls next once, whatever happens', async () => {
    const unexpected = new Error('unexpected');
    const receiver = createReceiver({ providers });
    const middlewares = [
      webhooks({ ...receiver, handle: () => Promise.reject(unexpected) }),
      webhooks({ ...receiver, handle: () => Promise.resolve(undefined) }),
    ];
    const next = vi.fn();
    const app = express().use(async (request, response) => {
      for (const middleware of middlewares) await middleware(request, response, next);
      response.end();
    });
    await request(app).post(path);
    expect(next.mock.calls).toEqual([[unexpected], []]);
  });
});

it('stops at start when the options cannot work', () => {
  expect(() => webhooks({ providers: [] })).toThrow(expect.objectContaining({ code: 'no_provider' }));
});
