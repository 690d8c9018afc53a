// An app in CommonJS, with the packages installed from their tarballs: everything comes through require(), and every
// adapter gets one signed delivery.
const assert = require('node:assert/strict');
const { createServer } = require('node:http');
const { once } = require('node:events');
const express = require('express');
const fastify = require('fastify');
const Koa = require('koa');
const { hasErrorCode, createReceiver, wexio } = require('@chathooks/core');
const { toFetchHandler } = require('@chathooks/core/fetch');
const { toNodeHandler } = require('@chathooks/core/node');
const { deliver } = require('@chathooks/testing');

const seen = [];
const receiver = createReceiver({
  providers: [wexio({ secret: 'consumer-secret' })],
  onMessageInbound: ({ id }) => seen.push(id),
});

const mounts = {
  node: () => toNodeHandler(receiver),
  express: () => express().use(require('@chathooks/express').webhooks(receiver)),
  koa: () => new Koa().use(require('@chathooks/koa').webhooks(receiver)).callback(),
  async fastify() {
    const app = fastify();
    app.register(require('@chathooks/fastify'), receiver);
    await app.ready();
    return app.routing;
  },
};

async function main() {
  for (const [name, mount] of Object.entries(mounts)) {
    const server = createServer(await mount()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { method, path, headers, body } = signed(name);
    const response = await fetch(`http://127.0.0.1:${server.address().port}${path}`, { method, headers, body });
    assert.equal(response.status, 200);
    assert.equal(seen.at(-1), `wexio:evt_${name}`);
    console.log(`  ${name}: one signed delivery, one event`);
    server.close();
  }

  const { path, ...request } = signed('fetch');
  const response = await toFetchHandler(receiver)(new Request(`http://localhost${path}`, request));
  assert.deepEqual(await response.json(), { ok: true });
  assert.equal(seen.at(-1), 'wexio:evt_fetch');
  console.log('  fetch: one signed delivery, one event');

  assert.throws(
    () => createReceiver({ providers: [] }),
    (error) => hasErrorCode(error, 'no_provider'),
  );
  await receiver.close();
}

const signed = (name) => deliver.wexio('message.inbound.created', { id: `evt_${name}` }, { secret: 'consumer-secret' });

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
