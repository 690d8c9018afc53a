import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { toFetchHandler } from '@chathooks/core/fetch';
import { type NodeRequestLike, type NodeResponseLike, toNodeHandler } from '@chathooks/core/node';
import * as expressAdapter from '@chathooks/express';
import * as fastifyAdapter from '@chathooks/fastify';
import * as koaAdapter from '@chathooks/koa';
import Router from '@koa/router';
import express, { type RequestHandler } from 'express';
import express4 from 'express4';
import fastify from 'fastify';
import fastify4 from 'fastify4';
import { Hono } from 'hono';
import Koa from 'koa';
import Koa2 from 'koa2';
import { expectTypeOf, it } from 'vitest';

declare const receiver: expressAdapter.Receiver;
const options = { onMessageInbound: () => {} } satisfies expressAdapter.ReceiverOptions;

it('mounts in Express', () => {
  expectTypeOf<express.Request>().toExtend<expressAdapter.ExpressRequestLike>();
  expectTypeOf<express.Response>().toExtend<NodeResponseLike>();
  expectTypeOf<expressAdapter.ExpressWebhooks>().toExtend<RequestHandler>();
  express().use(expressAdapter.webhooks(options)).use('/prefix', expressAdapter.webhooks(receiver));
  express4().use(expressAdapter.webhooks(options));
  expectTypeOf(expressAdapter.webhooks(options).receiver).toEqualTypeOf<expressAdapter.Receiver>();
});

it('mounts in Koa and in its router', () => {
  expectTypeOf<Koa.Context>().toExtend<koaAdapter.KoaContextLike>();
  expectTypeOf<koaAdapter.KoaWebhooks>().toExtend<Koa.Middleware>();
  new Koa().use(koaAdapter.webhooks(options)).use(koaAdapter.webhooks(receiver));
  new Koa2().use(koaAdapter.webhooks(options));
  new Router().use(koaAdapter.webhooks(options)).use('/prefix', koaAdapter.webhooks(receiver));
});

it('mounts in Fastify', () => {
  fastify().register(fastifyAdapter.webhooks, options);
  fastify().register(fastifyAdapter.default, { ...options, prefix: '/prefix', logLevel: 'warn' });
  fastify().register(fastifyAdapter.webhooks, receiver);
  fastify4().register(fastifyAdapter.webhooks, { ...options, prefix: '/prefix' });
  // @ts-expect-error options are the receiver's
  fastify().register(fastifyAdapter.webhooks, { onMessage: () => {} });
});

it('mounts in the servers of Node', () => {
  expectTypeOf<import('node:http').IncomingMessage>().toExtend<NodeRequestLike>();
  createServer(toNodeHandler(options));
  createHttp2Server(toNodeHandler(receiver));
});

it('mounts where requests are those of fetch', () => {
  expectTypeOf(toFetchHandler(options)).toExtend<(request: Request) => Promise<Response>>();
  new Hono().mount('/', toFetchHandler(receiver));
});

it('takes handlers whose events are typed', () => {
  expressAdapter.webhooks({
    onMessageInbound: ({ data }) => expectTypeOf(data.message).toEqualTypeOf<expressAdapter.Message>(),
  });
  // @ts-expect-error there is no such handler
  expressAdapter.webhooks({ onMessageInbounds: () => {} });
});
