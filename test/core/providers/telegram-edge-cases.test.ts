import { createReceiver, hasErrorCode, type JsonObject, type JsonValue, telegram } from '@chathooks/core';
import { assertFitsCatalog, deliver } from '@chathooks/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordLogs, send } from '../harness.ts';
import { hashKey, normalized } from './normalized.ts';
import { at, date, group, iryna, message, privateChat, provider, update } from './telegram-updates.ts';

describe('an update of Telegram', () => {
  it('without any content is unknown, under its number', () => {
    expect(update({})).toEqual([
      { type: 'unknown', key: '555:7', providerEvent: '', data: { reason: 'unknown_event' } },
    ]);
    expect(update({ message: null })).toMatchObject([{ type: 'unknown', key: '555:7' }]);
  });

  it('with several contents is read for each, with a key for each', () => {
    const content = { message_id: 42, date, from: iryna, chat: privateChat, text: 'Hi' };
    const member = { status: 'kicked' };
    const change = { chat: privateChat, from: iryna, date, old_chat_member: null, new_chat_member: member };
    expect(update({ poll: {}, my_chat_member: change, message: content, later: {} })).toMatchObject([
      { type: 'message.inbound', key: '555:7:message' },
      { type: 'unknown', key: '555:7:poll', providerEvent: 'poll' },
      { type: 'contact.updated', key: '555:7:my_chat_member' },
    ]);
  });

  it('is known by its number, as a number or as digits', () => {
    const content = {
      message: { message_id: '42', date: String(date), from: { ...iryna, id: '11' }, chat: privateChat, text: 'Hi' },
    };
    const [event] = normalized(provider, { update_id: '7', ...content });
    expect(event).toMatchObject({
      key: '555:7',
      occurredAt: at,
      data: { message: { id: '11:42', from: { id: '11' } } },
    });
    expect(normalized(provider, { update_id: 7, ...content })).toEqual([event]);
  });

  it('without a number is unknown, under a hash, and says so', () => {
    for (const update_id of [undefined, null, '', {}, true]) {
      const payload = JSON.parse(JSON.stringify({ update_id, message: { message_id: 1, chat: privateChat } }));
      const issues = [{ path: 'update_id', message: 'Expected the number of the update' }];
      expect(normalized(provider, payload)).toEqual([
        {
          type: 'unknown',
          key: hashKey('message', payload),
          providerEvent: 'message',
          data: { reason: 'invalid_payload', issues },
        },
      ]);
    }
  });

  it('that does not fit is unknown, with the path of what is wrong', () => {
    const pathsOf = (content: JsonObject) => {
      const [event, ...others] = update(content);
      expect(others).toEqual([]);
      if (event?.type !== 'unknown') throw new Error(`It is ${event?.type}`);
      expect(event).toMatchObject({ key: '555:7', data: { reason: 'invalid_payload' } });
      return event.data.issues?.map(({ path }) => path);
    };
    expect(pathsOf({ message: { message_id: 1, text: 'Hi' } })).toEqual(['message.chat']);
    expect(pathsOf({ message: 'Hi' })).toEqual(['message']);
    expect(pathsOf({ edited_message: { chat: { id: null }, text: 7 } })).toEqual([
      'edited_message.message_id',
      'edited_message.chat.id',
      'edited_message.text',
    ]);
    expect(pathsOf({ callback_query: { id: '1' } })).toEqual(['callback_query.from']);
    expect(pathsOf({ my_chat_member: { chat: privateChat } })).toEqual(['my_chat_member.new_chat_member']);
    expect(pathsOf({ deleted_business_messages: { chat: privateChat, message_ids: [1] } })).toEqual([
      'deleted_business_messages.business_connection_id',
    ]);
  });

  it('that deletes nothing is unknown and not lost', () => {
    const deleted = { business_connection_id: 'conn', chat: privateChat, message_ids: [] };
    expect(update({ deleted_business_messages: deleted })).toMatchObject([
      { type: 'unknown', key: '555:7', data: { reason: 'not_modelled' } },
    ]);
  });

  it('is not confused by names that objects have by themselves', () => {
    const payload: JsonObject = JSON.parse('{"__proto__":{"message":{}},"constructor":{},"hasOwnProperty":1}');
    expect(update(payload)).toMatchObject([{ type: 'unknown', providerEvent: '__proto__' }]);
    const text: JsonObject = JSON.parse('{"text":"Hi","__proto__":{"photo":[]},"toString":null}');
    expect(message(text)).toMatchObject([{ data: { message: { kind: 'text', text: 'Hi' } } }]);
    expect(message({ text: 'Hi', chat: { id: 11, type: '__proto__' } })[0]?.data).not.toHaveProperty('chat.kind');
    expect({}).not.toHaveProperty('photo');
  });
});

