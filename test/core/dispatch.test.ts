import { createReceiver, type HandlerContext } from '@chathooks/core';
import { createTestClock } from '@chathooks/testing';
import { describe, expect, it, vi } from 'vitest';
import { codeOf, deferred, expectNoTimers, notes, promisesRan, recordLogs, send, shop } from './harness.ts';

const one = notes([{ id: 'n1' }]);

function fail(problem: unknown): never {
  throw problem;
}

/** Something that only looks like a promise. */
const thenable = (value: (resolve: unknown, reject?: (reason: unknown) => void) => void) =>
  Object.defineProperty({}, 'then', { value });

describe('a handler that fails', () => {
  it.each([
    ['throws', () => fail(new Error('no'))],
    ['throws something that is no error', () => fail('no')],
    ['throws undefined', () => fail(undefined)],
    ['rejects', () => Promise.reject(new Error('no'))],
    ['rejects with null', () => Promise.reject(null)],
    ['rejects after a while', () => Promise.resolve().then(() => fail(new Error('no')))],
    ['returns a thenable that rejects', () => thenable((_, reject) => reject?.(new Error('no')))],
    ['returns a thenable that throws', () => thenable(() => fail(new Error('no')))],
    [
      'returns something with a broken then',
      () => Object.defineProperty({}, 'then', { get: () => fail(new Error('no')) }),
    ],
  ])('and %s is answered 500 and runs again when the vendor comes again', async (_, misbehave) => {
    const onMessageInbound = vi.fn<() => unknown>().mockImplementationOnce(misbehave);
    const receiver = createReceiver({ providers: [shop()], logger: false, onMessageInbound });
    const reply = await send(receiver, one);
    expect([reply.status, codeOf(reply)]).toEqual([500, 'handler_failed']);
    expect((await send(receiver, one)).status).toBe(200);
    expect(onMessageInbound).toHaveBeenCalledTimes(2);
    await send(receiver, one);
    expect(onMessageInbound).toHaveBeenCalledTimes(2);
  });

  it('is logged with its error as the cause', async () => {
    const logs = recordLogs();
    const problem = new Error('The CRM is down');
    const receiver = createReceiver({ providers: [shop()], logger: logs.logger, onEvent: () => fail(problem) });
    await send(receiver, one);
    expect(logs.lines).toMatchObject([
      {
        level: 'error',
        details: { provider: 'shop', type: 'message.inbound', code: 'handler_failed', error: { cause: problem } },
      },
    ]);
  });

  it('does not keep the other handlers of the event from running, and all failures are told', async () => {
    const logs = recordLogs();
    const ran: string[] = [];
    const problems = [new Error('first'), new Error('third')];
    const receiver = createReceiver({ providers: [shop()], logger: logs.logger });
    receiver.on('message.inbound', () => fail(problems[0]));
    receiver.on('message.inbound', async () => void ran.push('second'));
    receiver.on('*', () => Promise.reject(problems[1]));
    receiver.on('*', () => void ran.push('fourth'));
    expect((await send(receiver, one)).status).toBe(500);
    expect(ran).toEqual(['second', 'fourth']);
    expect(logs.lines[0]?.details.error).toMatchObject({ cause: { errors: problems } });
  });

  it('never fails its neighbours: the retry runs only what failed', async () => {
    const handled: string[] = [];
    let broken = true;
    const receiver = createReceiver({
      providers: [shop()],
      logger: false,
      async onMessageInbound({ data: { message } }) {
        if (broken && message.id === 'n3') throw new Error('no');
        handled.push(message.id);
      },
    });
    const batch = notes(['n1', 'n2', 'n3', 'n4', 'n5'].map((id) => ({ id })));
    expect((await send(receiver, batch)).status).toBe(500);
    expect(handled).toEqual(['n1', 'n2', 'n4', 'n5']);
    expect((await send(receiver, batch)).status).toBe(500);
    broken = false;
    expect((await send(receiver, batch)).status).toBe(200);
    expect(handled).toEqual(['n1', 'n2', 'n4', 'n5', 'n3']);
  });

  it('does not block the rest of its chat', async () => {
    const handled: string[] = [];
    const receiver = createReceiver({
      providers: [shop()],
      logger: false,
      async onEvent({ raw }) {
        const { id } = raw as { id: string };
        if (id === 'n1') throw new Error('no');
        handled.push(id);
      },
    });
    const reply = await send(
      receiver,
      notes([
        { id: 'n1', chat: 'c' },
        { id: 'n2', chat: 'c' },
      ]),
    );
    expect(reply.status).toBe(500);
    expect(handled).toEqual(['n2']);
  });
});

