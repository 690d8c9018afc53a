// The same without a list of providers: every vendor whose secret is in the environment is received from.
import type { AddressInfo } from 'node:net';
import { webhooks } from '@chathooks/express';
import express from 'express';
import { crm } from './crm.ts';

const hooks = webhooks({ onMessageInbound: ({ data }) => crm.addMessage(data.message) });

const server = express()
  .use(hooks)
  .listen(Number(process.env.PORT ?? 3000), '127.0.0.1', (error) => {
    if (error) throw error;
    const { port } = server.address() as AddressInfo;
    console.log(`Listening on http://127.0.0.1:${port}`, hooks.receiver.paths);
  });

process.once('SIGTERM', async () => {
  server.close();
  await hooks.receiver.close();
});
