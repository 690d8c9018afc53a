import type { AddressInfo } from 'node:net';
import { type ChatEvent, webhooks, wexio } from '@chathooks/koa';
import Router from '@koa/router';
import Koa from 'koa';

const log = (event: ChatEvent) => console.log(`${event.type} from ${event.provider}`);

const hooks = webhooks({
  providers: [wexio({ secret: process.env.WEXIO_WEBHOOK_SECRET! })],
  path: '/hooks',
  onMessageInbound: log,
  onMessageStatus: log,
});

const router = new Router({ prefix: '/integrations' });
router.get('/health', (context) => {
  context.body = 'ok';
});
router.use('/chat', hooks); // POST /integrations/chat/hooks/wexio

const app = new Koa();
app.use(router.routes());

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(`Listening on http://127.0.0.1:${port}`);
});

process.once('SIGTERM', async () => {
  server.close();
  await hooks.receiver.close(); // waits for the handlers that run
});
