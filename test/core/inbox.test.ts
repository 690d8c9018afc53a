import { queryObjects } from 'node:v8';
import {
  ChathooksError,
  createReceiver,
  createWorker,
  type Handlers,
  memoryDedup,
  PermanentError,
  type ReceiverSettings,
} from '@chathooks/core';
import { createTestClock } from '@chathooks/testing';
import { describe, expect, it, vi } from 'vitest';
import { codeOf, deferred, down, notes, promisesRan, recordLogs, send, shop, storeWith } from './harness.ts';
import { stubInbox } from './inbox-stub.ts';

const one = notes([{ id: 'n1', chat: 'c1' }]);
const never = () => new Promise<never>(() => {});

function receiverWith(options: ReceiverSettings & Handlers, inbox = stubInbox()) {
  const clock = createTestClock();
  const logs = recordLogs();
  const receiver = createReceiver({
    providers: [shop()],
    dedup: memoryDedup({ clock }),
    inbox,
    clock,
    logger: logs.logger,
    onUnknown() {},
    ...options,
  });
  return { receiver, inbox, clock, logs };
}

describe('receiving with an inbox', () => {
  it('acknowledges what is stored, and handles it later', async () => {
    const stored = deferred();
    const handled = vi.fn();
    const inbox = stubInbox();
    const { put } = inbox;
    const slow = {
      ...inbox,
      put: async (entries: Parameters<typeof put>[0]) => put(entries).then(() => stored.promise),
    };
    const { receiver } = receiverWith({ onMessageInbound: handled, inbox: slow });
    const replying = vi.fn();
    const reply = send(receiver, one).then((value) => {
      replying();
      return value;
    });
    await promisesRan();
    expect(inbox.entries).toMatchObject([
      { event: { id: 'shop:n1', orderingKey: expect.any(String) }, secretName: 'secret 1' },
    ]);
    expect(replying).not.toHaveBeenCalled();

    stored.resolve();
    expect((await reply).status).toBe(200);
    expect(handled).not.toHaveBeenCalled();
    expect(await inbox.try()).toEqual({ state: 'done' });
    expect(handled).toHaveBeenCalledOnce();
  });

  it('answers in the words of the provider', async () => {
    const success = { status: 200, headers: {}, body: '<Response/>' };
    const { receiver } = receiverWith({ providers: [shop({ success })] });
    expect(await send(receiver, one)).toEqual(success);
  });

  it('stores nothing of a delivery without events', async () => {
    const { receiver, inbox } = receiverWith({});
    expect((await send(receiver, notes([]))).status).toBe(200);
    expect(inbox.calls).not.toContain('put');
  });

  it.each([
    ['inbox_unavailable', new Error('The disk is gone')],
    ['inbox_full', new ChathooksError('inbox_full', 'There are 10 pending')],
  ])('answers 503 with %s when the inbox refuses', async (code, error) => {
    const inbox = stubInbox({ put: () => Promise.reject(error) });
    const { receiver, logs } = receiverWith({}, inbox);
    const reply = await send(receiver, one);
    expect(reply).toMatchObject({ status: 503, headers: { 'retry-after': expect.any(String) } });
    expect(codeOf(reply)).toBe(code);
    expect(logs.lines).toContainEqual(
      expect.objectContaining({ level: 'error', details: expect.objectContaining({ code }) }),
    );
  });

  it('answers 503 when the inbox does not answer in time', async () => {
    const { receiver, clock } = receiverWith({ storeTimeoutMs: 200 }, stubInbox({ put: never }));
    const reply = send(receiver, one);
    await promisesRan();
    await clock.advance(200);
    expect(codeOf(await reply)).toBe('inbox_unavailable');
  });

  it('answers 503 at once while an inbox owes answers to very many deliveries, and lets one through to see', async () => {
    const stored = deferred();
    const put = vi.fn<() => Promise<void>>(never);
    const { receiver, clock } = receiverWith({ logger: false, storeTimeoutMs: 200 }, stubInbox({ put }));
    const replies = Array.from({ length: 1_000 }, () => send(receiver, one));
    await promisesRan();
    await clock.advance(200);
    await Promise.all(replies);

    put.mockImplementation(() => stored.promise);
    const probe = send(receiver, one);
    await promisesRan();
    expect(codeOf(await send(receiver, one))).toBe('inbox_unavailable');
    expect(put).toHaveBeenCalledTimes(1_001);

    stored.resolve();
    expect((await probe).status).toBe(200);
    const more = await Promise.all([send(receiver, one), send(receiver, one)]);
    expect(more.map(({ status }) => status)).toEqual([200, 200]);
  });
});

