import { Socket } from 'node:net';
import type { Inbox } from '@chathooks/core';
import { pgBossInbox } from '@chathooks/pg-boss';
import { inboxConformance } from '@chathooks/testing';
import { describe, it } from 'vitest';
import { usePostgres, useSchema } from '../services/postgres.ts';

const postgres = usePostgres();

postgres.describe('on Postgres', () => {
  const { name: schema } = useSchema();
  const crashes = new Map<Inbox, () => void>();
  const leaseMs = 1_000;
  inboxConformance(
    { describe, it: it.concurrent }, // most of the time is spent waiting for Postgres
    {
      name: 'pgBossInbox',
      create({ prefix: name, settings }) {
        const { stream, cut } = createCable();
        const connection = { connectionString: postgres.url, schema, stream };
        const inbox = pgBossInbox({ ...settings, connection, name, leaseMs, logger: false });
        crashes.set(inbox, cut);
        return inbox;
      },
      createUnreachable: () => pgBossInbox({ url: 'postgres://127.0.0.1:1/none', logger: false }),
      crash: (inbox) => crashes.get(inbox)?.(),
      capabilities: { shared: true },
      longHandlerMs: leaseMs * 2.5,
    },
  );
});

/** Connections that can be cut all at once, for good. */
function createCable() {
  const sockets = new Set<Socket>();
  let isCut = false;
  return {
    /** Makes what `pg` connects by. */
    stream(): Socket {
      const socket = new Socket();
      sockets.add(socket);
      if (isCut) socket.connect = () => socket.destroy(new Error('The process has crashed'));
      return socket;
    },
    cut(): void {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}
