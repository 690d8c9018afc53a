import type { AddressInfo } from 'node:net';
import { webhooks, wexio } from '@chathooks/express';
import { postgresDedup, transactional } from '@chathooks/postgres';
import express from 'express';
import { Pool } from 'pg';

const pool = new Pool({ connectionString: process.env.DATABASE_URL });
pool.on('error', (error) => console.error(`An idle connection to Postgres was lost: ${error.message}`));

const dedup = postgresDedup({ client: pool });
await dedup.migrate();
await pool.query('CREATE TABLE IF NOT EXISTS unread (chat text PRIMARY KEY, messages int NOT NULL)');

const hooks = webhooks({
  providers: [wexio({ secret: process.env.WEXIO_WEBHOOK_SECRET! })],
  dedup,
  // A counter would be wrong for ever if an event were handled twice.
  onMessageInbound: transactional({ pool, name: 'count-unread' }, async ({ data }, { transaction }) => {
    const { rows } = await transaction.query<{ messages: number }>(
      `INSERT INTO unread (chat, messages) VALUES ($1, 1)
       ON CONFLICT (chat) DO UPDATE SET messages = unread.messages + 1 RETURNING messages`,
      [data.chat?.id ?? 'none'],
    );
    console.log(`unread messages: ${rows[0]?.messages}`);
  }),
});

const app = express();
app.use(hooks); // before express.json()

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', (error) => {
  if (error) throw error;
  const { port } = server.address() as AddressInfo;
  console.log(`Listening on http://127.0.0.1:${port}`);
});

process.once('SIGTERM', async () => {
  server.close();
  await hooks.receiver.close(); // waits for the handlers that run
  await pool.end();
});