describe('handling from an inbox', () => {
  it('tells handlers which try it is, by when they have to be done, and which secret fitted', async () => {
    const seen = vi.fn();
    const { receiver, inbox, clock } = receiverWith({
      handlerTimeoutMs: 5_000,
      onMessageInbound: (_event, { attempt, deadline, secretName }) => seen({ attempt, deadline, secretName }),
    });
    await send(receiver, one);
    await inbox.try({ attempt: 3 });
    expect(seen).toHaveBeenCalledWith({ attempt: 3, deadline: new Date(clock.now() + 5_000), secretName: 'secret 1' });
  });

  it('is done with what was handled before', async () => {
    const handled = vi.fn();
    const { receiver, inbox } = receiverWith({ onMessageInbound: handled });
    await send(receiver, one);
    expect(await inbox.try()).toEqual({ state: 'done' });
    expect(await inbox.try()).toEqual({ state: 'done' });
    expect(handled).toHaveBeenCalledOnce();
  });

  it('is done with what nobody asks for', async () => {
    const { receiver, inbox } = receiverWith({});
    await send(receiver, one);
    expect(await inbox.try()).toEqual({ state: 'done' });
  });

  it('fails what a handler throws over, so that it can be tried again', async () => {
    const handled = vi.fn().mockRejectedValueOnce(new Error('The CRM is down'));
    const { receiver, inbox, logs } = receiverWith({ onMessageInbound: handled });
    await send(receiver, one);
    expect(await inbox.try()).toEqual({
      state: 'failed',
      permanent: false,
      reason: { code: 'handler_failed', message: 'The CRM is down' },
    });
    expect(logs.lines.at(-1)).toMatchObject({
      message: 'handler_failed: the event is tried again',
      details: { attempt: 1, eventRef: expect.any(String) },
    });
    expect(await inbox.try({ attempt: 2 })).toEqual({ state: 'done' });
  });

  it('says so when an event is set aside after the last try', async () => {
    const { receiver, inbox, logs } = receiverWith({ onMessageInbound: () => Promise.reject('no') });
    await send(receiver, one);
    expect(await inbox.try({ attempt: 10, last: true })).toMatchObject({ state: 'failed', permanent: false });
    expect(logs.lines.at(-1)).toMatchObject({
      message: 'handler_failed: the event is set aside',
      details: { attempt: 10 },
    });
  });

  it('fails at once what a handler refuses for good, and tries it again when it is brought back', async () => {
    const handled = vi.fn().mockRejectedValueOnce(new PermanentError('No phone'));
    const { receiver, inbox, logs } = receiverWith({ onMessageInbound: handled });
    await send(receiver, one);
    expect(await inbox.try()).toEqual({
      state: 'failed',
      permanent: true,
      reason: { code: 'permanent_failure', message: 'No phone' },
    });
    expect(logs.lines.at(-1)).toMatchObject({ message: 'permanent_failure: the event is set aside' });
    expect(await inbox.try()).toEqual({ state: 'done' });
    expect(handled).toHaveBeenCalledTimes(2);
  });

  it('tries again what only some handlers refused for good', async () => {
    const { receiver, inbox } = receiverWith({
      onMessageInbound: () => Promise.reject(new PermanentError('No phone')),
      onEvent: () => Promise.reject(new Error('The CRM is down')),
    });
    await send(receiver, one);
    expect(await inbox.try()).toMatchObject({ state: 'failed', permanent: false });
  });

  it('fails what takes too long, and tells its handler', async () => {
    const signal = deferred<AbortSignal>();
    const { receiver, inbox, clock } = receiverWith({
      handlerTimeoutMs: 1_000,
      onMessageInbound: (_event, context) => {
        signal.resolve(context.signal);
        return never();
      },
    });
    await send(receiver, one);
    const verdict = inbox.try();
    const { aborted } = await signal.promise;
    expect(aborted).toBe(false);
    await clock.advance(1_000);
    expect(await verdict).toMatchObject({ state: 'failed', permanent: false, reason: { code: 'handler_timeout' } });
    expect((await signal.promise).aborted).toBe(true);
  });

  it('puts off what another process is handling, and logs it as no failure', async () => {
    const dedup = storeWith({ claim: () => ({ state: 'in-flight' }) });
    const { receiver, inbox, logs } = receiverWith({ dedup, leaseMs: 1_000, onMessageInbound() {} });
    await send(receiver, one);
    expect(await inbox.try({ last: true })).toEqual({ state: 'postponed', delayMs: 250 });
    expect(logs.lines).toMatchObject([{ level: 'debug', message: 'in_flight: the event is put off' }]);
  });

  it('keeps nothing of what it has put off while the dedup store was down', async () => {
    const { receiver, inbox, clock } = receiverWith({ dedup: storeWith({ claim: down }), logger: false, onEvent() {} });
    await send(receiver, one);
    const putOff = async (times: number) => {
      for (let time = 0; time < times; time++) {
        const verdict = inbox.try();
        await promisesRan();
        await clock.advance(1_000);
        await verdict;
      }
    };
    await putOff(10);
    const before = queryObjects(Promise, { format: 'count' });
    await putOff(500);
    expect(queryObjects(Promise, { format: 'count' }) - before).toBeLessThan(100);
  });

  it('holds on to an event for a while when the dedup store is down, and puts it off then', async () => {
    const verdicts = vi.fn();
    const { receiver, inbox, clock, logs } = receiverWith({ dedup: storeWith({ claim: down }), onMessageInbound() {} });
    await send(receiver, one);
    const verdict = inbox.try({ last: true }).then(verdicts);
    await promisesRan();
    await clock.advance(999);
    expect(verdicts).not.toHaveBeenCalled();
    await clock.advance(1);
    await verdict;
    expect(verdicts).toHaveBeenCalledWith({ state: 'postponed', delayMs: 0 });
    expect(logs.lines.at(-1)).toMatchObject({ message: 'store_unavailable: the event is put off' });
  });
});

