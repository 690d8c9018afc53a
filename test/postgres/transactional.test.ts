import { type DedupStore, memoryDedup, PermanentError } from '@chathooks/core';
import { postgresDedup, transactional } from '@chathooks/postgres';
import { expect, it, vi } from 'vitest';
import { deferred, notes, recordLogs, send } from '../core/harness.ts';
import { usePostgres, useSchema } from '../services/postgres.ts';
import { countRows, countWaiting, createPool, elapse, withOption } from './harness.ts';
import { type Context, expectAllIdle, receive, setUp, status } from './transactional-harness.ts';

const postgres = usePostgres();

postgres.describe('a transactional handler', () => {
  const { url } = useSchema();

  it('commits what it did with the mark, and is not called again in another process', async () => {
    const { pool, marks, insert, countEffects, ...options } = await setUp(url);
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
    const { pool, insert, countEffects, ...options } = await setUp(url);
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
    const { pool, table, insert, countEffects, name } = await setUp(url);
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
    const { pool, marks, insert, countEffects, ...options } = await setUp(url);
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
    const { pool, marks, insert, countEffects, ...options } = await setUp(url);
    const onMessageInbound = transactional({ pool, ...options }, async (event, context: Context) => {
      await insert(event, context);
      throw new PermanentError('no');
    });
    expect(await status(receive({ onMessageInbound }))).toBe(200);
    expect([await countEffects(), await countRows(pool, marks)]).toEqual([0, 0]);
  });

  it('waits for another run of the same event, and is not called when that commits', async () => {
    const { pool, insert, countEffects, ...options } = await setUp(url);
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
    const { pool, insert, countEffects, ...options } = await setUp(url);
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
      const { insert, countEffects, pool: watcher, ...options } = await setUp(url);
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
    const { pool, insert, countEffects, ...options } = await setUp(url);
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

  it('is called again when rememberMs has passed', async () => {
    const { pool, insert, countEffects, ...options } = await setUp(url);
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
    const { pool, marks, insert, ...options } = await setUp(url);
    const onMessageInbound = transactional({ pool, ...options }, insert);
    await status(receive({ onMessageInbound }));
    const { rows } = await pool.query(`SELECT extract(epoch FROM until - now())::float8 AS seconds FROM ${marks}`);
    expect(rows[0]?.seconds / (24 * 60 * 60)).toBeCloseTo(7, 2);
  });

  it('sweeps up what is remembered for too long', async () => {
    const { pool, marks, table } = await setUp(url);
    await pool.query(`INSERT INTO ${marks} (key, until) SELECT gen_random_uuid(), now() FROM generate_series(1, 500)`);
    const onMessageInbound = transactional({ pool, table, name: 'test' }, () => {});
    const receiver = receive({ onMessageInbound });
    const list = Array.from({ length: 1_001 }, (_, index) => ({ id: `n${index}` }));
    expect((await send(receiver, notes(list))).status).toBe(200);
    expect(await countRows(pool, marks)).toBe(1_001);
  });
});
