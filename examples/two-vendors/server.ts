import { subscribe } from 'node:diagnostics_channel';
import type { AddressInfo } from 'node:net';
import { type Diagnostics, type Message, webhooks, wexio, whatsappCloud } from '@chathooks/express';
import express from 'express';
import { crm } from './crm.ts';

const addMessage = ({ provider, data }: { provider: string; data: { message: Message } }) =>
  crm.addMessage(data.message, provider);

const hooks = webhooks({
  providers: [
    wexio({ secret: process.env.WEXIO_WEBHOOK_SECRET! }),
    whatsappCloud({
      appSecret: process.env.WHATSAPP_CLOUD_APP_SECRET!,
      verifyToken: process.env.WHATSAPP_CLOUD_VERIFY_TOKEN!,
    }),
  ],
  // The first to tell of a message is handled. Several processes also need a `store` that they share.
  dedup: { across: 'channel' },
  onMessageInbound: addMessage,
  onMessageOutbound: addMessage,
  async onMessageStatus({ provider, data }) {
    const { status, messageId, channelMessageId = messageId } = data;
    if (data.stale) console.log(`${provider} is late with ${status}`);
    else await crm.setStatus(channelMessageId, status, provider);
  },
});

// What the other vendor tells, too, no handler sees.
subscribe('chathooks:duplicate', (message) => {
  const { provider, type } = message as Diagnostics['chathooks:duplicate'];
  console.log(`${provider} told of a ${type} that is handled already`);
});

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