describe('starting', () => {
  it('happens by itself', async () => {
    const { inbox } = receiverWith({});
    await promisesRan();
    expect(inbox.started).toBe(true);
  });

  it('is left to others with process: false, until start is called', async () => {
    const { receiver, inbox } = receiverWith({ process: false });
    await promisesRan();
    expect(inbox.started).toBe(false);
    expect((await send(receiver, one)).status).toBe(200);
    await receiver.start();
    expect(await inbox.try()).toEqual({ state: 'done' });
  });

  it('happens once', async () => {
    const { receiver, inbox } = receiverWith({});
    await receiver.start();
    await receiver.start();
    expect(inbox.calls).toEqual(['start']);
  });

  it('is tried again, ever more rarely, while the inbox cannot be reached, and says so', async () => {
    const start = vi.fn(down);
    const { receiver, clock, logs } = receiverWith({}, stubInbox({ start }));
    await promisesRan();
    expect(start).toHaveBeenCalledTimes(1);
    expect(logs.lines.at(-1)).toMatchObject({
      level: 'error',
      message: 'The inbox could not be started; it is tried again',
    });
    for (const [delayMs, times] of [
      [1_000, 2],
      [2_000, 3],
      [4_000, 4],
    ] as const) {
      await clock.advance(delayMs - 1);
      expect(start).toHaveBeenCalledTimes(times - 1);
      await clock.advance(1);
      await promisesRan();
      expect(start).toHaveBeenCalledTimes(times);
    }
    await receiver.close();
    await clock.advance(60_000);
    expect(start).toHaveBeenCalledTimes(4);
    expect(clock.pending).toBe(0);
  });

  it('tells whoever waits for it that the inbox cannot be reached, and can be repeated', async () => {
    const inbox = stubInbox();
    const start = vi.fn(inbox.start).mockImplementationOnce(down);
    const { receiver } = receiverWith({ process: false }, { ...inbox, start });
    await expect(receiver.start()).rejects.toMatchObject({ code: 'inbox_unavailable', cause: expect.any(Error) });
    await receiver.start();
    expect(inbox.calls).toEqual(['start']);
  });

  it('needs an inbox', async () => {
    const receiver = createReceiver({ providers: [shop()] });
    await expect(receiver.start()).rejects.toMatchObject({ code: 'invalid_option' });
  });

  it('needs a handler, else what is in the inbox would be dropped', async () => {
    const options = { providers: [shop()], inbox: stubInbox(), dedup: memoryDedup() };
    expect(() => createReceiver(options)).toThrow(expect.objectContaining({ code: 'invalid_option' }));
    const receiver = createReceiver({ ...options, process: false });
    await expect(receiver.start()).rejects.toMatchObject({ code: 'invalid_option' });
    receiver.on('message.inbound', () => {});
    await receiver.start();
  });

  it('warns when only this process would know what was handled', () => {
    const { logger, lines } = recordLogs();
    createReceiver({ providers: [shop()], inbox: stubInbox(), logger, onEvent() {} });
    expect(lines).toMatchObject([{ level: 'warn', message: expect.stringContaining('no dedup store') }]);
    expect(receiverWith({}).logs.lines).toEqual([]);
  });

  it('warns of that where others handle only when this process begins to', async () => {
    const { logger, lines } = recordLogs();
    const receiver = createReceiver({
      providers: [shop()],
      inbox: stubInbox(),
      logger,
      process: false,
      onEvent() {},
    });
    expect(lines).toEqual([]);
    await receiver.start();
    expect(lines).toMatchObject([{ level: 'warn', message: expect.stringContaining('no dedup store') }]);
  });

  it.each([
    [{ process: true }, 'process is set but there is no inbox'],
    [{ inbox: { put() {} } }, 'inbox has no start() and no stop()'],
    [{ inbox: stubInbox(), process: 'no' }, 'process is "no", expected one of true, false'],
  ])('refuses %o', (options, message) => {
    const given = { providers: [shop()], onEvent() {}, ...options } as unknown as ReceiverSettings;
    expect(() => createReceiver(given)).toThrow(message);
  });
});

