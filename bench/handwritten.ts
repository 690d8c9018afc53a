import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import express from 'express';
import fastify from 'fastify';
import Koa from 'koa';
import rawBody from 'raw-body';
import type { Listen } from './servers.ts';
import { secret } from './workload.ts';

const seen = new Set<string>();

/** What a careful user writes for one vendor: check the signature over the raw bytes, parse, look the id up. */
function accept(signatureHeader: string | undefined, body: Buffer): boolean {
  const [time = '', signature = ''] = (signatureHeader ?? '').split(',');
  const expected = Buffer.from(
    createHmac('sha256', secret)
      .update(`${time.slice(2)}.`)
      .update(body)
      .digest('hex'),
  );
  const received = Buffer.from(signature.slice('v1='.length));
  if (expected.length !== received.length || !timingSafeEqual(expected, received)) return false;
  const { id } = JSON.parse(body.toString());
  seen.add(id);
  return true;
}

const ok = '{"ok":true}';
const header = 'x-wexio-signature';
const path = '/webhooks/wexio';

const node: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const value = request.headers[header];
    const accepted =
      request.url === path && accept(typeof value === 'string' ? value : undefined, Buffer.concat(chunks));
    response.writeHead(accepted ? 200 : 401, { 'content-type': 'application/json', 'content-length': ok.length });
    response.end(ok);
  });
};

/** The bare work in each framework, in the way that its documentation teaches. */
export const handwritten: Record<string, () => Promise<Listen> | Listen> = {
  node: () => createServer(node),
  express: () => {
    const app = express();
    app.post(path, express.raw({ type: 'application/json' }), (request, response) => {
      const body: unknown = request.body;
      if (Buffer.isBuffer(body) && accept(request.get(header), body)) response.json({ ok: true });
      else response.sendStatus(401);
    });
    return createServer(app);
  },
  koa: () => {
    const app = new Koa();
    app.use(async (ctx) => {
      if (ctx.path !== path || ctx.method !== 'POST') return;
      const body: unknown = await rawBody(ctx.req, { limit: '1mb' });
      const accepted = Buffer.isBuffer(body) && accept(ctx.get(header), body);
      ctx.status = accepted ? 200 : 401;
      ctx.body = { ok: true };
    });
    return createServer(app.callback());
  },
  fastify: async () => {
    const app = fastify();
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    app.post<{ Body: Buffer }>(path, async (request, reply) => {
      const value = request.headers[header];
      if (!accept(typeof value === 'string' ? value : undefined, request.body)) return reply.code(401).send();
      return { ok: true };
    });
    await app.ready();
    return app.server;
  },
};
