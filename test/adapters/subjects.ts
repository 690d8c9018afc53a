import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toFetchHandler } from '@chathooks/core/fetch';
import { toNodeHandler } from '@chathooks/core/node';
import * as expressAdapter from '@chathooks/express';
import * as fastifyAdapter from '@chathooks/fastify';
import * as koaAdapter from '@chathooks/koa';
import type { AdapterServer, AdapterSubject, ParserKind } from '@chathooks/testing';
import { serve as serveFetch } from '@hono/node-server';
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import express from 'express';
import express4 from 'express4';
import fastify from 'fastify';
import fastify4 from 'fastify4';
import { Hono } from 'hono';
import Koa from 'koa';
import Koa2 from 'koa2';

const everything = { parsers: ['object', 'bytes', 'text', 'rawBody'], prefix: true, abort: true } as const;

/** Every adapter, on every major version of its framework. */
export const subjects: readonly AdapterSubject[] = [
  {
    name: 'node:http',
    capabilities: { ...everything, prefix: false },
    serve: ({ receiver, parser, onError }) => {
      const handler = toNodeHandler(receiver);
      return listen(async (request, response) => {
        if (parser) Object.assign(request, await parse(request, parser));
        await handler(request, response, async (error) => {
          if (error !== undefined) onError(error);
          const found = error === undefined && request.url === '/echo';
          response.statusCode = found ? 200 : error === undefined ? 404 : 500;
          response.end(found ? await readAll(request) : '');
        });
      });
    },
  },
  expressSubject('Express 4', express4),
  expressSubject('Express 5', express),
  koaSubject('Koa 2', Koa2, 'app.use'),
  koaSubject('Koa 3', Koa, 'app.use'),
  koaSubject('Koa 3 below a router', Koa, 'router.use'),
  fastifySubject('Fastify 4', fastify4),
  fastifySubject('Fastify 5', fastify),
  {
    name: 'fetch',
    capabilities: { parsers: ['object'], prefix: false, abort: true },
    serve: ({ receiver, parser, onError }) => {
      const handler = toFetchHandler(receiver);
      return listenFetch(async (request) => {
        if (parser) await request.text();
        if (new URL(request.url).pathname === '/echo') return Response.json(await request.json());
        return handler(request).catch((error: unknown) => {
          onError(error);
          return new Response(null, { status: 500 });
        });
      });
    },
  },
  {
    name: 'Hono',
    capabilities: { parsers: ['object'], prefix: true, abort: true },
    serve: ({ receiver, prefix, parser, onError }) => {
      const app = new Hono();
      app.onError((error, context) => {
        onError(error);
        return context.body(null, 500);
      });
      app.post('/echo', async (context) => context.json(await context.req.json()));
      if (parser) {
        app.use(async (context, next) => {
          await context.req.raw.text();
          await next();
        });
      }
      const handler = toFetchHandler(receiver);
      if (prefix) app.mount(prefix, handler);
      else app.all('*', (context) => handler(context.req.raw));
      return listenFetch((request) => app.fetch(request));
    },
  },
];

function expressSubject(name: string, framework: typeof express | typeof express4): AdapterSubject {
  return {
    name,
    capabilities: everything,
    serve: ({ receiver, prefix, parser, onError }) => {
      // The two majors agree in all that is used here, but not in their types.
      const app = (framework as typeof express)();
      const parsers = {
        object: () => framework.json(),
        bytes: () => framework.raw({ type: () => true }),
        text: () => framework.text({ type: () => true }),
        rawBody: () =>
          framework.json({ verify: (request, _response, bytes) => Object.assign(request, { rawBody: bytes }) }),
      };
      if (parser) app.use(parsers[parser]());
      app.use(prefix || '/', expressAdapter.webhooks(receiver));
      app.post('/echo', framework.json(), (request, response) => void response.json(request.body));
      const answerError: express.ErrorRequestHandler = (error, _request, response, _next) => {
        onError(error);
        response.sendStatus(500);
      };
      app.use(answerError);
      return listen(app);
    },
  };
}

function koaSubject(name: string, Framework: typeof Koa | typeof Koa2, way: 'app.use' | 'router.use'): AdapterSubject {
  return {
    name,
    // Koa itself has no prefixes: a router has.
    capabilities: { ...everything, prefix: way === 'router.use' },
    serve: ({ receiver, prefix, parser, onError }) => {
      const app = new (Framework as typeof Koa)();
      app.on('error', onError);
      if (parser === 'rawBody') app.use(bodyParser());
      else if (parser) {
        app.use(async ({ req, request }, next) => {
          Object.assign(request, await parse(req, parser));
          await next();
        });
      }
      const router = new Router();
      if (way === 'app.use') app.use(koaAdapter.webhooks(receiver));
      else if (prefix) router.use(prefix, koaAdapter.webhooks(receiver));
      else router.use(koaAdapter.webhooks(receiver));
      router.post('/echo', bodyParser(), (ctx) => {
        ctx.body = ctx.request.body;
      });
      app.use(router.routes());
      return listen(app.callback());
    },
  };
}

function fastifySubject(name: string, framework: typeof fastify | typeof fastify4): AdapterSubject {
  return {
    name,
    capabilities: everything,
    serve: async ({ receiver, prefix, parser, onError }) => {
      const app = (framework as typeof fastify)({ forceCloseConnections: true });
      app.setErrorHandler((error, _request, reply) => {
        onError(error);
        reply.code(500).send();
      });
      app.post('/echo', async ({ body }) => body);
      if (parser) {
        app.addHook('preParsing', async (request, _reply, payload) => {
          const { rawBody = undefined } = await parse(payload, parser === 'object' ? 'object' : 'rawBody');
          if (parser === 'text') Object.assign(request, { rawBody: String(rawBody) });
          else Object.assign(request, { rawBody });
          return payload;
        });
      }
      app.register(fastifyAdapter.webhooks, { ...receiver, ...(prefix && { prefix }) });
      return { url: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() };
    },
  };
}

/** Reads a body as the parsers of a framework do that has none for the purpose. */
async function parse(stream: AsyncIterable<unknown>, kind: ParserKind): Promise<{ body?: unknown; rawBody?: unknown }> {
  const bytes = await readAll(stream);
  if (kind === 'bytes') return { body: bytes };
  if (kind === 'text') return { body: bytes.toString() };
  const body: unknown = bytes.length > 0 ? JSON.parse(bytes.toString()) : {};
  return kind === 'object' ? { body } : { body, rawBody: bytes };
}

async function readAll(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) if (chunk instanceof Buffer) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function listen(listener: RequestListener): Promise<AdapterServer> {
  return listening(createServer(listener));
}

async function listening(server: Server): Promise<AdapterServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      return closed;
    },
  };
}

function listenFetch(fetch: (request: Request) => Response | Promise<Response>): Promise<AdapterServer> {
  return new Promise((resolve) => {
    const server = serveFetch({ fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
      resolve({
        url: `http://127.0.0.1:${port}`,
        close: () => {
          const closed = new Promise((done) => server.close(done));
          if ('closeAllConnections' in server) server.closeAllConnections();
          return closed;
        },
      });
    });
  });
}