describe('closing with an inbox', () => {
  it('stops the inbox, waits for what runs, and closes inbox and store', async () => {
    const release = deferred();
    const closed = vi.fn();
    const dedup = storeWith({ close: closed });
    const { receiver, inbox } = receiverWith({ dedup, onMessageInbound: () => release.promise });
    await send(receiver, one);
    const verdict = inbox.try();
    await promisesRan();
    const closing = receiver.close();
    await promisesRan();
    expect(inbox.calls).toEqual(['start', 'put', 'stop']);
    expect(closed).not.toHaveBeenCalled();
    release.resolve();
    expect(await verdict).toEqual({ state: 'done' });
    await closing;
    expect(inbox.calls).toEqual(['start', 'put', 'stop', 'close']);
    expect(closed).toHaveBeenCalledOnce();
  });

  it('hands back at once what is not done within the grace, and what the inbox still hands out', async () => {
    const aborted = deferred<unknown>();
    const { receiver, inbox, clock } = receiverWith({
      onMessageInbound: (_event, { signal }) => {
        signal.addEventListener('abort', () => aborted.resolve(signal.reason));
        return never();
      },
    });
    await send(receiver, one);
    const verdict = inbox.try({ last: true });
    await promisesRan();
    const closing = receiver.close({ graceMs: 500 });
    expect(await inbox.try()).toEqual({ state: 'postponed', delayMs: 0 });
    await clock.advance(500);
    expect(await verdict).toEqual({ state: 'postponed', delayMs: 0 });
    expect(await aborted.promise).toMatchObject({ code: 'shutting_down' });
    await closing;
  });

  it('stores the deliveries that it has taken in before the inbox is closed', async () => {
    const stored = deferred();
    const inbox = stubInbox({ put: () => stored.promise });
    const { receiver } = receiverWith({ process: false }, inbox);
    const reply = send(receiver, one);
    await promisesRan();
    const closing = receiver.close();
    await promisesRan();
    expect(inbox.calls).not.toContain('close');
    stored.resolve();
    expect((await reply).status).toBe(200);
    await closing;
    expect(inbox.calls.at(-1)).toBe('close');
  });

  it('waits for the storing of deliveries no longer than the grace', async () => {
    const { receiver, inbox, clock } = receiverWith({ process: false }, stubInbox({ put: never }));
    const reply = send(receiver, one);
    await promisesRan();
    const closing = receiver.close({ graceMs: 500 });
    await promisesRan();
    await clock.advance(500);
    await closing;
    expect(inbox.calls.at(-1)).toBe('close');
    await clock.advance(4_500);
    expect(codeOf(await reply)).toBe('inbox_unavailable');
  });

  it('does not hold on to what waits for a store that is down', async () => {
    const { receiver, inbox } = receiverWith({ dedup: storeWith({ claim: down }), onMessageInbound() {} });
    await send(receiver, one);
    const verdict = inbox.try();
    await promisesRan();
    const closing = receiver.close();
    expect(await verdict).toEqual({ state: 'postponed', delayMs: 0 });
    await closing;
  });

  it('does not wait for ever for an inbox that does not stop', async () => {
    const { receiver, clock, logs } = receiverWith({}, stubInbox({ stop: never }));
    const closing = receiver.close({ graceMs: 100 });
    await promisesRan();
    await clock.advance(1_100);
    await closing;
    expect(logs.lines.at(-1)).toMatchObject({ level: 'error', message: expect.stringContaining('did not stop') });
  });

  it('closes the store even if the inbox cannot be closed, and tells', async () => {
    const closed = vi.fn();
    const inbox = stubInbox({ close: down });
    const { receiver } = receiverWith({ dedup: storeWith({ close: closed }) }, inbox);
    await expect(receiver.close()).rejects.toThrow('down');
    expect(closed).toHaveBeenCalledOnce();
  });

  it('is for good', async () => {
    const { receiver } = receiverWith({});
    await receiver.close();
    await expect(receiver.start()).rejects.toMatchObject({ code: 'shutting_down' });
    expect(codeOf(await send(receiver, one))).toBe('shutting_down');
  });
});

