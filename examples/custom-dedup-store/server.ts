import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wexio } from '@chathooks/core';
import { toNodeHandler } from '@chathooks/core/node';
import { fileDedup } from './store.ts';

const handler = toNodeHandler({
  providers: [wexio({ secret: process.env.WEXIO_WEBHOOK_SECRET! })],
  dedup: fileDedup(process.env.DEDUP_FILE ?? join(tmpdir(), 'chathooks-example.sqlite')),
  onMessageInbound: ({ type, provider }) => console.log(`${type} from ${provider}`),
});

const server = createServer(handler).listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(`Listening on http://127.0.0.1:${port}`);
});

process.once('SIGTERM', async () => {
  server.close();
  await handler.receiver.close(); // waits for the handlers that run, then closes the store
});
