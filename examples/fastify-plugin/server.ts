import { webhooks, wexio } from '@chathooks/fastify';
import Fastify from 'fastify';

const app = Fastify();

// A plugin with a scope of its own: other routes of the app keep their body parsers.
app.register(webhooks, {
  prefix: '/integrations',
  providers: [wexio({ secret: process.env.WEXIO_WEBHOOK_SECRET! })],
  onMessageInbound: ({ type, provider }) => console.log(`${type} from ${provider}`),
});

app.post('/echo', async (request) => request.body);

const address = await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' });
console.log(`Listening on ${address}`);

process.once('SIGTERM', () => app.close()); // the plugin closes its receiver with the app
