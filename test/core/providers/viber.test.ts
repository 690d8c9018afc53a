import { createReceiver, type JsonObject, viber } from '@chathooks/core';
import { deliver } from '@chathooks/testing';
import { describe, expect, it } from 'vitest';
import { send } from '../harness.ts';
import { hashKey, normalized } from './normalized.ts';

const provider = viber({ authToken: 'token' });

const user = {
  id: 'TESTuser01==',
  name: 'Oksana Test',
  avatar: 'https://cdn.example/a.jpg',
  language: 'UK',
  country: 'ua',
  api_version: 10,
};
const person = { id: 'TESTuser01==', channelUserId: 'TESTuser01==' };
const contact = {
  ...person,
  name: 'Oksana Test',
  photoUrl: 'https://cdn.example/a.jpg',
  language: 'uk',
  country: 'UA',
};
const chat = { id: 'TESTuser01==', kind: 'private', channel: 'viber', channelChatId: 'TESTuser01==' };
const time = { timestamp: 1781079330456 };
const occurredAt = '2026-06-10T08:15:30.456Z';
const token = '5912345678901234567';

const callback = (event: string, fields: JsonObject = {}) => ({ event, ...time, message_token: token, ...fields });
const written = (message: JsonObject) => normalized(provider, callback('message', { sender: user, message }))[0];

describe('Viber callbacks, as documented', () => {
  it('message is message.inbound', () => {
    const payload = callback('message', { sender: user, message: { type: 'text', text: 'hi' }, silent: false });
    expect(normalized(provider, payload)).toEqual([
      {
        type: 'message.inbound',
        key: `message:${token}`,
        providerEvent: 'message',
        occurredAt,
        ordering: 'TESTuser01==',
        data: {
          message: {
            id: token,
            chatId: 'TESTuser01==',
            direction: 'inbound',
            kind: 'text',
            text: 'hi',
            from: { ...person, name: 'Oksana Test' },
            sentAt: occurredAt,
          },
          chat: { ...chat, title: 'Oksana Test' },
          contact,
        },
      },
    ]);
  });

  it.each([
    ['delivered', 'delivered'],
    ['seen', 'read'],
  ])('%s is message.status %s', (event, status) => {
    expect(normalized(provider, callback(event, { user_id: user.id }))).toEqual([
      {
        type: 'message.status',
        key: `status:${token}:${status}:TESTuser01==`,
        providerEvent: event,
        occurredAt,
        ordering: 'TESTuser01==',
        data: { messageId: token, status, recipient: person, at: occurredAt, chat },
      },
    ]);
  });

  it('failed is message.status failed, with what Viber says about it', () => {
    const [event] = normalized(provider, callback('failed', { user_id: user.id, desc: 'not supported' }));
    expect(event).toMatchObject({
      key: `status:${token}:failed:TESTuser01==`,
      data: { status: 'failed', error: { message: 'not supported' } },
    });
  });

  it('subscribed is contact.created', () => {
    expect(normalized(provider, callback('subscribed', { user }))).toEqual([
      {
        type: 'contact.created',
        key: `subscribed:${token}`,
        providerEvent: 'subscribed',
        occurredAt,
        ordering: 'TESTuser01==',
        data: { contact: { ...contact, subscribed: true } },
      },
    ]);
  });

  it('unsubscribed is contact.updated: the business may not write any more', () => {
    expect(normalized(provider, callback('unsubscribed', { user_id: user.id }))).toEqual([
      {
        type: 'contact.updated',
        key: `unsubscribed:${token}`,
        providerEvent: 'unsubscribed',
        occurredAt,
        ordering: 'TESTuser01==',
        data: { contact: { ...person, subscribed: false } },
      },
    ]);
  });

  it('conversation_started is chat.created, and the context of the link is where the contact came from', () => {
    const payload = callback('conversation_started', { type: 'open', context: 'poster', user, subscribed: false });
    expect(normalized(provider, payload)).toEqual([
      {
        type: 'chat.created',
        key: `conversation_started:${token}`,
        providerEvent: 'conversation_started',
        occurredAt,
        ordering: 'TESTuser01==',
        data: {
          chat: { ...chat, title: 'Oksana Test' },
          contact: { ...contact, source: 'poster', subscribed: false },
        },
      },
    ]);
  });

  it('webhook, the handshake, is ping', () => {
    expect(normalized(provider, callback('webhook'))).toEqual([
      { type: 'ping', key: `webhook:${token}`, providerEvent: 'webhook', occurredAt, data: {} },
    ]);
  });

  it('client_status has no place in the model', () => {
    const [event] = normalized(provider, callback('client_status', { user_id: user.id }));
    expect(event).toMatchObject({ type: 'unknown', data: { reason: 'not_modelled' } });
  });
});