describe('a worker', () => {
  const entry = async () => {
    const { receiver, inbox } = receiverWith({ process: false });
    await send(receiver, one);
    return inbox;
  };

  it('handles what receivers in other processes have stored', async () => {
    const inbox = await entry();
    const handled = vi.fn();
    const worker = createWorker({ inbox, dedup: memoryDedup(), onMessageInbound: handled });
    await worker.start();
    await inbox.try();
    expect(handled).toHaveBeenCalledWith(expect.objectContaining({ id: 'shop:n1' }), expect.anything());
    await worker.close();
    expect(inbox.calls.slice(-2)).toEqual(['stop', 'close']);
  });

  it('holds its process open until it is closed', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const worker = createWorker({ inbox: stubInbox(), dedup: memoryDedup(), onEvent() {} });
    await worker.start();
    await worker.start();
    expect(timers()).toBe(before + 1);
    await worker.close();
    expect(timers()).toBe(before);
    await expect(worker.start()).rejects.toMatchObject({ code: 'shutting_down' });
    expect(timers()).toBe(before);
  });

  it('takes handlers until it starts', async () => {
    const inbox = await entry();
    const worker = createWorker({ inbox, dedup: memoryDedup() });
    await expect(worker.start()).rejects.toMatchObject({ code: 'invalid_option' });
    const handled = vi.fn();
    worker.on('*', handled);
    await worker.start();
    await inbox.try();
    expect(handled).toHaveBeenCalledOnce();
  });

  it('warns when only it would know what was handled', () => {
    const { logger, lines } = recordLogs();
    createWorker({ inbox: stubInbox(), logger });
    expect(lines).toMatchObject([{ level: 'warn', message: expect.stringContaining('no dedup store') }]);
  });

  it.each([
    [{}, 'A worker has no inbox'],
    [{ inbox: {} }, 'inbox has no put()'],
    [{ inbox: stubInbox(), providers: [] }, 'There is no option "providers"'],
    [{ inbox: stubInbox(), storeTimeoutMs: 0 }, 'storeTimeoutMs is 0'],
  ])('refuses %o', (options, message) => {
    expect(() => createWorker(options as never)).toThrow(message);
  });
});