describe('a message of Telegram', () => {
  it('without a sender is from the person of a private chat, and from nobody in a group', () => {
    const [known] = message({ text: 'Hi', from: null });
    expect(known?.data).toMatchObject({
      message: { from: { id: '11', name: 'Iryna M' } },
      contact: { firstName: 'Iryna' },
    });
    const [unknown] = message({ text: 'Hi', from: null, chat: group });
    expect(unknown?.data).not.toHaveProperty('message.from');
    expect(unknown?.data).not.toHaveProperty('contact');
  });

  it('has a time in seconds or milliseconds, or none', () => {
    expect(message({ text: 'Hi', date: date * 1000 })).toMatchObject([
      { occurredAt: at, data: { message: { sentAt: at } } },
    ]);
    for (const none of [null, 'soon']) {
      const [event] = message({ text: 'Hi', date: none });
      expect(event).toHaveProperty('occurredAt', undefined);
      expect(event?.data).not.toHaveProperty('message.sentAt');
    }
  });

  it('keeps every digit of ids of 52 bits', () => {
    const id = -4503599627370495;
    expect(message({ text: 'Hi', chat: { id, type: 'group' } })).toMatchObject([
      { ordering: '-4503599627370495', data: { message: { id: '-4503599627370495:42' } } },
    ]);
  });

  it('has the empty text that was sent, and no empty name', () => {
    const from = { id: 11, first_name: '', last_name: null };
    expect(message({ text: '', from })[0]?.data).toMatchObject({ message: { kind: 'text', text: '' } });
    expect(message({ text: '', from })[0]?.data).not.toHaveProperty('message.from.name');
  });
});

describe('the secret token of Telegram', () => {
  it('may only be what Telegram takes, and is not repeated', () => {
    const tooLong = 'a'.repeat(257);
    for (const bad of ['123456:AAH-made-up', 'secret\n', ' secret', 'sécret', tooLong]) {
      for (const secretToken of [bad, ['secret', bad], { name: 'new', value: bad }, [{ name: 'new', value: bad }]]) {
        expect(() => telegram({ secretToken, botId: 555 })).toThrow(/secretToken is none that Telegram takes/);
        expect(() => telegram({ secretToken, botId: 555 })).not.toThrow(bad);
      }
    }
    expect(telegram({ secretToken: 'aZ_-09', botId: 555 }).name).toBe('telegram');
    expect(telegram({ secretToken: 'a'.repeat(256), botId: 555 }).name).toBe('telegram');
  });
});

