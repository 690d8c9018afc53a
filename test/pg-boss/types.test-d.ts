import { type PgBossConnectionOptions, type PgBossLike, pgBossInbox } from '@chathooks/pg-boss';
import type { ConstructorOptions, PgBoss } from 'pg-boss';
import { expectTypeOf, it } from 'vitest';

it('pg-boss still offers what is used of it', () => {
  expectTypeOf<PgBoss>().toExtend<PgBossLike>();
  expectTypeOf<PgBossConnectionOptions>().toExtend<ConstructorOptions>();
});

it('the options of pg-boss are accepted', () => {
  const options: ConstructorOptions = { connectionString: 'postgres://127.0.0.1' };
  pgBossInbox({ connection: { ...options } });
  pgBossInbox({ connection: { host: '127.0.0.1', migrate: false } });
  // @ts-expect-error: a port is a number
  pgBossInbox({ connection: { port: '5432' } });
});
