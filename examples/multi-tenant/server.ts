import { webhooks, wexio } from '@chathooks/fastify';
import Fastify from 'fastify';
import { findTenant } from './tenants.ts';

const app = Fastify();

app.register(webhooks, {
  providers: [
    wexio({
      // Asked once per connection, then cached for a while; `undefined` refuses the delivery.
      secret: async ({ connection }) => (await findTenant(connection))?.wexioSecret,
    }),
  ],
  // POST /webhooks/wexio/bakery makes `connection` "bakery": verified, since only the bakery's secret fits there.
  onMessageInbound: ({ type, connection }) => console.log(`${type} for ${connection}`),
});

const address = await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' });
console.log(`Listening on ${address}`);

process.once('SIGTERM', () => app.close());
