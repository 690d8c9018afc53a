// Postgres for tests:
//
//   const postgres = usePostgres();           // once, at the top of the file
//   postgres.describe('a store in Postgres', () => {                            // skipped where there is no Postgres
//     const { name, url } = useSchema();      // made before the tests around it, dropped after them
//     …                                       // connections to `url` find their tables in it
//   });
//   postgres.describeOwn('when Postgres goes away', () => {                     // skipped where there is no binary
//     it('…', async () => {
//       const server = await startPostgres(); // { url, port, stop(), kill(), pause(), resume(), restart() }
//     });
//   });
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import { disposeServers } from './own-server.ts';
import { nowhere } from './provided.ts';

export type { OwnServer } from './own-server.ts';
export { type OwnPostgresOptions, startPostgres } from './postgres-server.ts';

/** The Postgres of the whole run. */
export function usePostgres() {
  const { url, canStart } = inject('postgres');
  return {
    url: url ?? `postgres://${nowhere}/postgres`,
    /** For tests that need it. */
    describe: describe.skipIf(url === undefined),
    /** For tests that start one of their own. */
    describeOwn: describe.skipIf(!canStart),
  };
}

/** A schema that no other test has, in the Postgres of the whole run. */
export function useSchema() {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const { url } = usePostgres();
  const own = new URL(url);
  own.searchParams.set('options', `-c search_path=${name}`);
  const run = async (statement: string) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  beforeAll(() => run(`create schema ${name}`));
  afterAll(() => run(`drop schema if exists ${name} cascade`));
  return { name, url: own.href };
}

afterAll(disposeServers);