describe('a PermanentError without an inbox', () => {
  it('is answered 200 and logged, and the event is not handled again', async () => {
    const handled = vi.fn().mockRejectedValue(new PermanentError('No phone'));
    const { logger, lines } = recordLogs();
    const receiver = createReceiver({ providers: [shop()], logger, onMessageInbound: handled });
    expect((await send(receiver, one)).status).toBe(200);
    expect((await send(receiver, one)).status).toBe(200);
    expect(handled).toHaveBeenCalledOnce();
    expect(lines).toMatchObject([{ level: 'error', message: 'permanent_failure: the event is not tried again' }]);
  });

  it('does not keep a delivery from being asked for again over its other events', async () => {
    const receiver = createReceiver({
      providers: [shop()],
      logger: false,
      onMessageInbound: ({ id }) => Promise.reject(id === 'shop:n1' ? new PermanentError('no') : new Error('not yet')),
    });
    expect(codeOf(await send(receiver, notes([{ id: 'n1' }, { id: 'n2' }])))).toBe('handler_failed');
  });
});

describe('a dedup store that does not answer', () => {
  it('counts as failed after storeTimeoutMs, and what it grants too late is released', async () => {
    const clock = createTestClock();
    const claimed = deferred<{ state: 'fresh'; token: string }>();
    const release = vi.fn();
    const dedup = storeWith({ claim: () => claimed.promise, release });
    const receiver = createReceiver({
      providers: [shop()],
      logger: false,
      clock,
      dedup,
      storeTimeoutMs: 300,
      onEvent() {},
    });
    const reply = send(receiver, one);
    await promisesRan();
    await clock.advance(300);
    expect(codeOf(await reply)).toBe('store_unavailable');
    claimed.resolve({ state: 'fresh', token: 't1' });
    await promisesRan();
    expect(release).toHaveBeenCalledWith('shop:n1', 't1');
  });

  it('does not change the reply once the handlers have succeeded', async () => {
    const clock = createTestClock();
    const { logger, lines } = recordLogs();
    const dedup = storeWith({ complete: never });
    const receiver = createReceiver({ providers: [shop()], logger, clock, dedup, storeTimeoutMs: 300, onEvent() {} });
    const reply = send(receiver, one);
    await promisesRan();
    await clock.advance(300);
    expect((await reply).status).toBe(200);
    expect(lines.at(-1)).toMatchObject({ level: 'error', message: expect.stringContaining('could not complete') });
  });
});
