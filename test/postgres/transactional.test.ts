import { randomUUID } from 'node:crypto';
import { createReceiver, type DedupStore, memoryDedup, PermanentError, type ReceiverOptions } from '@chathooks/core';
import { postgresDedup, type TransactionalContext, transactional } from '@chathooks/postgres';
import { createTestClock } from '@chathooks/testing';
import type { Pool, PoolClient } from 'pg';
import { expect, it, vi } from 'vitest';
import { deferred, notes, recordLogs, send, shop } from '../core/harness.ts';
import { usePostgres, useSchema } from '../services/postgres.ts';
import { countRows, countWaiting, createPool, createStore, elapse, newTable, withOption } from './harness.ts';

const postgres = usePostgres();

/** A receiver in a process of its own, as far as it remembers. */
const receive = (options: ReceiverOptions) =>
  createReceiver({ providers: [shop()], logger: false, dedup: memoryDedup(), ...options });

const status = async (receiver: ReturnType<typeof receive>, id = 'n1') =>
  (await send(receiver, notes([{ id }]))).status;

type Context = TransactionalContext<PoolClient>;

postgres.describe('a transactional handler', () => {
  const { url } = useSchema();

  /** A pool, a table of marks, and a table that the handler writes to. */
  async function setUp() {
    const { pool, table, name: marks } = await createStore(url);
    const effects = `effects_${randomUUID().replaceAll('-', '')}`;
    await pool.query(`CREATE TABLE ${effects} (id text, handler text)`);
    const insert = ({ id }: { id: string }, { transaction }: Context, handler = 'first') =>
      transaction.query(`INSERT INTO ${effects} VALUES ($1, $2)`, [id, handler]);
    return { pool, table, marks, insert, name: 'test', countEffects: () => countRows(pool, effects) };
  }

  const expectAllIdle = (pool: Pool) => expect(pool.idleCount).toBe(pool.totalCount);

  it('commits what it did with the mark, and is not called again in another process', async () => {
    const { pool, marks, insert, countEffects, ...options } = await setUp();
    const handler = vi.fn(insert);
    const onMessageInbound = transactional({ pool, ...options }, handler);
    expect(await status(receive({ onMessageInbound }))).toBe(200);
    expect([await countEffects(), await countRows(pool, marks)]).toEqual([1, 1]);
    expect(await status(receive({ onMessageInbound }))).toBe(200);
    expect(await countEffects()).toBe(1);
    expect(handler).toHaveBeenCalledOnce();
    expect(await status(receive({ onMessageInbound }), 'n2')).toBe(200);
    expect(await countEffects()).toBe(2);
    expectAllIdle(pool);
  });

  it('takes effect once when the process dies between the commit and the end of the claim', async () => {
    const { pool, insert, countEffects, ...options } = await setUp();
    const memory = memoryDedup();
    const dying: DedupStore = {
      claim: (key, lease) => memory.claim(key, lease),
      complete: () => Promise.reject(new Error('the process died')),
      release: () => Promise.reject(new Error('the process died')),
    };
    const onMessageInbound = transactional({ pool, ...options }, insert);
    await status(receive({ onMessageInbound, dedup: dying }));
    expect(await countEffects()).toBe(1);
    expect(await status(receive({ onMessageInbound }))).toBe(200);
    expect(await countEffects()).toBe(1);
  });

  it('takes effect once with the dedup store of the same table too', async () => {
    const { pool, table, insert, countEffects, name } = await setUp();
    const dedup = postgresDedup({ client: pool, table });
    const onMessageInbound = transactional({ pool, table, name }, insert);
    const replies = await Promise.all(
      Array.from({ length: 8 }, () =>
        status(receive({ onMessageInbound, dedup: postgresDedup({ client: pool, table }) })),
      ),
    );
    expect(replies.every((reply) => reply === 200 || reply === 503)).toBe(true);
    expect(await status(receive({ onMessageInbound, dedup }))).toBe(200);
    expect(await countEffects()).toBe(1);
  });

  it('leaves nothing behind when it throws, and is called when the event comes again', async () => {
    const { pool, marks, insert, countEffects, ...options } = await setUp();
    const { logger, lines } = recordLogs();
    const problem = new Error('no');
    let fails = true;
    const onMessageInbound = transactional({ pool, ...options }, async (event, context: Context) => {
      await insert(event, context);
      if (fails) throw problem;
    });
    const receiver = receive({ onMessageInbound, logger });
    expect(await status(receiver)).toBe(500);
    expect(lines[0]?.details.error).toMatchObject({ code: 'handler_failed', cause: problem });
    expect([await countEffects(), await countRows(pool, marks)]).toEqual([0, 0]);
    fails = false;
    expect(await status(receiver)).toBe(200);
    expect([await countEffects(), await countRows(pool, marks)]).toEqual([1, 1]);
    expectAllIdle(pool);
  });

  it('may refuse an event for good', async () => {
    const { pool, marks, insert, countEffects, ...options } = await setUp();
    const onMessageInbound = transactional({ pool, ...options }, async (event, context: Context) => {
      await insert(event, context);
      throw new PermanentError('no');
    });
    expect(await status(receive({ onMessageInbound }))).toBe(200);
    expect([await countEffects(), await countRows(pool, marks)]).toEqual([0, 0]);
  });

  it('waits for another run of the same event, and is not called when that commits', async () => {
    const { pool, insert, countEffects, ...options } = await setUp();
    const [begun, go] = [deferred(), deferred()];
    const handler = vi.fn(async (event: { id: string }, context: Context) => {
      begun.resolve();
      await go.promise;
      await insert(event, context);
    });
    const onMessageInbound = transactional({ pool, ...options }, handler);
    const first = status(receive({ onMessageInbound }));
    await begun.promise;
    const others = Array.from({ length: 5 }, () => status(receive({ onMessageInbound })));
    await expect.poll(() => countWaiting(pool)).toBe(5);
    go.resolve();
    expect(await Promise.all([first, ...others])).toEqual(Array(6).fill(200));
    expect(handler).toHaveBeenCalledOnce();
    expect(await countEffects()).toBe(1);
    expectAllIdle(pool);
  });

  it('waits for another run of the same event, and is called when that fails', async () => {
    const { pool, insert, countEffects, ...options } = await setUp();
    const [begun, go] = [deferred(), deferred()];
    let runs = 0;
    const onMessageInbound = transactional({ pool, ...options }, async (event, context: Context) => {
      await insert(event, context);
      if (++runs > 1) return;
      begun.resolve();
      await go.promise;
      throw new Error('no');
    });
    const first = status(receive({ onMessageInbound }));
    await begun.promise;
    const second = status(receive({ onMessageInbound }));
    await expect.poll(() => countWaiting(pool)).toBe(1);
    go.resolve();
    expect(await Promise.all([first, second])).toEqual([500, 200]);
    expect([runs, await countEffects()]).toEqual([2, 1]);
  });

  it('takes effect once at stricter isolation levels too, though the run that has waited fails', async () => {
    for (const level of ['repeatable read', 'serializable']) {
      const { insert, countEffects, pool: watcher, ...options } = await setUp();
      const pool = createPool(withOption(url, `default_transaction_isolation=${level.replace(' ', '\\ ')}`));
      const [begun, go] = [deferred(), deferred()];
      const onMessageInbound = transactional({ pool, ...options }, async (event, context: Context) => {
        begun.resolve();
        await go.promise;
        await insert(event, context);
      });
      const { logger, lines } = recordLogs();
      const first = status(receive({ onMessageInbound }));
      await begun.promise;
      const receiver = receive({ onMessageInbound, logger });
      const second = status(receiver);
      await expect.poll(() => countWaiting(watcher)).toBe(1);
      go.resolve();
      expect(await Promise.all([first, second]), level).toEqual([200, 500]);
      expect(lines[0]?.details.error).toMatchObject({ cause: { code: '40001' } });
      expect(await status(receiver)).toBe(200);
      expect(await countEffects()).toBe(1);
    }
  });

  it('is told apart from other handlers of the event by its name: those that succeeded are not called again', async () => {
    const { pool, insert, countEffects, ...options } = await setUp();
    const first = vi.fn(insert);
    const second = vi.fn(async (event: { id: string }, context: Context) => {
      await insert(event, context, 'second');
      if (second.mock.calls.length === 1) throw new Error('no');
    });
    const receiver = receive({
      onMessageInbound: transactional({ ...options, pool, name: 'first' }, first),
      onEvent: transactional({ ...options, pool, name: 'second' }, second),
    });
    expect(await status(receiver)).toBe(500);
    expect(await countEffects()).toBe(1);
    expect(await status(receiver)).toBe(200);
    expect(await countEffects()).toBe(2);
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 2]);
  });

  it('gets what every handler gets, and the client of the transaction', async () => {
    const { pool, ...options } = await setUp();
    const seen = vi.fn();
    const receiver = receive({
      onMessageInbound: transactional({ pool, ...options }, async ({ data }, { signal, transaction }) => {
        const { rows } = await transaction.query<{ id: string }>('SELECT $1 AS id', [data.message.id]);
        seen(rows, signal.aborted);
      }),
      onEvent: transactional({ pool, ...options, name: 'other' }, (_, { attempt, deadline, secretName }) => {
        seen({ attempt, deadline, secretName });
      }),
      clock: createTestClock({ now: 0 }),
      handlerTimeoutMs: 5_000,
    });
    expect(await status(receiver)).toBe(200);
    expect(seen).toHaveBeenCalledWith([{ id: 'n1' }], false);
    expect(seen).toHaveBeenCalledWith({ attempt: 1, deadline: new Date(5_000), secretName: 'secret 1' });
  });

  it('is rolled back when it takes too long, at once, and cannot write any more', async () => {
    const { pool, marks, insert, countEffects, ...options } = await setUp();
    const [wrote, go, late] = [deferred(), deferred(), deferred<unknown>()];
    const onMessageInbound = transactional({ pool, ...options }, async (event, context: Context) => {
      await insert(event, context);
      wrote.resolve();
      await go.promise;
      await insert(event, context).then(late.resolve, late.reject);
    });
    const clock = createTestClock();
    const reply = status(receive({ onMessageInbound, clock, handlerTimeoutMs: 1_000 }));
    await wrote.promise;
    await clock.advance(1_000);
    expect(await reply).toBe(500);
    const retry = receive({ onMessageInbound: transactional({ pool, ...options }, insert) });
    expect(await status(retry)).toBe(200); // would wait for ever if the first still held the event
    go.resolve();
    await expect(late.promise).rejects.toThrow();
    expect([await countEffects(), await countRows(pool, marks)]).toEqual([1, 1]);
    expectAllIdle(pool);
  });

  it('gives its connection back when it is no longer wanted while it waits for another run', async () => {
    const { pool, insert, countEffects, ...options } = await setUp();
    const [begun, go] = [deferred(), deferred()];
    const onMessageInbound = transactional({ pool, ...options }, async (event, context: Context) => {
      begun.resolve();
      await go.promise;
      await insert(event, context);
    });
    const first = status(receive({ onMessageInbound }));
    await begun.promise;
    const clock = createTestClock();
    const second = status(receive({ onMessageInbound, clock, handlerTimeoutMs: 1_000 }));
    await expect.poll(() => countWaiting(pool)).toBe(1);
    await clock.advance(1_000);
    expect(await second).toBe(500);
    await expect.poll(() => pool.totalCount - pool.idleCount).toBe(1);
    go.resolve();
    expect(await first).toBe(200);
    expect(await countEffects()).toBe(1);
  });

  it('is not called when it is not wanted any more by the time there is a connection', async () => {
    const { insert, countEffects, pool: _, ...options } = await setUp();
    const pool = createPool(url, { max: 1 });
    const busy = await pool.connect();
    const handler = vi.fn(insert);
    const clock = createTestClock();
    const receiver = receive({
      onMessageInbound: transactional({ pool, ...options }, handler),
      clock,
      handlerTimeoutMs: 1_000,
    });
    const reply = status(receiver);
    await expect.poll(() => pool.waitingCount).toBe(1);
    await clock.advance(1_000);
    expect(await reply).toBe(500);
    busy.release();
    await expect.poll(() => pool.waitingCount).toBe(0);
    expect(await status(receiver)).toBe(200);
    expect(handler).toHaveBeenCalledOnce();
    expect(await countEffects()).toBe(1);
  });

  it('fails when it hides that a statement failed, since Postgres then commits nothing', async () => {
    const { pool, marks, insert, countEffects, ...options } = await setUp();
    const { logger, lines } = recordLogs();
    const onMessageInbound = transactional({ pool, ...options }, async (event, context: Context) => {
      await insert(event, context);
      await context.transaction.query('SELECT FROM no_such_table').catch(() => {});
    });
    expect(await status(receive({ onMessageInbound, logger }))).toBe(500);
    expect(lines[0]?.details.error).toMatchObject({
      cause: { message: expect.stringContaining('Postgres rolled the transaction back: a statement in it had failed') },
    });
    expect([await countEffects(), await countRows(pool, marks)]).toEqual([0, 0]);
    expectAllIdle(pool);
  });

  it('may go on after a statement has failed within a savepoint', async () => {
    const { pool, insert, countEffects, ...options } = await setUp();
    const onMessageInbound = transactional({ pool, ...options }, async (event, context: Context) => {
      await context.transaction.query('SAVEPOINT attempt');
      await context.transaction.query('SELECT FROM no_such_table').catch(() => {});
      await context.transaction.query('ROLLBACK TO SAVEPOINT attempt');
      await insert(event, context);
    });
    expect(await status(receive({ onMessageInbound }))).toBe(200);
    expect(await countEffects()).toBe(1);
  });

  it('fails when its connection is lost, which does not end the process, and is called again', async () => {
    const { pool, marks, insert, countEffects, ...options } = await setUp();
    let runs = 0;
    const onMessageInbound = transactional({ pool, ...options }, async (event, context: Context) => {
      await insert(event, context);
      if (++runs > 1) return;
      const { rows } = await context.transaction.query('SELECT pg_backend_pid() AS pid');
      const lost = new Promise((resolve) => context.transaction.once('end', resolve));
      await pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
      await lost;
    });
    const receiver = receive({ onMessageInbound });
    expect(await status(receiver)).toBe(500);
    expect([await countEffects(), await countRows(pool, marks)]).toEqual([0, 0]);
    expect(await status(receiver)).toBe(200);
    expect([await countEffects(), await countRows(pool, marks)]).toEqual([1, 1]);
    expectAllIdle(pool);
  });

  it('is called again when rememberMs has passed', async () => {
    const { pool, insert, countEffects, ...options } = await setUp();
    const onMessageInbound = transactional({ pool, ...options, rememberMs: 60_000 }, insert);
    expect(await status(receive({ onMessageInbound }))).toBe(200);
    await elapse(pool, 59_000);
    expect(await status(receive({ onMessageInbound }))).toBe(200);
    expect(await countEffects()).toBe(1);
    await elapse(pool, 59_000);
    expect(await status(receive({ onMessageInbound }))).toBe(200);
    expect(await countEffects()).toBe(2);
  });

  it('remembers for 7 days unless told otherwise', async () => {
    const { pool, marks, insert, ...options } = await setUp();
    const onMessageInbound = transactional({ pool, ...options }, insert);
    await status(receive({ onMessageInbound }));
    const { rows } = await pool.query(`SELECT extract(epoch FROM until - now())::float8 AS seconds FROM ${marks}`);
    expect(rows[0]?.seconds / (24 * 60 * 60)).toBeCloseTo(7, 2);
  });

  it('sweeps up what is remembered for too long', async () => {
    const { pool, marks, table } = await setUp();
    await pool.query(`INSERT INTO ${marks} (key, until) SELECT gen_random_uuid(), now() FROM generate_series(1, 500)`);
    const onMessageInbound = transactional({ pool, table, name: 'test' }, () => {});
    const receiver = receive({ onMessageInbound });
    const list = Array.from({ length: 1_001 }, (_, index) => ({ id: `n${index}` }));
    expect((await send(receiver, notes(list))).status).toBe(200);
    expect(await countRows(pool, marks)).toBe(1_001);
  });

  it('needs a name, a time above 0 and a handler', () => {
    const pool = createPool(url);
    const options = { pool, table: newTable() };
    const make = (more: object, handler: unknown = () => {}) =>
      Reflect.apply(transactional, undefined, [{ ...options, ...more }, handler]);
    for (const name of [undefined, '', ' ', 5]) {
      expect(() => make({ name })).toThrow(/name is .*, expected one that no other handler of the same event has/);
    }
    for (const rememberMs of [0, -1, Number.NaN, '5']) {
      expect(() => make({ name: 'test', rememberMs })).toThrow(
        `rememberMs is ${rememberMs}, expected a number above 0`,
      );
    }
    expect(() => make({ name: 'test' })).not.toThrow();
    expect(() => make({ name: 'test' }, 'handler')).toThrow('The handler of "test" is string, expected a function');
    expect(() => make({ name: 'test', pool: undefined })).toThrow('There is neither pool.connect() nor begin()');
    expect(() => make({ name: 'test', pool: {} })).toThrow('There is neither pool.connect() nor begin()');
    expect(() => make({ name: 'test', pool: undefined, begin() {} })).toThrow('query');
  });
});
