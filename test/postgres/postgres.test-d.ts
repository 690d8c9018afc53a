import type { ChatEvent, DedupStore, Handler, Message } from '@chathooks/core';
import { createReceiver } from '@chathooks/core';
import {
  type ClientOf,
  type PoolLike,
  type PostgresDedupOptions,
  postgresDedup,
  type Queryable,
  transactional,
} from '@chathooks/postgres';
import { type SQL, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Knex } from 'knex';
import type { Client, Pool, PoolClient } from 'pg';
import type { Client as OldestClient, Pool as OldestPool, PoolClient as OldestPoolClient } from 'pg811';
import { describe, expectTypeOf, it } from 'vitest';

declare const pool: Pool;
declare const knex: Knex;

describe('clients', () => {
  it('of the newest and the oldest pg fit', () => {
    expectTypeOf<Pool>().toExtend<Queryable>();
    expectTypeOf<Client>().toExtend<Queryable>();
    expectTypeOf<PoolClient>().toExtend<Queryable>();
    expectTypeOf<OldestPool>().toExtend<Queryable>();
    expectTypeOf<OldestClient>().toExtend<Queryable>();
    expectTypeOf<Pool>().toExtend<PoolLike>();
    expectTypeOf<OldestPool>().toExtend<PoolLike>();
    expectTypeOf<Client>().not.toExtend<PoolLike>();
  });

  it('of a pool are what its connect() resolves with', () => {
    expectTypeOf<ClientOf<Pool>>().toEqualTypeOf<PoolClient>();
    expectTypeOf<ClientOf<OldestPool>>().toEqualTypeOf<OldestPoolClient>();
    interface OwnClient extends PoolClient {
      readonly own: true;
    }
    expectTypeOf<ClientOf<{ connect(): Promise<OwnClient> }>>().toEqualTypeOf<OwnClient>();
  });

  it('of ORMs fit, as they are or in a function', () => {
    postgresDedup({ client: drizzle(pool).$client });
    postgresDedup({ client: { query: (text, values) => knex.raw(text.replaceAll(/\$\d/g, '?'), values) } });
    postgresDedup({ client: { query: async (_text: string) => [{ answers: 'f' }] } });
    // @ts-expect-error the rows are missing
    postgresDedup({ client: { query: async () => ({ rowCount: 1 }) } });
  });
});

describe('postgresDedup', () => {
  it('needs a URL or a client, and takes not both', () => {
    expectTypeOf(postgresDedup({ url: 'postgres://127.0.0.1' })).toExtend<DedupStore>();
    expectTypeOf(postgresDedup({ client: pool }).sweep()).toEqualTypeOf<Promise<number>>();
    expectTypeOf<{ url: string; schema: string; table: string; autoSweep: false }>().toExtend<PostgresDedupOptions>();
    // @ts-expect-error there is neither
    postgresDedup({ table: 'events' });
    // @ts-expect-error there are both
    postgresDedup({ url: 'postgres://127.0.0.1', client: pool });
    // @ts-expect-error what a client of one's own waits for is set there
    postgresDedup({ client: pool, timeoutMs: 500 });
    // @ts-expect-error there is no such option
    postgresDedup({ client: pool, prefix: 'app' });
  });
});

describe('transactional', () => {
  it('gives the handler the event of its place, what every handler gets and the client of the pool', () => {
    createReceiver({
      onMessageInbound: transactional({ pool, name: 'test' }, async (event, context) => {
        expectTypeOf(event).toEqualTypeOf<ChatEvent<'message.inbound'>>();
        expectTypeOf(event.data.message).toEqualTypeOf<Message>();
        expectTypeOf(context.transaction).toEqualTypeOf<PoolClient>();
        expectTypeOf(context.signal).toEqualTypeOf<AbortSignal>();
        expectTypeOf(context.attempt).toBeNumber();
      }),
      onChatCreated: transactional({ pool, name: 'test' }, ({ data }, { transaction }) =>
        transaction.query('SELECT $1', [data.chat.id]),
      ),
      onEvent: transactional({ pool, name: 'test' }, (event) => {
        expectTypeOf(event).toEqualTypeOf<ChatEvent>();
      }),
      // @ts-expect-error this handler is for another event
      onMessageStatus: transactional({ pool, name: 'test' }, (event: ChatEvent<'chat.created'>) => event),
    });
  });

  it('alone takes the event from its handler', () => {
    const handler = transactional({ pool, name: 'test' }, (event: ChatEvent<'chat.created'>) => event.data.chat);
    expectTypeOf(handler).toExtend<Handler<'chat.created'>>();
    expectTypeOf(handler).not.toExtend<Handler<'chat.updated'>>();
    expectTypeOf(transactional({ pool, name: 'test' }, () => {})).toExtend<Handler>();
    createReceiver({}).on('chat.created', handler);
    createReceiver({}).on(
      'message.reaction',
      transactional({ pool, name: 'test' }, ({ data }) => expectTypeOf(data.emoji).toEqualTypeOf<string | null>()),
    );
  });

  it('gives the handler the transaction of an ORM, as its query() says, whichever comes first', () => {
    const db = drizzle(pool);
    type DrizzleTransaction = Parameters<Parameters<typeof db.transaction>[0]>[0];
    createReceiver({
      onMessageInbound: transactional(
        {
          name: 'test',
          begin: (run) => db.transaction(run),
          query: (transaction: DrizzleTransaction, text) => transaction.execute(sql.raw(text)),
        },
        async ({ data }, { transaction }) => {
          expectTypeOf(transaction).toEqualTypeOf<DrizzleTransaction>();
          const statement: SQL = sql`INSERT INTO notes VALUES (${data.message.id})`;
          await transaction.execute(statement);
        },
      ),
      onMessageStatus: transactional(
        {
          query: (transaction: Knex.Transaction, text) => transaction.raw(text),
          begin: (run) => knex.transaction(run),
          name: 'test',
        },
        async ({ data }, { transaction, signal }) => {
          expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
          expectTypeOf(transaction).toEqualTypeOf<Knex.Transaction>();
          await transaction('notes').insert({ status: data.status });
        },
      ),
    });
  });

  it('needs a name, and a pool or what begins a transaction', () => {
    // @ts-expect-error there is no name
    transactional({ pool }, () => {});
    // @ts-expect-error there is no pool
    transactional({ name: 'test' }, () => {});
    // @ts-expect-error nothing runs statements
    transactional({ name: 'test', begin: (run) => knex.transaction(run) }, () => {});
    // @ts-expect-error a URL would be another pool than the handler's
    transactional({ name: 'test', url: 'postgres://127.0.0.1' }, () => {});
  });
});
