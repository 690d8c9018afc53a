import { pgBossInbox } from '@chathooks/pg-boss';
import { inboxConformance } from '@chathooks/testing';
import { describe, it } from 'vitest';
import { usePostgres, useSchema } from '../services/postgres.ts';

const postgres = usePostgres();

postgres.describe('with a pg-boss of its own', () => {
  const { name: schema } = useSchema();
  inboxConformance(
    { describe, it: it.concurrent },
    {
      name: 'pgBossInbox({ url })',
      create: ({ prefix, settings }) =>
        pgBossInbox({ ...settings, url: postgres.url, schema, name: prefix, leaseMs: 1_000 }),
      createUnreachable: () => pgBossInbox({ url: 'postgres://127.0.0.1:1/none', onError() {} }),
      capabilities: { shared: true },
      longHandlerMs: 2_500,
    },
  );
});
