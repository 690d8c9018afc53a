import { inspect } from 'node:util';
import { createReceiver, type HandlerContext, hasErrorCode, type ReceiverOptions, telegram } from '@chathooks/core';
import { deliver } from '@chathooks/testing';
import { describe, expect, it } from 'vitest';
import { send } from '../harness.ts';
import { stubInbox } from '../inbox-stub.ts';

const receiverOf = (options: ReceiverOptions) =>
  createReceiver({
    providers: [telegram({ secretToken: telegram.samples.secret, botId: 555000999 })],
    logger: false,
    ...options,
  });
const silence = { status: 200, headers: {}, body: '' };

describe('a reply to Telegram', () => {
  it('is empty unless a handler answers', async () => {
    const receiver = receiverOf({ onMessageInbound: () => undefined });
    expect(await send(receiver, deliver.telegram('message.text'))).toEqual(silence);
  });

  it('is the method that a handler calls, once', async () => {
    const receiver = receiverOf({
      onMessageInbound({ data }, context) {
        const { id } = data.chat ?? {};
        context.reply({
          method: 'sendMessage',
          chat_id: id,
          text: 'Добрий день 👋',
          reply_markup: { remove_keyboard: true },
        });
      },
    });
    const reply = await send(receiver, deliver.telegram('message.text'));
    expect(reply).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(reply.body)).toEqual({
      method: 'sendMessage',
      chat_id: '5550001112',
      text: 'Добрий день 👋',
      reply_markup: { remove_keyboard: true },
    });
    expect(await send(receiver, deliver.telegram('message.text'))).toEqual(silence);
  });

  it('can answer what the model has nothing for', async () => {
    const receiver = receiverOf({
      onUnknown({ raw }, context) {
        const { pre_checkout_query: query } = raw as { pre_checkout_query: { id: string } };
        context.reply({ method: 'answerPreCheckoutQuery', pre_checkout_query_id: query.id, ok: true });
      },
    });
    const { body } = await send(receiver, deliver.telegram('pre_checkout_query'));
    expect(JSON.parse(body)).toEqual({
      method: 'answerPreCheckoutQuery',
      pre_checkout_query_id: '5550001110013',
      ok: true,
    });
  });

  /** What becomes of an answer, and of the delivery whose handler gave it. */
  async function outcomeOf(content: unknown) {
    let thrown: unknown;
    const receiver = receiverOf({
      onMessageInbound(_, context: HandlerContext) {
        try {
          context.reply(content);
        } catch (error) {
          thrown = error;
          throw error;
        }
      },
    });
    const { status, body } = await send(receiver, deliver.telegram('message.text'));
    return { status, body, thrown };
  }

  const circular: Record<string, unknown> = { method: 'sendMessage' };
  circular.self = circular;

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['sendMessage', 'string'],
    [[{ method: 'sendMessage' }], 'a list'],
    [{}, 'an object without the name of a method'],
    [{ method: '' }, 'an object without the name of a method'],
    [{ method: 7 }, 'an object without the name of a method'],
    [circular, 'cannot be written as JSON'],
    [{ method: 'sendMessage', chat_id: 5n }, 'cannot be written as JSON'],
  ])('cannot be %s', async (content, message) => {
    const { status, body, thrown } = await outcomeOf(content);
    expect(hasErrorCode(thrown, 'invalid_reply')).toBe(true);
    expect(String(thrown)).toContain(message);
    expect({ status, code: JSON.parse(body).code }).toEqual({ status: 500, code: 'handler_failed' });
  });

  it('is not quoted when it cannot be written', async () => {
    const text = {
      toJSON() {
        throw new Error('Secret words');
      },
    };
    const { thrown } = await outcomeOf({ method: 'sendMessage', text });
    expect(hasErrorCode(thrown, 'invalid_reply')).toBe(true);
    expect(inspect(thrown)).not.toContain('Secret words');
  });

  it.each(['getMe', 'GETFILE', 'setWebhook', 'deletewebhook', 'close', 'logOut'])(
    'cannot be %s, which Telegram would ignore',
    async (method) => {
      const { thrown } = await outcomeOf({ method });
      expect(hasErrorCode(thrown, 'invalid_reply')).toBe(true);
      expect(String(thrown)).toContain(`does not run ${method} in a reply`);
    },
  );

  it('can be a method whose name only begins like one of those', async () => {
    for (const method of ['closeForumTopic', 'setMessageReaction', 'deleteMessage', 'forwardMessage']) {
      expect(await outcomeOf({ method })).toEqual({ status: 200, body: JSON.stringify({ method }), thrown: undefined });
    }
  });

  it('is empty with an inbox, which tells the handler that nobody hears it', async () => {
    const told: boolean[] = [];
    const inbox = stubInbox();
    const onMessageInbound = (_: unknown, context: HandlerContext) =>
      void told.push(context.reply({ method: 'sendMessage' }));
    expect(await send(receiverOf({ inbox, onMessageInbound }), deliver.telegram('message.text'))).toEqual(silence);
    await inbox.try();
    expect(told).toEqual([false]);
  });
});