describe('a message in Viber', () => {
  it.each([
    [
      'picture',
      { text: 'This one?', media: 'https://m.example/p.jpg', file_name: 'p.jpg', size: 9, thumbnail: 'https://t' },
      {
        kind: 'image',
        text: 'This one?',
        media: [{ url: 'https://m.example/p.jpg', expires: true, filename: 'p.jpg', sizeBytes: 9 }],
      },
    ],
    [
      'video',
      { media: 'https://m.example/v.mp4', size: '1024', duration: 12 },
      {
        kind: 'video',
        media: [{ url: 'https://m.example/v.mp4', expires: true, sizeBytes: 1024, durationSeconds: 12 }],
      },
    ],
    [
      'file',
      { media: 'https://m.example/i.pdf', file_name: 'i.pdf', size: 20480 },
      {
        kind: 'document',
        media: [{ url: 'https://m.example/i.pdf', expires: true, filename: 'i.pdf', sizeBytes: 20480 }],
      },
    ],
    ['sticker', { sticker_id: 40133 }, { kind: 'sticker', media: [{ id: '40133' }] }],
    [
      'contact',
      { contact: { name: 'Taras', phone_number: '+380000000001' } },
      { kind: 'contacts', contacts: [{ name: 'Taras', phone_number: '+380000000001' }] },
    ],
    [
      'location',
      { location: { lat: '50.45', lon: -30.5 } },
      { kind: 'location', location: { latitude: 50.45, longitude: -30.5 } },
    ],
    ['url', { media: 'https://shop.example/' }, { kind: 'url', text: 'https://shop.example/' }],
    ['URL', { text: 'https://shop.example/' }, { kind: 'url', text: 'https://shop.example/' }],
    ['Rich_Media', { text: 'new' }, { kind: 'rich_media', text: 'new' }],
    ['picture', { media: '', text: null }, { kind: 'image' }],
  ])('of type %s keeps its content: %o', (type, content, expected) => {
    expect(written({ type, ...content })?.data).toMatchObject({
      message: {
        id: token,
        chatId: 'TESTuser01==',
        direction: 'inbound',
        from: { ...person, name: 'Oksana Test' },
        sentAt: occurredAt,
        ...expected,
      },
    });
    const message = Object(written({ type, ...content })?.data).message;
    expect(Object.keys(message).sort()).toEqual(
      ['id', 'chatId', 'direction', 'from', 'sentAt', ...Object.keys(expected)].sort(),
    );
  });

  it('arrives without its sender', () => {
    for (const sender of [undefined, null, {}, { id: null }, { id: '' }]) {
      const [event] = normalized(provider, { ...callback('message', { message: { type: 'text' } }), sender });
      expect(event).toEqual({
        type: 'message.inbound',
        key: `message:${token}`,
        providerEvent: 'message',
        occurredAt,
        data: { message: { id: token, direction: 'inbound', kind: 'text', sentAt: occurredAt } },
      });
    }
    const anonymous = callback('message', { sender: { name: 'Somebody' }, message: { type: 'text' } });
    expect(normalized(provider, anonymous)[0]?.data).toMatchObject({ message: { from: { name: 'Somebody' } } });
  });

  it.each([
    ['without a token', { message_token: null }, 'message_token'],
    ['with an empty token', { message_token: '' }, 'message_token'],
    ['without a type', { message: { text: 'hi' } }, 'message.type'],
    ['at no place', { message: { type: 'location', location: { lat: 'north', lon: 1 } } }, 'message.location.lat'],
  ])('%s is passed on as unknown', (_, fields, path) => {
    const payload = { ...callback('message', { sender: user, message: { type: 'text' } }), ...fields };
    expect(normalized(provider, payload)).toMatchObject([
      { type: 'unknown', providerEvent: 'message', data: { reason: 'invalid_payload', issues: [{ path }] } },
    ]);
  });
});

