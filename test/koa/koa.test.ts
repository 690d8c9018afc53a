import { createReceiver, type InboundRequest, type Receiver, webhooks, wexio } from '@chathooks/koa';
import { deliver } from '@chathooks/testing';
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import Koa from 'koa';
import Koa2 from 'koa2';
import request from 'supertest';
import { describe, expect, it, vi } from 'vitest';

const { path, headers, body } = deliver.wexio('message.inbound.created', { data: { message: { text: 'Hi 👋' } } });
const text = Buffer.from(body).toString();
const providers = [wexio({ secret: wexio.samples.secret })];

/** A receiver that tells, of each request, the path that it was given. */
const spy = (options: { path?: string } = {}): Receiver => ({
  ...createReceiver({ providers, ...options }),
  handle: async ({ path }: InboundRequest) => ({ status: 200, headers: {}, body: path }),
});

describe.each([
  ['2', Koa2 as unknown as typeof Koa],
  ['3', Koa],
])('Koa %s', (_version, Koa) => {
  it('handles deliveries, and replies through the middleware around it', async () => {
    const onMessageInbound = vi.fn();
    const app = new Koa();
    app.use(async (ctx, next) => {
      await next();
      ctx.set('x-status', String(ctx.status));
    });
    app.use(webhooks({ providers, onMessageInbound }));
    const response = await request(app.callback()).post(path).set(headers).send(text).expect(200, { ok: true });
    expect(response.headers).toMatchObject({ 'x-status': '200', 'content-type': 'application/json' });
    expect(onMessageInbound.mock.calls[0]?.[0].data.message.text).toBe('Hi 👋');
  });

  it('names the fix when a body parser kept neither bytes nor text', async () => {
    const error = vi.fn();
    const app = new Koa();
    app.use(bodyParser());
    app.use((ctx, next) => {
      Reflect.deleteProperty(ctx.request, 'rawBody');
      return next();
    });
    app.use(webhooks({ providers, logger: { warn: () => {}, error } }));
    await request(app.callback()).post(path).set(headers).send(text).expect(500);
    expect(error).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ code: 'body_consumed' }),
      expect.stringMatching(/before the body parser.*rawBody/),
    );
  });

  it('knows its paths below the prefixes of nested routers, parameters included', async () => {
    const tenant = new Router().use('/hooks', webhooks(spy()));
    const parent = new Router({ prefix: '/v1' }).use('/tenants/:tenant', tenant.routes());
    const app = new Koa().use(parent.routes()).callback();
    await request(app).post('/v1/tenants/a%20b/hooks/webhooks').expect(200, '/webhooks');
    await request(app).post('/v1/tenants/a/hooks/webhooks/wexio').expect(200, '/webhooks/wexio');
    await request(app).post('/v1/tenants/a/hooks/webhooks/wexio/c%20d').expect(200, '/webhooks/wexio/c%20d');
    await request(app).post('/v1/tenants/a/hooks/elsewhere').expect(404);
  });

  it('leaves what is not ours below a router to the routes after it', async () => {
    const router = new Router().use('/hooks', webhooks({ providers }));
    router.post('/hooks/webhooks/else', (ctx) => {
      ctx.body = 'else';
    });
    await request(new Koa().use(router.routes()).callback()).post('/hooks/webhooks/else').expect(200, 'else');
  });

  it.each(['/', '/a(b)', '/a:b', '/a*b'])('can have its routes below %s', async (base) => {
    const app = new Koa().use(new Router().use('/hooks', webhooks(spy({ path: base }))).routes()).callback();
    const url = base === '/' ? '/wexio' : `${base}/wexio`;
    await request(app).post(`/hooks${url}/c`).expect(200, `${url}/c`);
    await request(app).post('/hooksaxb/wexio').expect(404);
  });
});

it('shares a receiver that it is given', () => {
  const receiver = createReceiver({ providers });
  expect(webhooks(receiver).receiver).toBe(receiver);
});
