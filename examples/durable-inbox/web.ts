// Receives only. Needs a worker, worker.ts, in another process.
import type { AddressInfo } from 'node:net';
import { webhooks, wexio } from '@chathooks/express';
import express from 'express';
import { storage } from './storage.ts';

const hooks = webhooks({
  providers: [wexio({ secret: process.env.WEXIO_WEBHOOK_SECRET! })],
  ...storage,
  process: false,
});

const server = express()
  .use(hooks)
  .listen(Number(process.env.PORT ?? 3000), '127.0.0.1', (error) => {
    if (error) throw error;
    const { port } = server.address() as AddressInfo;
    console.log(`Listening on http://127.0.0.1:${port}`);
  });

process.once('SIGTERM', async () => {
  server.close();
  await hooks.receiver.close();
});
