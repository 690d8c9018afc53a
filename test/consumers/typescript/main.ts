// An app in strict TypeScript, with the packages installed from their tarballs: typed handlers, and one signed delivery
// to itself through every way to mount a receiver.
import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type ChatEvent,
  createReceiver,
  type Handlers,
  type Message,
  type MessageStatus,
  wexio,
} from '@chathooks/core';
import { toFetchHandler } from '@chathooks/core/fetch';
import { toNodeHandler } from '@chathooks/core/node';
import { webhooks as expressWebhooks } from '@chathooks/express';
import { webhooks as fastifyWebhooks } from '@chathooks/fastify';
import { type KoaWebhooks, webhooks as koaWebhooks } from '@chathooks/koa';
import { deliver } from '@chathooks/testing';
import express from 'express';
import Fastify from 'fastify';

const seen: ChatEvent<'message.inbound'>[] = [];

const handlers = {
  onMessageInbound: async (event, { signal, secretName }) => {
    const message: Message = event.data.message;
    // @ts-expect-error the model is read-only
    event.type = 'message.inbound';
    // @ts-expect-error a message has no such field
    message.txt;
    assert.equal(secretName, 'secret 1');
    assert.equal(signal.aborted, false);
    seen.push(event);
  },
  onMessageStatus: ({ data }) => {
    const status: MessageStatus = data.status;
    return status;
  },
} satisfies Handlers;

// @ts-expect-error there is no such handler
const misspelt: Handlers = { onMessageInbond: () => {} };
assert.throws(() => createReceiver(misspelt), { code: 'unknown_option' });

/** Other names keep the receivers' events apart in one process. */
const optionsFor = (name: string) => ({ providers: [wexio({ name, secret: 'consumer-secret' })], ...handlers });
const deliveryTo = (name: string) => deliver.wexio('message.inbound.created', {}, { name, secret: 'consumer-secret' });

async function postTo(name: string, listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const { method, path, headers, body } = deliveryTo(name);
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, body });
  await response.arrayBuffer();
  server.close();
  return response.status;
}

const mounts: Record<string, (name: string) => Promise<number>> = {
  node: (name) => postTo(name, toNodeHandler(optionsFor(name))),
  express: (name) => postTo(name, express().use(expressWebhooks(optionsFor(name)))),
  async fastify(name) {
    const { method, path, headers, body } = deliveryTo(name);
    const app = Fastify();
    await app.register(fastifyWebhooks, optionsFor(name));
    const { statusCode } = await app.inject({ method, url: path, headers, payload: Buffer.from(body) });
    await app.close();
    return statusCode;
  },
  async fetch(name) {
    const { path, ...request } = deliveryTo(name);
    return (await toFetchHandler(optionsFor(name))(new Request(`http://localhost${path}`, request))).status;
  },
};

for (const [name, post] of Object.entries(mounts)) {
  assert.equal(await post(name), 200);
  assert.equal(seen.at(-1)?.provider, name);
  console.log(`  ${name}: one signed delivery, one ${seen.at(-1)?.type}`);
}
assert.equal(seen.length, 4);

// The types of Koa do not compile without skipLibCheck (they want an older content-disposition), so ours stand alone here;
// the CommonJS app sends Koa a delivery.
const koaMiddleware: KoaWebhooks = koaWebhooks(optionsFor('koa'));
assert.deepEqual(koaMiddleware.receiver.paths, ['/webhooks', '/webhooks/koa']);