describe('Viber', () => {
  it('has one event for the receipts of all devices of a user', () => {
    const receipt = (timestamp: number) => callback('delivered', { user_id: user.id, timestamp });
    const [phone, desktop] = [1781079330456, 1781079390456].map((at) => normalized(provider, receipt(at))[0]?.key);
    expect(phone).toBe(desktop);
  });

  it('tells the receipts of one token apart by user and status', () => {
    const keys = ['a', 'b'].flatMap((user_id) =>
      ['delivered', 'seen', 'failed'].map((event) => normalized(provider, callback(event, { user_id }))[0]?.key),
    );
    expect(new Set(keys).size).toBe(6);
  });

  it('takes a receipt without a user, and times in seconds and in text', () => {
    for (const timestamp of [1781079330, '1781079330000', '2026-06-10T08:15:30Z']) {
      expect(normalized(provider, callback('seen', { timestamp, user_id: null }))).toEqual([
        {
          type: 'message.status',
          key: `status:${token}:read`,
          providerEvent: 'seen',
          occurredAt: '2026-06-10T08:15:30.000Z',
          data: { messageId: token, status: 'read', at: '2026-06-10T08:15:30.000Z' },
        },
      ]);
    }
  });

  it('reads a handshake whose token and time are exchanged, or missing', () => {
    const expected = { type: 'ping', key: `webhook:${token}`, occurredAt };
    const exchanged = { event: 'webhook', timestamp: token, message_token: time.timestamp };
    expect(normalized(provider, exchanged)).toMatchObject([expected]);
    expect(normalized(provider, { ...exchanged, timestamp: occurredAt, message_token: token })).toMatchObject([
      expected,
    ]);
    expect(normalized(provider, { event: 'webhook' })).toMatchObject([
      { type: 'ping', key: expect.stringMatching(/^webhook:sha256-/) },
    ]);
    expect(normalized(provider, { event: 'webhook', timestamp: token })).toMatchObject([{ type: 'ping' }]);
  });

  it('tells events without a token apart by their content', () => {
    const key = (name: string) => normalized(provider, { event: 'subscribed', user: { ...user, name } })[0]?.key;
    expect(key('a')).toMatch(/^subscribed:sha256-/);
    expect(key('a')).toBe(key('a'));
    expect(key('a')).not.toBe(key('b'));
  });

  it('knows what it cannot read by all its content, since several events may be about one message', () => {
    const key = (payload: JsonObject) => normalized(provider, payload)[0]?.key;
    const statusIs = (code: number) => callback('client_status', { user_id: 'a', status: { code } });
    for (const payload of [statusIs(0), callback('typing', { user_id: 'a' }), callback('message', { message: 7 })]) {
      expect(key(payload)).toBe(hashKey(payload.event, payload));
    }
    expect(key(statusIs(0))).not.toBe(key(statusIs(1)));
  });

  it('makes texts of numeric ids', () => {
    const payload = { ...callback('message', { message: { type: 'text' } }), message_token: 7, sender: { id: 8 } };
    expect(normalized(provider, payload)).toMatchObject([
      { key: 'message:7', ordering: '8', data: { message: { id: '7', chatId: '8', from: { id: '8' } } } },
    ]);
  });

  it('is not fooled by names that every object has', () => {
    for (const event of ['__proto__', 'toString', 'constructor']) {
      expect(normalized(provider, callback(event))).toMatchObject([{ type: 'unknown', providerEvent: event }]);
    }
    const poisoned: JsonObject = JSON.parse(
      '{"event":"message","message_token":"1","__proto__":{"a":1},"sender":{"__proto__":{"id":"x"}},"message":{"type":"__proto__"}}',
    );
    expect(normalized(provider, poisoned)).toEqual([
      {
        type: 'message.inbound',
        key: 'message:1',
        providerEvent: 'message',
        data: { message: { id: '1', direction: 'inbound', kind: '__proto__' } },
      },
    ]);
  });

  it('answers an empty 200, so that nothing is taken for a welcome message', async () => {
    const receiver = createReceiver({ providers: [viber({ authToken: 'viber-test-token' })], logger: false });
    for (const event of deliver.viber.events) {
      expect(await send(receiver, deliver.viber(event))).toEqual({ status: 200, headers: {}, body: '' });
    }
  });
});