describe('the bot id of Telegram', () => {
  const secretToken = 'secret';
  const refused = (botId: unknown) => {
    try {
      Reflect.apply(telegram, undefined, [{ secretToken, botId }]);
    } catch (error) {
      expect(hasErrorCode(error, 'invalid_option')).toBe(true);
      return String(error);
    }
    throw new Error('It was taken');
  };

  it('may not be a whole token, which is not repeated', () => {
    expect(refused('123456:AAH-made-up_token')).toMatch(/botId is a whole token, expected the digits before the colon/);
    expect(refused('123456:AAH-made-up_token')).not.toMatch(/123456:|AAH/);
    expect(() => telegram.fromEnvironment({ TELEGRAM_SECRET_TOKEN: 'secret', TELEGRAM_BOT_ID: '123456:AAH' })).toThrow(
      /whole token/,
    );
  });

  it('may not be anything but digits, which is not repeated', () => {
    for (const botId of [
      'AAH-made-up_token',
      '',
      ' 12',
      '1.5',
      'bot12',
      '0',
      -5,
      1.5,
      Number.NaN,
      1e20,
      null,
      undefined,
      {},
    ]) {
      expect(refused(botId)).toMatch(/botId is no such number/);
      expect(refused(botId)).not.toMatch(/AAH/);
    }
  });

  it('may be a number or digits', () => {
    for (const botId of [555, '555']) {
      expect(update({ poll: {} }, telegram({ secretToken, botId }))).toMatchObject([{ key: '555:7' }]);
    }
  });

  it('may depend on the connection, which alone tells bots apart where there is none', () => {
    const ids = new Map<string, number | null>([
      ['shop', 123],
      ['bar', null],
    ]);
    const many = telegram({ secretToken, botId: ({ connection = '' }) => ids.get(connection) });
    const keyOf = (connection: string) =>
      many.normalize({ update_id: 7, poll: {} }, { receivedAt: at, connection, header: () => undefined })[0]?.key;
    expect(keyOf('shop')).toBe('123:7');
    expect(keyOf('cafe')).toBe('7');
    expect(keyOf('bar')).toBe('7');
    const [event] = update({ message: { message_id: 1, date, from: iryna, chat: privateChat, text: 'Hi' } }, many);
    expect(event).toHaveProperty('account', undefined);
    expect(event?.data).not.toHaveProperty('chat.integrationId');
    expect(event?.data).not.toHaveProperty('message.to');
  });

  it('that turns out to be a token when an update comes loses nothing, and is kept out of ids and logs', async () => {
    const logs = recordLogs();
    const seen: unknown[] = [];
    const receiver = createReceiver({
      providers: [telegram({ secretToken: telegram.samples.secret, botId: () => '123456:AAH-made-up' })],
      logger: logs.logger,
      onEvent: (event) => void seen.push(event),
    });
    expect((await send(receiver, deliver.telegram('message.text'))).status).toBe(200);
    expect(seen).toMatchObject([{ type: 'unknown', data: { reason: 'normalize_failed' } }]);
    expect(JSON.stringify(seen) + logs.text()).not.toMatch(/AAH|123456:/);
  });
});

describe('any JSON with the right header', () => {
  const names = [...Object.values(telegram.samples.events)].flatMap(({ payload }) => Object.keys(payload));
  const json = fc.json({ maxDepth: 4 }).map((text): JsonValue => JSON.parse(text));
  const anything = fc.oneof(json, fc.dictionary(fc.constantFrom(...names), json));

  it('yields events that fit the catalog, and never an error', async () => {
    const logs = recordLogs();
    let events = 0;
    const receiver = createReceiver({
      providers: [telegram({ secretToken: telegram.samples.secret, botId: 555 })],
      logger: logs.logger,
      onEvent(event) {
        assertFitsCatalog(event);
        events++;
      },
    });
    let id = 0;
    const property = fc.asyncProperty(anything, async (payload) => {
      const before = events;
      // A number of its own, so that none is a redelivery of another.
      const sent =
        payload !== null && typeof payload === 'object' && !Array.isArray(payload)
          ? { ...payload, update_id: id++ }
          : [id++, payload];
      const reply = await send(receiver, deliver.telegram.body(JSON.stringify(sent)));
      expect(reply).toEqual({ status: 200, headers: {}, body: '' });
      expect(events).toBeGreaterThan(before);
    });
    await fc.assert(property, { numRuns: 500 });
    expect(logs.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
