import { transactional } from '@chathooks/postgres';
import { createTestClock } from '@chathooks/testing';
import { expect, it, vi } from 'vitest';
import { deferred, recordLogs } from '../core/harness.ts';
import { usePostgres, useSchema } from '../services/postgres.ts';
import { countRows, countWaiting, createPool, newTable } from './harness.ts';
import { type Context, expectAllIdle, receive, setUp, status } from './transactional-harness.ts';

const postgres = usePostgres();

postgres.describe('a transactional handler', () => {
  const { url } = useSchema();

  it('gets what every handler gets, and the client of the transaction', async () => {
    const { pool, ...options } = await setUp(url);
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
    const { pool, marks, insert, countEffects, ...options } = await setUp(url);
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
    const { pool, insert, countEffects, ...options } = await setUp(url);
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
    const { insert, countEffects, pool: _, ...options } = await setUp(url);
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
    const { pool, marks, insert, countEffects, ...options } = await setUp(url);
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
    const { pool, insert, countEffects, ...options } = await setUp(url);
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
    const { pool, marks, insert, countEffects, ...options } = await setUp(url);
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
