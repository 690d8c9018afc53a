import type { AddressInfo } from 'node:net';
import { watsi, webhooks, wexio } from '@chathooks/express';
import express from 'express';
import { crm } from './crm.ts';

const app = express();

const hooks = webhooks({
  providers: [
    wexio({ secret: process.env.WEXIO_WEBHOOK_SECRET! }),
    watsi({ secret: process.env.WATSI_WEBHOOK_SECRET! }),
  ],
  onMessageInbound: async ({ data }) => {
    await crm.addMessage(data.message);
  },
  onMessageStatus: async ({ data }) => {
    await crm.setStatus(data.messageId, data.status);
  },
  onChatCreated: async ({ data }) => {
    await crm.openChat(data.chat);
  },
});
app.use(hooks); // before express.json()

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', (error) => {
  if (error) throw error;
  const { port } = server.address() as AddressInfo;
  console.log(`Listening on http://127.0.0.1:${port}`, hooks.receiver.paths);
});

process.once('SIGTERM', async () => {
  server.close();
  await hooks.receiver.close(); // waits for the handlers that run
});
