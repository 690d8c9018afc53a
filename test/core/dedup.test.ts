import { createReceiver, type DedupStore, eventRef, memoryDedup, wexio } from '@chathooks/core';
import { createTestClock, deliver } from '@chathooks/testing';
import { describe, expect, it, vi } from 'vitest';
import { codeOf, deferred, down, notes, promisesRan, recordLogs, rejecting, send, shop, storeWith } from './harness.ts';

const one = notes([{ id: 'n1' }]);
describe('a delivery that comes again', () => {
  it('after it was handled is acknowledged and not handled again', async () => {
    const onEvent = vi.fn();
    const receiver = createReceiver({ providers: [shop()], logger: false, onEvent });
    for (let times = 0; times < 3; times++) expect((await send(receiver, one)).status).toBe(200);
    expect(onEvent).toHaveBeenCalledOnce();
  });

  it('50 times at once runs the handler once and is acknowledged 50 times', async () => {
    const work = deferred();
    const onEvent = vi.fn(() => work.promise);
    const receiver = createReceiver({ providers: [shop()], logger: false, onEvent });
    const replies = Array.from({ length: 50 }, () => send(receiver, one));
    await promisesRan();
    work.resolve();
    expect((await Promise.all(replies)).map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(onEvent).toHaveBeenCalledOnce();
  });

  it('50 times at once over an asynchronous store runs the handler once', async () => {
    const memory = memoryDedup();
    const dedup: DedupStore = {
      claim: async (...args) => memory.claim(...args),
      complete: async (...args) => memory.complete(...args),
      release: async (...args) => memory.release(...args),
    };
    const onEvent = vi.fn();
    const receiver = createReceiver({ providers: [shop()], logger: false, dedup, onEvent });
    const replies = await Promise.all(Array.from({ length: 50 }, () => send(receiver, one)));
    expect(replies.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(onEvent).toHaveBeenCalledOnce();
  });

  it('while the first fails shares its failure, so that the vendor tries again', async () => {
    const work = deferred();
    const receiver = createReceiver({ providers: [shop()], logger: false, onEvent: () => work.promise });
    const replies = [send(receiver, one), send(receiver, one)];
    await promisesRan();
    work.reject(new Error('no'));
    for (const reply of await Promise.all(replies)) expect(codeOf(reply)).toBe('handler_failed');
  });

  it('while another process handles it is answered 503 and comes later', async () => {
    const dedup = memoryDedup();
    const work = deferred();
    const first = createReceiver({ providers: [shop()], logger: false, dedup, onEvent: () => work.promise });
    const onEvent = vi.fn();
    const second = createReceiver({ providers: [shop()], logger: false, dedup, onEvent });
    const reply = send(first, one);
    await promisesRan();
    const refused = await send(second, one);
    expect([refused.status, codeOf(refused), refused.headers['retry-after']]).toEqual([503, 'in_flight', '5']);
    work.resolve();
    expect((await reply).status).toBe(200);
    expect((await send(second, one)).status).toBe(200);
    expect(onEvent).not.toHaveBeenCalled();
  });

  it('is forgotten after rememberMs', async () => {
    const clock = createTestClock();
    const onEvent = vi.fn();
    const receiver = createReceiver({ providers: [shop()], logger: false, clock, rememberMs: 1000, onEvent });
    await send(receiver, one);
    await clock.advance(1000);
    await send(receiver, one);
    expect(onEvent).toHaveBeenCalledOnce();
    await clock.advance(1);
    await send(receiver, one);
    expect(onEvent).toHaveBeenCalledTimes(2);
  });

  it('is remembered for seven days by default', async () => {
    const clock = createTestClock();
    const onEvent = vi.fn();
    const receiver = createReceiver({ providers: [shop()], logger: false, clock, onEvent });
    await send(receiver, one);
    await clock.advance(7 * 24 * 60 * 60 * 1000);
    await send(receiver, one);
    expect(onEvent).toHaveBeenCalledOnce();
  });

  it('finds the event when nobody asked for it the first time', async () => {
    const receiver = createReceiver({ providers: [shop()], logger: false });
    await send(receiver, one);
    const handler = vi.fn();
    receiver.on('message.inbound', handler);
    await send(receiver, one);
    expect(handler).toHaveBeenCalledOnce();
  });

  it('with another body but the same event id is the same delivery', async () => {
    const onEvent = vi.fn();
    const receiver = createReceiver({ providers: [wexio({ secret: 'wexio-test-secret' })], logger: false, onEvent });
    for (const attempt of [1, 2, 3]) await send(receiver, deliver.wexio('chat.created', { meta: { attempt } }));
    expect(onEvent).toHaveBeenCalledOnce();
  });
});

describe('event ids', () => {
  it('of two connections of one provider never meet', async () => {
    const ids: string[] = [];
    const receiver = createReceiver({
      providers: [shop()],
      logger: false,
      onEvent: ({ id }) => void ids.push(id),
    });
    const paths = ['', '/a', '/b', '/a%3Ax', '/a%253Ax', '/a%2Fx'].map((path) => `/webhooks/shop${path}`);
    for (const path of paths) await send(receiver, notes([{ id: 'n1' }, { id: 'x:n1' }, { id: 'a:n1' }], path));
    expect(new Set(ids).size).toBe(paths.length * 3);
  });

  it('of two providers never meet', async () => {
    const onEvent = vi.fn();
    const receiver = createReceiver({ providers: [shop(), shop({ name: 'shop-eu' })], logger: false, onEvent });
    await send(receiver, one);
    await send(receiver, { ...one, path: '/webhooks/shop-eu' });
    expect(onEvent.mock.calls.map(([{ id }]) => id)).toEqual(['shop:n1', 'shop-eu:n1']);
  });
});

describe('a store that fails', () => {
  it.each([
    ['throws', down],
    ['rejects', rejecting],
  ])('and %s on a claim makes the vendor try again, and no handler runs', async (_, claim) => {
    const logs = recordLogs();
    const onEvent = vi.fn();
    const dedup = storeWith({ claim });
    const receiver = createReceiver({ providers: [shop()], logger: logs.logger, dedup, onEvent });
    const reply = await send(receiver, one);
    expect([reply.status, codeOf(reply), reply.headers['retry-after']]).toEqual([503, 'store_unavailable', '5']);
    expect(onEvent).not.toHaveBeenCalled();
    expect(logs.lines).toMatchObject([{ level: 'error', details: { code: 'store_unavailable' } }]);
  });

  it.each([
    ['throws', down],
    ['rejects', rejecting],
  ])('and %s on a claim is done without under onStoreError: process, and that is logged', async (_, claim) => {
    const logs = recordLogs();
    const onEvent = vi.fn(() => Promise.resolve());
    const dedup = storeWith({ claim });
    const options = { providers: [shop()], logger: logs.logger, dedup, onEvent, onStoreError: 'process' as const };
    const receiver = createReceiver(options);
    expect((await send(receiver, one)).status).toBe(200);
    expect((await send(receiver, one)).status).toBe(200);
    expect(onEvent).toHaveBeenCalledTimes(2);
    expect(logs.lines).toMatchObject(Array(2).fill({ level: 'error', details: { eventRef: eventRef('shop:n1') } }));
  });

  it('and is done without still lets a handler fail', async () => {
    const dedup = storeWith({ claim: down });
    const options = { providers: [shop()], logger: false as const, dedup, onEvent: down };
    expect(codeOf(await send(createReceiver({ ...options, onStoreError: 'process' }), one))).toBe('handler_failed');
  });

  it.each([
    ['throws', down],
    ['rejects', rejecting],
  ])('and %s when an event is completed does not undo what the handler did', async (_, complete) => {
    const logs = recordLogs();
    const dedup = storeWith({ complete });
    const receiver = createReceiver({ providers: [shop()], logger: logs.logger, dedup, onEvent() {} });
    expect((await send(receiver, one)).status).toBe(200);
    expect(logs.lines).toMatchObject([
      {
        level: 'error',
        message: expect.stringContaining('could not complete'),
        details: { eventRef: eventRef('shop:n1') },
      },
    ]);
  });

  it('when an event is released does not hide that the handler failed', async () => {
    const logs = recordLogs();
    const dedup = storeWith({ release: rejecting });
    const receiver = createReceiver({ providers: [shop()], logger: logs.logger, dedup, onEvent: down });
    expect(codeOf(await send(receiver, one))).toBe('handler_failed');
    expect(logs.lines.map(({ message }) => message)).toEqual([
      expect.stringContaining('could not release'),
      expect.stringContaining('handler_failed'),
    ]);
  });

  it.each([
    ['throws', down],
    ['rejects', rejecting],
  ])('and %s on a rank makes the vendor try again, or is done without', async (_, advance) => {
    const onEvent = vi.fn();
    const options = { providers: [shop()], logger: false as const, dedup: storeWith({ advance }), onEvent };
    const status = notes([{ id: 's1', status: 'read' }]);
    expect(codeOf(await send(createReceiver(options), status))).toBe('store_unavailable');
    expect(onEvent).not.toHaveBeenCalled();
    expect((await send(createReceiver({ ...options, onStoreError: 'process' }), status)).status).toBe(200);
    expect(onEvent.mock.lastCall?.[0].data).not.toHaveProperty('stale');
  });

  it('may give an empty text as the token of a claim', async () => {
    const claimed = new Map<string, 'in-flight' | 'done'>();
    const dedup: DedupStore = {
      claim(key) {
        const state = claimed.get(key);
        if (state) return { state };
        claimed.set(key, 'in-flight');
        return { state: 'fresh', token: '' };
      },
      complete: (key) => claimed.set(key, 'done').size > 0,
      release: (key) => void claimed.delete(key),
    };
    const onEvent = vi.fn<() => void>(down);
    const receiver = createReceiver({ providers: [shop()], logger: false, dedup, onEvent });
    expect((await send(receiver, one)).status).toBe(500);
    onEvent.mockImplementation(() => {});
    for (let times = 0; times < 2; times++) expect((await send(receiver, one)).status).toBe(200);
    expect(onEvent).toHaveBeenCalledTimes(2);
  });

  it('need not know ranks, nor how to extend a lease', async () => {
    const { claim, complete, release } = memoryDedup();
    const clock = createTestClock();
    const work = deferred();
    const dedup = { claim, complete, release };
    const receiver = createReceiver({ providers: [shop()], logger: false, clock, dedup, onEvent: () => work.promise });
    const reply = send(receiver, notes([{ id: 's1', status: 'read' }]));
    await clock.advance(20_000);
    work.resolve();
    expect((await reply).status).toBe(200);
  });
});
