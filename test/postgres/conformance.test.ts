import { postgresDedup, type Queryable } from '@chathooks/postgres';
import { dedupStoreConformance } from '@chathooks/testing';
import { Client, Pool } from 'pg';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { usePostgres, useSchema } from '../services/postgres.ts';
import { elapse } from './harness.ts';

const postgres = usePostgres();

postgres.describe('postgresDedup', () => {
  const { url } = useSchema();
  const pool = new Pool({ connectionString: url });
  const client = new Client({ connectionString: url });
  const port: Queryable = { query: async (text, values) => (await pool.query(text, values)).rows };

  beforeAll(() => client.connect());
  afterAll(() => Promise.all([client.end(), pool.end()]));

  const stores = {
    'a URL': (table: string) => postgresDedup({ url, table }),
    'a Pool': (table: string) => postgresDedup({ client: pool, table }),
    'a Client': (table: string) => postgresDedup({ client, table }),
    'a port of one function': (table: string) => postgresDedup({ client: port, table }),
  };

  for (const [name, createStore] of Object.entries(stores)) {
    dedupStoreConformance(
      { describe, it },
      {
        name: `postgresDedup on ${name}`,
        // A table of its own separates keys, as a prefix would.
        async create({ prefix }) {
          const store = createStore(prefix);
          await store.migrate();
          return store;
        },
        createUnreachable: () => postgresDedup({ url: 'postgres://127.0.0.1:1/nowhere' }),
        elapse: (ms) => elapse(pool, ms),
        leaseMs: 10_000, // no time really passes
        capabilities: { extend: true, advance: true, shared: true },
      },
    );
  }
});
