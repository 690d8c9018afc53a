import { createServer } from 'node:http';
import { createReceiver, type ReceiverOptions, wexio } from '@chathooks/core';
import { toNodeHandler } from '@chathooks/core/node';
import { webhooks as expressWebhooks } from '@chathooks/express';
import { webhooks as fastifyWebhooks } from '@chathooks/fastify';
import { webhooks as koaWebhooks } from '@chathooks/koa';
import express from 'express';
import fastify from 'fastify';
import Koa from 'koa';
import { handwritten } from './handwritten.ts';
import { secret } from './workload.ts';

/** The part of a server that the benchmark uses. */
export interface Listen {
  listen(port: number, host: string, ready: () => void): unknown;
  address(): { readonly port: number } | string | null;
}

const options = (): ReceiverOptions => ({
  providers: [wexio({ secret })],
  onMessageInbound: async () => {},
  onMessageStatus: async () => {},
});

/** The whole job in each framework. */
const chathooks: Record<string, () => Promise<Listen> | Listen> = {
  node: () => createServer(toNodeHandler(createReceiver(options()))),
  express: () => createServer(express().use(expressWebhooks(options()))),
  koa: () => createServer(new Koa().use(koaWebhooks(options())).callback()),
  fastify: async () => {
    const app = fastify();
    app.register(fastifyWebhooks, options());
    await app.ready();
    return app.server;
  },
};

/** What the parent asks for, and what this process answers. */
export type ServerReport = { readonly port: number } | { readonly cpuMicroseconds: number };

const [framework = '', entrant = ''] = process.argv.slice(2);
const make = (entrant === 'chathooks' ? chathooks : handwritten)[framework];
if (make && process.send) {
  const server = await make();
  const report = (message: ServerReport) => process.send?.(message);
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object' && address) report({ port: address.port });
  });
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    report({ cpuMicroseconds: user + system });
  });
}
