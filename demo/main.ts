// Shows what chathooks does: a server receives, a simulator sends, the table tells.
//
//   npm start                 keeps the server running at the end, for deliveries of your own
//   npm start -- --once       ends with 0 if every delivery ended as it must, with 1 otherwise
//
// Listens at PORT, or 3000, or the next free port.
import { deliver, type SignedDelivery } from '@chathooks/testing';
import { play } from './play.ts';
import { createScenario } from './scenario.ts';
import * as screen from './screen.ts';
import { startServer } from './server.ts';

const onlyOnce = process.argv.includes('--once');

const server = await startServer(Number(process.env.PORT ?? 3000));
screen.printGreeting(server.url);

const paceMs = process.stdout.isTTY && !onlyOnce ? 40 : 0;
const { counts, unexpected } = await play(server, createScenario(server.url), { paceMs });
screen.printSummary(counts, unexpected);

if (onlyOnce) {
  process.exitCode = unexpected === 0 ? 0 : 1;
} else {
  screen.printInvitation(toCurl(invitation()));
  server.observations.on('observation', screen.printVisitor);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => resolve());
  });
}
await server.close();

/** Watsi signs no time, so the signature stays good. */
function invitation(): SignedDelivery {
  const data = { messageId: 'wamid.CURL', body: 'Hello!' };
  return deliver.watsi.body(JSON.stringify({ id: 'evt_curl', type: 'message.received', data }));
}

function toCurl({ path, headers, body }: SignedDelivery): string {
  const fields = Object.entries(headers).map(([name, value]) => `-H '${name}: ${value}'`);
  return [`curl -i ${server.url}${path}`, ...fields, `-d '${new TextDecoder().decode(body)}'`].join(' \\\n  ');
}
