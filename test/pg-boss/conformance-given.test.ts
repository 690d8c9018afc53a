import type { Inbox } from '@chathooks/core';
import { pgBossInbox } from '@chathooks/pg-boss';
import { inboxConformance } from '@chathooks/testing';
import { PgBoss } from 'pg-boss';
import { describe, it } from 'vitest';
import { usePostgres, useSchema } from '../services/postgres.ts';

const postgres = usePostgres();

postgres.describe('with a pg-boss that it was given, and without LISTEN', () => {
  const { name: schema } = useSchema();
  const ends = new Map<Inbox, () => Promise<void>>();
  inboxConformance(
    { describe, it: it.concurrent },
    {
      name: 'pgBossInbox({ boss })',
      async create({ prefix, settings }) {
        const boss = new PgBoss({ connectionString: postgres.url, schema, supervise: false, schedule: false, max: 2 });
        boss.on('error', () => {});
        await boss.start();
        const own = { schema, name: prefix, listen: false, leaseMs: 1_000, onError() {} };
        const inbox = pgBossInbox({ ...settings, ...own, boss });
        const end = () => boss.stop({ graceful: false });
        const ended = { ...inbox, close: async () => void (await Promise.all([inbox.close?.(), end()])) };
        ends.set(ended, end);
        return ended;
      },
      crash: async (inbox) => ends.get(inbox)?.(),
      capabilities: { shared: true },
      longHandlerMs: 2_500,
    },
  );
});
