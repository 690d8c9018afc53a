import {
  ChathooksError,
  createReceiver,
  type HandlerContext,
  hasErrorCode,
  PermanentError,
  type ReceiverOptions,
} from '@chathooks/core';
import { createTestClock } from '@chathooks/testing';
import { describe, expect, it } from 'vitest';
import { deferred, notes, promisesRan, send, shop } from './harness.ts';
import { stubInbox } from './inbox-stub.ts';

/** A vendor that does what it is told in the reply. */
const obedient = shop({
  success: { status: 200, headers: {}, body: '' },
  toReply(content) {
    if (typeof content !== 'string')
      throw new ChathooksError('invalid_reply', `It is ${typeof content}, expected text`);
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: content };
  },
});
const receiverOf = (options: ReceiverOptions) => createReceiver({ providers: [obedient], logger: false, ...options });

describe('context.reply', () => {
  it('is what the vendor is told', async () => {
    const told: boolean[] = [];
    const receiver = receiverOf({ onMessageInbound: (_, context) => void told.push(context.reply('Welcome')) });
    expect(await send(receiver, notes([{ id: '1' }]))).toMatchObject({ status: 200, body: 'Welcome' });
    // The vendor sends it again, having missed the reply: it was handled before, and nobody answers.
    expect(await send(receiver, notes([{ id: '1' }]))).toMatchObject({ status: 200, body: '' });
    expect(told).toEqual([true]);
  });

  it('can be taken out of the context', async () => {
    const receiver = receiverOf({ onMessageInbound: (_, { reply }) => void reply('Welcome') });
    expect((await send(receiver, notes([{ id: '1' }]))).body).toBe('Welcome');
  });

  it('takes the first answer only', async () => {
    const told: boolean[] = [];
    const answer = (text: string) => (_: unknown, context: HandlerContext) => void told.push(context.reply(text));
    const receiver = receiverOf({ onMessageInbound: answer('first'), onEvent: answer('second') });
    expect((await send(receiver, notes([{ id: '1' }, { id: '2' }]))).body).toBe('first');
    expect(told).toEqual([true, false, false, false]);
  });

  it('says nothing when a handler failed, and may be given anew with the next try', async () => {
    let failing = true;
    const receiver = receiverOf({
      onMessageInbound(_, context) {
        context.reply('Welcome');
        if (failing) throw new Error('not yet');
      },
    });
    expect((await send(receiver, notes([{ id: '1' }]))).status).toBe(500);
    failing = false;
    expect((await send(receiver, notes([{ id: '1' }]))).body).toBe('Welcome');
  });

  it('is given once when the same delivery comes twice at the same time', async () => {
    const working = deferred();
    const receiver = receiverOf({
      async onMessageInbound(_, context) {
        await working.promise;
        context.reply('Welcome');
      },
    });
    const replies = Promise.all([send(receiver, notes([{ id: '1' }])), send(receiver, notes([{ id: '1' }]))]);
    await promisesRan();
    working.resolve();
    expect((await replies).map(({ body }) => body)).toEqual(['Welcome', '']);
  });

  it('tells that the vendor takes no answers, or has had its reply', async () => {
    const told: boolean[] = [];
    const onMessageInbound = (_: unknown, context: HandlerContext) => void told.push(context.reply('Hi'));
    await send(createReceiver({ providers: [shop()], logger: false, onMessageInbound }), notes([{ id: '1' }]));
    const inbox = stubInbox();
    await send(receiverOf({ inbox, onMessageInbound }), notes([{ id: '1' }]));
    await inbox.try();
    expect(told).toEqual([false, false]);
  });

  it('says nothing once the handler is no longer waited for', async () => {
    const told: boolean[] = [];
    const clock = createTestClock();
    const begun = deferred();
    const working = deferred();
    const receiver = receiverOf({
      clock,
      handlerTimeoutMs: 100,
      async onMessageInbound(_, context) {
        begun.resolve();
        await working.promise;
        told.push(context.reply('Welcome'));
      },
    });
    const late = send(receiver, notes([{ id: '1' }]));
    await begun.promise;
    await promisesRan();
    await clock.advance(1_000);
    expect((await late).status).toBe(500);
    working.resolve();
    await promisesRan();
    expect(told).toEqual([false]);
  });

  it('says nothing of what a handler does that it did not wait for', async () => {
    const told: boolean[] = [];
    const working = deferred();
    const receiver = receiverOf({
      onMessageInbound(_, context) {
        void working.promise.then(() => told.push(context.reply('Welcome')));
      },
    });
    expect((await send(receiver, notes([{ id: '1' }]))).body).toBe('');
    working.resolve();
    await promisesRan();
    expect(told).toEqual([false]);
  });

  it('may be given anew after one that the vendor could not read', async () => {
    const receiver = receiverOf({
      onMessageInbound(_, context) {
        expect(() => context.reply(7)).toThrow('expected text');
        expect(context.reply('Welcome')).toBe(true);
      },
    });
    expect((await send(receiver, notes([{ id: '1' }]))).body).toBe('Welcome');
  });

  it('is one for all events of a delivery', async () => {
    const told: boolean[] = [];
    const receiver = receiverOf({
      concurrency: 1,
      onMessageInbound: ({ data }, context) => void told.push(context.reply(data.message.id)),
    });
    expect((await send(receiver, notes([{ id: 'n1' }, { id: 'n2' }]))).body).toBe('n1');
    expect(told).toEqual([true, false]);
  });

  it('is said when a handler refused the event for good, since nobody tries again', async () => {
    const receiver = receiverOf({
      onMessageInbound(_, context) {
        context.reply('We do not take orders here');
        throw new PermanentError('no order');
      },
    });
    expect(await send(receiver, notes([{ id: '1' }]))).toMatchObject({
      status: 200,
      body: 'We do not take orders here',
    });
  });

  it('is told apart by what it answers: to some events a vendor takes none', async () => {
    const told: [string, boolean][] = [];
    const choosy = shop({
      toReply: (content, { type }) =>
        type === 'message.inbound' ? { status: 200, headers: {}, body: String(content) } : undefined,
    });
    const receiver = createReceiver({
      providers: [choosy],
      logger: false,
      onEvent: ({ type }, context) => void told.push([type, context.reply(`to ${type}`)]),
    });
    const delivery = notes([{ id: '1', status: 'read' }, { id: '2' }]);
    expect((await send(receiver, delivery)).body).toBe('to message.inbound');
    expect(told).toEqual([
      ['message.status', false],
      ['message.inbound', true],
    ]);
  });

  it('throws what the vendor could not read, so that the handler fails', async () => {
    let thrown: unknown;
    const receiver = receiverOf({
      onMessageInbound(_, context) {
        try {
          context.reply(7);
        } catch (error) {
          thrown = error;
          throw error;
        }
      },
    });
    expect((await send(receiver, notes([{ id: '1' }]))).status).toBe(500);
    expect(hasErrorCode(thrown, 'invalid_reply')).toBe(true);
  });
});
