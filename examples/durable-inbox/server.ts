// Receives and handles in one process.
import type { AddressInfo } from 'node:net';
import { webhooks, wexio } from '@chathooks/express';
import express from 'express';
import { handlers } from './handlers.ts';
import { storage } from './storage.ts';

const hooks = webhooks({
  providers: [wexio({ secret: process.env.WEXIO_WEBHOOK_SECRET! })],
  ...storage,
  ...handlers,
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
  await hooks.receiver.close({ graceMs: 8_000 });
});