describe('a handler that never settles', () => {
  it('is given up after handlerTimeoutMs, told so by its signal, and runs again', async () => {
    const clock = createTestClock();
    const logs = recordLogs();
    const contexts: HandlerContext[] = [];
    const receiver = createReceiver({
      providers: [shop()],
      clock,
      logger: logs.logger,
      handlerTimeoutMs: 5000,
      onEvent(_, context) {
        contexts.push(context);
        return contexts.length === 1 ? new Promise(() => {}) : undefined;
      },
    });
    const pending = send(receiver, one);
    await promisesRan();
    const { signal } = contexts[0] ?? expect.fail('The handler did not run');
    await clock.advance(4999);
    expect(signal.aborted).toBe(false);
    await clock.advance(1);
    const reply = await pending;
    expect([reply.status, codeOf(reply)]).toEqual([500, 'handler_timeout']);
    expect(signal.reason).toMatchObject({ code: 'handler_timeout' });
    expect(logs.lines).toMatchObject([{ level: 'error', details: { code: 'handler_timeout' } }]);
    await expectNoTimers(clock);

    expect((await send(receiver, one)).status).toBe(200);
    expect(contexts).toHaveLength(2);
  });

  it('may begin other work when it is told to stop, and one timer still serves all', async () => {
    const clock = createTestClock();
    const replies: Promise<unknown>[] = [];
    const receiver = createReceiver({
      providers: [shop()],
      clock,
      logger: false,
      onEvent({ id }, { signal }) {
        if (id === 'shop:n1')
          signal.addEventListener('abort', () => replies.push(send(receiver, notes([{ id: 'n2' }]))));
        return new Promise(() => {});
      },
    });
    replies.push(send(receiver, one));
    await clock.advance(60_000);
    expect(replies).toHaveLength(2);
    expect(clock.pending).toBe(1);
    await clock.advance(60_000);
    for (const reply of await Promise.all(replies)) expect(reply).toMatchObject({ status: 500 });
    await expectNoTimers(clock);
  });

  it('gets an aborted signal even if it asks for it late', async () => {
    const clock = createTestClock();
    const seen: HandlerContext[] = [];
    const receiver = createReceiver({
      providers: [shop()],
      clock,
      logger: false,
      onEvent(_, context) {
        seen.push(context);
        return new Promise(() => {});
      },
    });
    const pending = send(receiver, one);
    await clock.advance(60_000);
    await pending;
    expect(seen[0]?.signal.aborted).toBe(true);
  });

  it('may fail after it was given up without harm', async () => {
    const clock = createTestClock();
    const work = deferred();
    const receiver = createReceiver({ providers: [shop()], clock, logger: false, onEvent: () => work.promise });
    const pending = send(receiver, one);
    await clock.advance(60_000);
    expect(codeOf(await pending)).toBe('handler_timeout');
    work.reject(new Error('too late'));
    await promisesRan();
    expect((await send(receiver, notes([]))).status).toBe(200);
  });
});

describe('events of one chat', () => {
  /** Handlers that wait until the test lets them go on, by event. */
  function steps() {
    const log: string[] = [];
    const gates = new Map<string, ReturnType<typeof deferred<void>>>();
    const gate = (id: string) => {
      const known = gates.get(id) ?? deferred();
      gates.set(id, known);
      return known;
    };
    const receiver = createReceiver({
      providers: [shop()],
      logger: false,
      async onEvent({ raw }) {
        const { id } = raw as { id: string };
        log.push(`${id} begins`);
        await gate(id).promise;
        log.push(`${id} ends`);
      },
    });
    const letGo = async (id: string) => {
      gate(id).resolve();
      await promisesRan();
    };
    return { receiver, log, letGo };
  }

  it('are handled one at a time, in the order in which they came, other chats beside them', async () => {
    const { receiver, log, letGo } = steps();
    const batch = [{ id: 'a1', chat: 'a' }, { id: 'a2', chat: 'a' }, { id: 'b1', chat: 'b' }, { id: 'free' }];
    const replies = [send(receiver, notes(batch)), send(receiver, notes([{ id: 'a3', chat: 'a' }]))];
    await promisesRan();
    expect(log).toEqual(['a1 begins', 'b1 begins', 'free begins']);
    await letGo('a3');
    await letGo('a1');
    expect(log.slice(3)).toEqual(['a1 ends', 'a2 begins']);
    await letGo('b1');
    await letGo('free');
    await letGo('a2');
    expect(log.slice(5)).toEqual(['b1 ends', 'free ends', 'a2 ends', 'a3 begins', 'a3 ends']);
    for (const { status } of await Promise.all(replies)) expect(status).toBe(200);
  });

  it('keep their order when the store answers later', async () => {
    const { receiver, log, letGo } = steps();
    const ids = Array.from({ length: 20 }, (_, index) => `n${index}`);
    const replies = ids.map((id) => send(receiver, notes([{ id, chat: 'a' }])));
    for (const id of ids) await letGo(id);
    await Promise.all(replies);
    expect(log).toEqual(ids.flatMap((id) => [`${id} begins`, `${id} ends`]));
  });

  it('of two connections do not wait for each other', async () => {
    const { receiver, log, letGo } = steps();
    const replies = ['/webhooks/shop/x', '/webhooks/shop/y'].map((path, index) =>
      send(receiver, notes([{ id: `n${index}`, chat: 'a' }], path)),
    );
    await promisesRan();
    expect(log).toEqual(['n0 begins', 'n1 begins']);
    await letGo('n0');
    await letGo('n1');
    await Promise.all(replies);
  });

  it('wait no longer than the handler timeout of the one before', async () => {
    const clock = createTestClock();
    const handled: string[] = [];
    const receiver = createReceiver({
      providers: [shop()],
      clock,
      logger: false,
      onEvent({ raw }) {
        const { id } = raw as { id: string };
        handled.push(id);
        return id === 'n1' ? new Promise(() => {}) : undefined;
      },
    });
    const reply = send(
      receiver,
      notes([
        { id: 'n1', chat: 'a' },
        { id: 'n2', chat: 'a' },
      ]),
    );
    await clock.advance(59_999);
    expect(handled).toEqual(['n1']);
    await clock.advance(1);
    expect(handled).toEqual(['n1', 'n2']);
    expect(codeOf(await reply)).toBe('handler_timeout');
  });
});
