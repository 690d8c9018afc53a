import { wexio } from '@chathooks/core';
import { toFetchHandler } from '@chathooks/core/fetch';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const handler = toFetchHandler({
  providers: [wexio({ secret: process.env.WEXIO_WEBHOOK_SECRET! })],
  onMessageInbound: ({ type, provider }) => console.log(`${type} from ${provider}`),
});

const app = new Hono();
app.get('/health', (context) => context.text('ok'));
app.all('/webhooks/*', (context) => handler(context.req.raw));

const server = serve(
  { fetch: app.fetch, port: Number(process.env.PORT ?? 3000), hostname: '127.0.0.1' },
  ({ port }) => {
    console.log(`Listening on http://127.0.0.1:${port}`);
  },
);

process.once('SIGTERM', async () => {
  server.close();
  await handler.receiver.close(); // waits for the handlers that run
});
