import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { webhooks } from '@chathooks/express';
import express from 'express';
import { createObserver } from './observe.ts';
import { vendors } from './vendors.ts';

/** A server that runs, and what can be seen of it. */
export type DemoServer = Awaited<ReturnType<typeof startServer>>;

/** What stands behind the handlers. */
interface Crm {
  /** Makes them fail. */
  down: boolean;
  /** What they answer the vendor; `undefined` is nothing. */
  answer: unknown;
}

/**
 * Starts an Express server that receives from every vendor.
 *
 * @param port - the first port to try; where another program has it, the next one is tried
 */
export async function startServer(port: number) {
  const observer = createObserver();
  /** Stands for whatever the handlers of a real app call. */
  const crm: Crm = { down: false, answer: undefined };

  const hooks = webhooks({
    providers: vendors.map(({ deliveries }) => deliveries.provider()),
    logger: false, // the table on the screen tells it all
    onEvent: (event, context) => {
      observer.sawEvent(event);
      if (crm.down) throw new Error('the CRM is down');
      if (crm.answer !== undefined && context.reply(crm.answer)) observer.sawAnswer();
    },
  });

  const app = express();
  app.use(observer.middleware);
  app.use(hooks);
  const server = await listen(app, port);
  // Of a TCP server the address is an object.
  const { port: boundTo } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${boundTo}`,
    observations: observer.observations,
    crm,
    /** Takes no more deliveries and waits for the handlers that run. */
    async close() {
      server.close();
      await hooks.receiver.close();
      server.closeAllConnections();
    },
  };
}

async function listen(app: express.Express, port: number) {
  for (let next = port; ; next++) {
    const server = app.listen(next, '127.0.0.1');
    try {
      await once(server, 'listening');
      return server;
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!taken || next === port + 50) throw error;
    }
  }
}
