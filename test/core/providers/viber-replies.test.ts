import { createReceiver, type HandlerContext, hasErrorCode, viber } from '@chathooks/core';
import { deliver } from '@chathooks/testing';
import { describe, expect, it } from 'vitest';
import { send } from '../harness.ts';
import { stubInbox } from '../inbox-stub.ts';

const providers = [viber({ authToken: viber.samples.secret })];
const started = deliver.viber('conversation_started');
const empty = { status: 200, headers: {}, body: '' };

describe('a welcome message in Viber', () => {
  const welcome = { sender: { name: 'Tulip shop' }, type: 'text', text: 'Ласкаво просимо! 🌷' };

  it('is the reply to conversation_started', async () => {
    const told: boolean[] = [];
    const receiver = createReceiver({
      providers,
      logger: false,
      onChatCreated: (_, context) => void told.push(context.reply(welcome)),
    });
    const reply = await send(receiver, started);
    expect(reply).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(reply.body)).toEqual(welcome);
    // Viber sends it again, having missed the reply.
    expect(await send(receiver, started)).toEqual(empty);
    expect(told).toEqual([true]);
  });

  it('is no answer to anything else', async () => {
    const told: boolean[] = [];
    const onEvent = (_: unknown, context: HandlerContext) => void told.push(context.reply(welcome));
    const receiver = createReceiver({ providers, logger: false, onEvent });
    expect(await send(receiver, deliver.viber('message.text'))).toEqual(empty);
    expect(told).toEqual([false]);
  });

  it('cannot be given with an inbox', async () => {
    const told: boolean[] = [];
    const inbox = stubInbox();
    const onChatCreated = (_: unknown, context: HandlerContext) => void told.push(context.reply(welcome));
    const receiver = createReceiver({ providers, logger: false, inbox, onChatCreated });
    expect(await send(receiver, started)).toEqual(empty);
    await inbox.try();
    expect(told).toEqual([false]);
  });

  const circular: Record<string, unknown> = { type: 'text' };
  circular.self = circular;
  it.each([
    ['nothing', undefined, 'is undefined'],
    ['null', null, 'is null'],
    ['a text', 'Secret words', 'is string'],
    ['a list', [welcome], 'is a list'],
    ['an object without a type', { text: 'Secret words' }, 'is an object without a type'],
    ['an empty type', { type: '', text: 'Secret words' }, 'is an object without a type'],
    ['a type that is no text', { type: 7 }, 'is an object without a type'],
    ['what is no JSON', { type: 'text', text: 1n }, 'cannot be written as JSON'],
    ['what holds itself', circular, 'cannot be written as JSON'],
  ])('is refused when it is %s', async (_, content, message) => {
    let thrown: unknown;
    const receiver = createReceiver({
      providers,
      logger: false,
      onChatCreated(_, context) {
        try {
          context.reply(content);
        } catch (error) {
          thrown = error;
          throw error;
        }
      },
    });
    expect((await send(receiver, started)).status).toBe(500);
    expect(hasErrorCode(thrown, 'invalid_reply')).toBe(true);
    expect(String(thrown)).toContain(message);
    expect(String(thrown)).not.toContain('Secret words');
  });
});
