import { type Claim, createReceiver, type HandlerContext, memoryDedup, type ReceiverOptions } from '@chathooks/core';
import { createTestClock } from '@chathooks/testing';
import { describe, expect, it, vi } from 'vitest';
import { codeOf, deferred, expectNoTimers, notes, promisesRan, recordLogs, requestOf, send, shop } from './harness.ts';

const one = notes([{ id: 'n1' }]);

function setUp(options: Partial<ReceiverOptions> = {}) {
  const clock = createTestClock();
  const close = vi.fn();
  const dedup = { ...memoryDedup({ clock }), close };
  const receiver = createReceiver({ providers: [shop()], logger: false, clock, dedup, ...options });
  return { clock, close, dedup, receiver };
}

describe('closing a receiver', () => {
  it('closes the store at once when nothing runs', async () => {
    const { receiver, close, clock } = setUp();
    await receiver.close();
    expect(close).toHaveBeenCalledOnce();
    await expectNoTimers(clock);
  });

  it('does without a store that needs no closing', async () => {
    const receiver = createReceiver({ providers: [shop()], logger: false });
    await expect(receiver.close()).resolves.toBeUndefined();
  });

  it('refuses new deliveries with 503 meanwhile and after', async () => {
    const work = deferred();
    const { receiver } = setUp({ onEvent: () => work.promise });
    const first = send(receiver, one);
    await promisesRan();
    const closed = receiver.close();
    const refused = await send(receiver, notes([{ id: 'n2' }]));
    expect([refused.status, codeOf(refused), refused.headers['retry-after']]).toEqual([503, 'shutting_down', '5']);
    work.resolve();
    expect((await first).status).toBe(200);
    await closed;
    expect(codeOf(await send(receiver, notes([{ id: 'n2' }])))).toBe('shutting_down');
  });

  it('refuses a delivery whose body was still on its way', async () => {
    const onEvent = vi.fn();
    const { receiver } = setUp({ onEvent });
    const body = deferred<Uint8Array>();
    const reply = receiver.handle({ ...requestOf(one), body: () => body.promise });
    await receiver.close();
    body.resolve(one.body);
    expect((await reply)?.status).toBe(503);
    expect(onEvent).not.toHaveBeenCalled();
  });

  it('waits for handlers, then closes the store', async () => {
    const work = deferred();
    const { receiver, clock, close } = setUp({ onEvent: () => work.promise });
    const reply = send(receiver, one);
    await promisesRan();
    const closed = receiver.close();
    await clock.advance(9_999);
    expect(close).not.toHaveBeenCalled();
    work.resolve();
    await closed;
    expect(close).toHaveBeenCalledOnce();
    expect((await reply).status).toBe(200);
    await expectNoTimers(clock);
  });

  it('stops after graceMs what still runs, and releases it', async () => {
    const contexts: HandlerContext[] = [];
    const { receiver, clock, close, dedup } = setUp({
      onEvent(_, context) {
        contexts.push(context);
        return new Promise(() => {});
      },
    });
    const reply = send(receiver, one);
    await promisesRan();
    const { signal } = contexts[0] ?? expect.fail('The handler did not run');
    const closed = receiver.close({ graceMs: 3000 });
    await clock.advance(2999);
    expect(signal.aborted).toBe(false);
    await clock.advance(1);
    await closed;
    expect(codeOf(await reply)).toBe('shutting_down');
    expect(signal.reason).toMatchObject({ code: 'shutting_down' });
    expect(dedup.claim('shop:n1', { leaseMs: 1 })).toMatchObject({ state: 'fresh' });
    expect(close).toHaveBeenCalledOnce();
    await expectNoTimers(clock);
  });

  it('begins no event after graceMs that waited for another one of its chat', async () => {
    const begun: string[] = [];
    const { receiver, clock, dedup } = setUp({
      onEvent({ id }) {
        begun.push(id);
        return new Promise(() => {});
      },
    });
    const reply = send(receiver, notes(['n1', 'n2', 'n3'].map((id) => ({ id, chat: 'a' }))));
    await promisesRan();
    const closed = receiver.close({ graceMs: 1000 });
    await clock.advance(1000);
    await closed;
    expect(codeOf(await reply)).toBe('shutting_down');
    expect(begun).toEqual(['shop:n1']);
    expect(dedup.claim('shop:n2', { leaseMs: 1 })).toMatchObject({ state: 'fresh' });
  });

  it('does not wait for a store that never answers', async () => {
    const logs = recordLogs();
    const dedup = { ...memoryDedup(), claim: () => new Promise<never>(() => {}) };
    const { receiver, clock } = setUp({ logger: logs.logger, dedup, onEvent() {} });
    const replies = [send(receiver, notes(['n1', 'n2'].map((id) => ({ id, chat: 'a' })))), send(receiver, one)];
    await promisesRan();
    const closed = receiver.close({ graceMs: 1000 });
    await clock.advance(2000);
    await closed;
    for (const reply of await Promise.all(replies)) expect(codeOf(reply)).toBe('shutting_down');
    expect(logs.lines.map(({ details }) => details.code)).toEqual(['shutting_down', 'shutting_down']);
    await expectNoTimers(clock);
  });

  it('still releases an event that the store answers for too late', async () => {
    const logs = recordLogs();
    const claim = deferred<Claim>();
    const release = vi.fn();
    const onEvent = vi.fn();
    const dedup = { ...memoryDedup(), claim: () => claim.promise, release };
    const { receiver, clock } = setUp({ logger: logs.logger, dedup, onEvent });
    const reply = send(receiver, one);
    await promisesRan();
    const closed = receiver.close({ graceMs: 1000 });
    await clock.advance(2000);
    await closed;
    claim.resolve({ state: 'fresh', token: 'late' });
    await promisesRan();
    expect(release).toHaveBeenCalledExactlyOnceWith('shop:n1', 'late');
    expect(onEvent).not.toHaveBeenCalled();
    expect(codeOf(await reply)).toBe('shutting_down');
    expect(logs.lines).toHaveLength(1);
  });

  it('does not wait for a store that never answers to a release', async () => {
    const release = vi.fn(() => new Promise<never>(() => {}));
    const { receiver, clock } = setUp({
      dedup: { ...memoryDedup(), release },
      onEvent: () => new Promise(() => {}),
    });
    const reply = send(receiver, one);
    await promisesRan();
    const closed = receiver.close({ graceMs: 1000 });
    await clock.advance(2000);
    await closed;
    expect(release).toHaveBeenCalledOnce();
    expect(codeOf(await reply)).toBe('shutting_down');
  });

  it('can be asked for twice', async () => {
    const { receiver } = setUp();
    await Promise.all([receiver.close(), receiver.close()]);
    await receiver.close();
  });

  it('tells when the store cannot be closed', async () => {
    const dedup = { ...memoryDedup(), close: () => Promise.reject(new Error('no')) };
    const receiver = createReceiver({ providers: [shop()], logger: false, dedup });
    await expect(receiver.close()).rejects.toThrow('no');
  });
});

describe('a logger that throws', () => {
  it('does not leave events behind that can never be handled', async () => {
    let broken = true;
    const onEvent = vi.fn(async () => {
      if (broken) throw new Error('no');
    });
    const { logger } = recordLogs();
    const error: typeof logger.error = () => {
      if (broken) throw new Error('The disk is full');
    };
    const { receiver } = setUp({ logger: { ...logger, error }, onEvent });
    const sent = notes([{ id: 'n1', chat: 'a' }]);
    expect((await send(receiver, sent)).status).toBe(500);
    broken = false;
    expect((await send(receiver, sent)).status).toBe(200);
    await receiver.close();
  });
});
