import { createReceiver, type DedupStore, eventRef, memoryDedup } from '@chathooks/core';
import { createTestClock } from '@chathooks/testing';
import { describe, expect, it, vi } from 'vitest';
import {
  codeOf,
  deferred,
  down,
  expectNoTimers,
  notes,
  promisesRan,
  recordLogs,
  rejecting,
  send,
  shop,
  storeWith,
} from './harness.ts';

const one = notes([{ id: 'n1' }]);
describe('the lease of an event', () => {
  function slowReceiver(methods: Partial<DedupStore> = {}) {
    const clock = createTestClock();
    const logs = recordLogs();
    const dedup = { ...memoryDedup({ clock }), ...methods };
    const work = deferred();
    let signal: AbortSignal | undefined;
    const receiver = createReceiver({
      providers: [shop()],
      clock,
      logger: logs.logger,
      dedup,
      leaseMs: 3000,
      onEvent(_, context) {
        signal = context.signal;
        return work.promise;
      },
    });
    return { clock, logs, dedup, work, reply: send(receiver, one), signal: () => signal };
  }
  const key = 'shop:n1';

  it('is renewed as long as the handler runs', async () => {
    const { clock, dedup, work, reply, signal } = slowReceiver();
    await clock.advance(50_000);
    expect(dedup.claim(key, { leaseMs: 1 })).toEqual({ state: 'in-flight' });
    expect(signal()?.aborted).toBe(false);
    work.resolve();
    expect((await reply).status).toBe(200);
    expect(dedup.claim(key, { leaseMs: 1 })).toEqual({ state: 'done' });
    await expectNoTimers(clock);
  });

  it('is renewed again after a renewal that failed', async () => {
    let calls = 0;
    const memory = memoryDedup();
    const extend: DedupStore['extend'] = (...args) =>
      ++calls === 1 ? rejecting() : (memory.extend?.(...args) ?? true);
    const { clock, logs, work, reply } = slowReceiver({ ...memory, extend });
    await clock.advance(2500);
    expect(calls).toBe(2);
    expect(logs.lines).toMatchObject([{ level: 'error', message: expect.stringContaining('could not renew') }]);
    work.resolve();
    expect((await reply).status).toBe(200);
  });

  it('that is lost aborts the signal, is not renewed any more, and completes nothing', async () => {
    const extend = vi.fn(() => false);
    const { clock, logs, dedup, work, reply, signal } = slowReceiver({ extend });
    await clock.advance(1000);
    expect(signal()?.aborted).toBe(true);
    expect(signal()?.reason).toMatchObject({ code: 'in_flight' });
    await clock.advance(5000);
    expect(extend).toHaveBeenCalledOnce();
    expect(dedup.claim(key, { leaseMs: 60_000 })).toMatchObject({ state: 'fresh' });
    work.resolve();
    expect((await reply).status).toBe(200);
    expect(logs.lines.at(-1)?.message).toContain('after its lease had ended');
    expect(logs.lines.at(-1)?.details).toEqual({ eventRef: eventRef(key) });
    expect(dedup.claim(key, { leaseMs: 1 })).toEqual({ state: 'in-flight' });
  });

  it('that is lost and whose handler gives up is left to its new owner', async () => {
    const { clock, dedup, work, reply, signal } = slowReceiver({ extend: () => false });
    signal()?.addEventListener('abort', () => work.reject(signal()?.reason));
    await clock.advance(3000);
    expect(dedup.claim(key, { leaseMs: 60_000 })).toMatchObject({ state: 'fresh' });
    expect(codeOf(await reply)).toBe('handler_failed');
    expect(dedup.claim(key, { leaseMs: 1 })).toEqual({ state: 'in-flight' });
  });

  it('is not renewed by an answer that comes after the handler has settled', async () => {
    const answer = deferred<boolean>();
    const { clock, work, reply, signal } = slowReceiver({ extend: () => answer.promise });
    await clock.advance(1000);
    work.resolve();
    expect((await reply).status).toBe(200);
    answer.resolve(false);
    await promisesRan();
    expect(signal()?.aborted).toBe(false);
    await expectNoTimers(clock);
  });

  it('is renewed also beside an event that has lost its own', async () => {
    const clock = createTestClock();
    const memory = memoryDedup({ clock });
    const extend: DedupStore['extend'] = (key, ...args) =>
      key !== 'shop:lost' && (memory.extend?.(key, ...args) ?? false);
    const receiver = createReceiver({
      providers: [shop()],
      clock,
      logger: false,
      dedup: { ...memory, extend },
      leaseMs: 3000,
      onEvent: () => new Promise(() => {}),
    });
    const replies = [send(receiver, notes([{ id: 'lost' }]))];
    await clock.advance(2500);
    replies.push(send(receiver, notes([{ id: 'kept' }])));
    await clock.advance(10_000);
    expect(memory.claim('shop:kept', { leaseMs: 1 })).toEqual({ state: 'in-flight' });
    await clock.advance(60_000);
    for (const reply of await Promise.all(replies)) expect(codeOf(reply)).toBe('handler_timeout');
  });

  it('is not renewed where the store failed and is done without', async () => {
    const extend = vi.fn(() => true);
    const clock = createTestClock();
    const work = deferred();
    const dedup = storeWith({ claim: down, extend });
    const options = { providers: [shop()], clock, logger: false as const, dedup, onEvent: () => work.promise };
    const reply = send(createReceiver({ ...options, onStoreError: 'process' }), one);
    await clock.advance(30_000);
    work.resolve();
    expect((await reply).status).toBe(200);
    expect(extend).not.toHaveBeenCalled();
  });
});
