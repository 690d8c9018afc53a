import { type JsonObject, messenger } from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import {
  item,
  normalized,
  ofChange,
  ofEntry,
  ofItem,
  onInstagram,
  onMessenger,
  platforms,
} from './messenger-envelope.ts';

const text = (mid: string, content: JsonObject = {}): JsonObject => item({ message: { mid, text: 'Hi' }, ...content });
const keysOf = (events: readonly { readonly key: string }[]) => events.map(({ key }) => key);

describe.each(platforms)('the envelope of $channel', (platform) => {
  it('may hold several entries, and each of them several items and changes', () => {
    const entry = [
      { id: '9', messaging: [text('m_1'), text('m_2')], standby: [text('m_3')] },
      { id: '10', changes: [{ field: 'comments', value: { id: '20' } }], messaging: [text('m_4')] },
    ];
    const events = normalized(platform, { object: platform.object, entry });
    expect(events.map(({ key, account, mode }) => [key, account, mode])).toEqual([
      ['m_1', '9', undefined],
      ['m_2', '9', undefined],
      ['standby:m_3', '9', 'standby'],
      ['m_4', '10', undefined],
      ['comment:20', '10', undefined],
    ]);
  });

  it('may hold nothing', () => {
    expect(normalized(platform, { object: platform.object, entry: [] })).toEqual([]);
  });

  it.each([
    ['another object', { object: 'whatsapp_business_account', entry: [] }],
    ['no object', { entry: [{ id: '9', messaging: [text('m_1')] }] }],
    ['no entry', { object: 'page' }],
    ['an entry that is no list', { object: 'page', entry: { id: '9' } }],
    ['an object of another kind', { object: ['page'], entry: [] }],
    ['a list around it', [{ object: 'page', entry: [] }]],
  ])('with %s is unknown as a whole', (_, payload) => {
    const events = normalized(platform, payload);
    expect(events).toMatchObject([{ type: 'unknown', data: { reason: 'unknown_event' } }]);
    expect(events[0]?.raw).toBe(payload);
  });

  it.each([
    ['nothing but its id', { id: '9', time: 1 }],
    ['empty lists', { id: '9', messaging: [], standby: [], changes: [] }],
    ['only the names of what changed', { id: '9', changed_fields: ['feed'] }],
    ['an object where a list belongs', { id: '9', messaging: text('m_1') }],
    ['nothing', {}],
    ['text', 'entry'],
    ['null', null],
  ])('passes on an entry of %s, as unknown', (_, entry) => {
    const events = ofEntry(platform, entry);
    expect(events).toMatchObject([{ type: 'unknown', data: { reason: 'unknown_event' } }]);
    expect(events[0]?.raw).toBe(entry);
  });

  it('passes on an entry beside what can be read in it', () => {
    const entry = { id: '9', messaging: [text('m_1')], changes: 'lost?' };
    const events = ofEntry(platform, entry);
    expect(events).toMatchObject([{ key: 'm_1' }, { type: 'unknown', account: '9' }]);
    expect(events[1]?.raw).toBe(entry);
  });

  it('passes on each item that cannot be read, whatever becomes of its neighbours', () => {
    const broken = [
      null,
      7,
      'text',
      [],
      {},
      item({}),
      item({ message: null }),
      item({ message: 'Hi' }),
      item({ message: { text: 'no mid' } }),
      item({ message: { mid: '' } }),
      item({ message: { mid: 'm', attachments: [null] } }),
      item({ sender: 'me', message: { mid: 'm' } }),
      item({ reaction: { mid: 'm_1', action: 'shrug' } }),
      item({ delivery: { mids: 'm_1' } }),
    ];
    const events = ofEntry(platform, { id: '9', messaging: [text('m_1'), ...broken, text('m_2')] });
    expect(events).toHaveLength(broken.length + 2);
    expect([events[0]?.key, events.at(-1)?.key]).toEqual(['m_1', 'm_2']);
    for (const [index, event] of events.slice(1, -1).entries()) {
      expect(event).toMatchObject({ type: 'unknown', account: '9' });
      expect(event.raw).toBe(broken[index]);
    }
    expect(new Set(keysOf(events)).size).toBe(events.length);
  });

  it('names an item of unknown kind by what it has', () => {
    expect(ofItem(platform, { game_play: { score: 1 } })).toMatchObject([
      { type: 'unknown', providerEvent: 'game_play', account: '9', data: { reason: 'unknown_event' } },
    ]);
  });

  it('reads an item of several kinds as each of them', () => {
    const both = { message: { mid: 'm_1', text: 'Hi' }, reaction: { mid: 'm_0', action: 'react', emoji: '👍' } };
    expect(ofItem(platform, both).map(({ type }) => type)).toEqual(['message.inbound', 'message.reaction']);
  });

  it('names what did not fit', () => {
    expect(ofItem(platform, { message: { text: 'no mid' } })).toMatchObject([
      { providerEvent: 'message', data: { reason: 'invalid_payload', issues: [{ path: 'message.mid' }] } },
    ]);
  });

  it('is harmless with names that objects have', () => {
    const hostile = JSON.parse(
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"referral":{"__proto__":"x","ref":"r"}}',
    );
    const events = ofItem(platform, hostile);
    expect(events).toMatchObject([{ type: 'contact.updated', data: { contact: { fields: { 'referral.ref': 'r' } } } }]);
    expect({}).not.toHaveProperty('polluted');
    const names = ['__proto__', 'constructor', 'toString'];
    for (const name of names) {
      expect(ofItem(platform, JSON.parse(`{"${name}":{"mid":"m_1"}}`))).toMatchObject([
        { type: 'unknown', providerEvent: name },
      ]);
      expect(ofChange(platform, name, { id: '1' })).toMatchObject([{ type: 'unknown', providerEvent: name }]);
    }
  });
});

describe.each(platforms)('an id or time of $channel', (platform) => {
  it('may be a number', () => {
    const numbers = { sender: { id: 7 }, recipient: { id: 9 }, message: { mid: 1, reply_to: { mid: 2 }, text: 'Hi' } };
    const texts = {
      sender: { id: '7' },
      recipient: { id: '9' },
      message: { mid: '1', reply_to: { mid: '2' }, text: 'Hi' },
    };
    expect(ofItem(platform, numbers)).toEqual(ofItem(platform, texts));
    expect(ofEntry(platform, { id: 9, messaging: [text('m_1')] })[0]?.account).toBe('9');
    expect(ofChange(platform, 'comments', { id: 20, parent_id: 19, media: { id: 30 } })).toEqual(
      ofChange(platform, 'comments', { id: '20', parent_id: '19', media: { id: '30' } }),
    );
  });

  it('may be in seconds, milliseconds, digits or missing', () => {
    for (const timestamp of [1781079330, 1781079330000, '1781079330', '1781079330000']) {
      const [event] = ofItem(platform, { timestamp, message: { mid: 'm_1', text: 'Hi' } });
      expect([event.occurredAt, event.data.message.sentAt]).toEqual(Array(2).fill('2026-06-10T08:15:30.000Z'));
    }
    for (const watermark of [1781079329, 1781079329000]) {
      expect(ofItem(platform, { read: { watermark } })[0].key).toBe('read:9:7:2026-06-10T08:15:29.000Z');
    }
  });

  it('is that of the entry where the item has none, also in seconds', () => {
    for (const time of [1781079330, 1781079330000]) {
      const message = { sender: { id: '7' }, message: { mid: 'm_1', text: 'Hi' } };
      const [event] = ofEntry(platform, { id: '9', time, messaging: [message] });
      expect(event?.occurredAt).toBe('2026-06-10T08:15:30.000Z');
      expect(event?.data).not.toHaveProperty('message.sentAt');
    }
    const [timeless] = ofEntry(platform, { time: 'noon', messaging: [text('m_1', { timestamp: 'dawn' })] });
    expect([timeless?.occurredAt, timeless?.account]).toEqual([undefined, undefined]);
  });
});

describe.each(platforms)('the sides of a message of $channel', (platform) => {
  it('are told as far as they are known', () => {
    for (const sender of [null, {}, { id: '' }, { id: null }]) {
      const [event] = ofItem(platform, { sender, message: { mid: 'm_1', text: 'Hi' } });
      expect(event).toMatchObject({ type: 'message.inbound', data: { message: { id: 'm_1', to: { id: '9' } } } });
      expect(event).not.toHaveProperty('ordering');
      expect(event.data).not.toHaveProperty('chat');
      expect(event.data.message).not.toHaveProperty('from');
      expect(event.data.message).not.toHaveProperty('chatId');
    }
  });

  it('are told by a reference where there is no id', () => {
    const [event] = ofItem(platform, {
      sender: { user_ref: 'cart-5' },
      postback: { title: 'Start', payload: 'START' },
    });
    expect(event).toMatchObject({
      ordering: 'cart-5',
      data: { message: { from: { id: 'cart-5' }, chatId: 'cart-5' }, chat: { id: 'cart-5', integrationId: '9' } },
    });
    expect(event.data.message.from).not.toHaveProperty('channelUserId');
    expect(event.data.chat).not.toHaveProperty('channelChatId');
  });

  it('are right whichever way round the ids of an echo are', () => {
    for (const ids of [
      { sender: { id: '9' }, recipient: { id: '7' } },
      { sender: { id: '7' }, recipient: { id: '9' } },
    ]) {
      const [event] = ofItem(platform, { ...ids, message: { mid: 'm_1', is_echo: true } });
      expect(event).toMatchObject({
        type: 'message.outbound',
        data: { message: { from: { id: '9' }, to: { id: '7' } }, chat: { id: '7' } },
      });
    }
  });

  it('are told by the ids where no echo is announced', () => {
    const ids = { sender: { id: '9' }, recipient: { id: '7' } };
    expect(ofItem(platform, { ...ids, message: { mid: 'm_1', text: 'Hi' } })).toMatchObject([
      { key: 'echo:m_1', type: 'message.outbound' },
    ]);
    expect(ofItem(platform, { ...ids, reaction: { mid: 'm_1', action: 'react', emoji: '👍' } })).toMatchObject([
      { data: { from: { id: '9' }, chat: { id: '7' } } },
    ]);
    expect(ofItem(platform, { ...ids, message_edit: { mid: 'm_1', text: 'Hi', num_edit: 1 } })).toMatchObject([
      { data: { message: { direction: 'outbound' } } },
    ]);
  });

  it('are inbound when the account writes to itself', () => {
    const ids = { sender: { id: '9' }, recipient: { id: '9' } };
    expect(ofItem(platform, { ...ids, message: { mid: 'm_1', text: 'Note' } })).toMatchObject([
      { key: 'm_1', type: 'message.inbound' },
    ]);
  });

  it('are those of the item where the entry names no account', () => {
    const [event] = ofEntry(platform, { messaging: [text('m_1')] });
    expect(event).toMatchObject({ data: { message: { to: { id: '9' } }, chat: { integrationId: '9' } } });
    expect(event?.account).toBeUndefined();
  });
});

describe('a receipt', () => {
  it('of nobody still tells the messages that were delivered', () => {
    const delivery = { mids: ['m_1'], watermark: 1781079329000 };
    const events = ofItem(onMessenger, { sender: null, delivery });
    expect(events.map(({ type }) => type)).toEqual(['message.status']);
  });

  it.each([
    ['of nobody', { sender: null, read: { watermark: 1781079329000 } }],
    ['without a time', { read: {} }],
    ['with a time that is none', { delivery: { watermark: 'soon', mids: [] } }],
  ])('%s and without messages is unknown', (_, content: JsonObject) => {
    expect(ofItem(onMessenger, content)).toMatchObject([{ type: 'unknown', data: { reason: 'invalid_payload' } }]);
  });
});

describe('an opt-in', () => {
  it.each([null, '', undefined])('without a type is one in general: %j', (type) => {
    const optin = { ref: 'x', ...(type !== undefined && { type }) };
    expect(ofItem(onMessenger, { optin })).toMatchObject([{ type: 'contact.created' }]);
  });

  it.each(['__proto__', 7, {}])('to what is no word is unknown: %j', (type) => {
    expect(ofItem(onMessenger, { optin: { type, ref: 'x' } })).toMatchObject([
      { type: 'unknown', data: { reason: 'invalid_payload', issues: [{ path: 'optin.type' }] } },
    ]);
  });
});

describe('what happened to nobody', () => {
  it.each(['referral', 'optin', 'account_linking'])('is unknown: %s', (name) => {
    expect(ofItem(onMessenger, { sender: null, [name]: { ref: 'x' } })).toMatchObject([
      { type: 'unknown', data: { reason: 'invalid_payload', issues: [{ path: 'sender' }] } },
    ]);
  });

  it('is the message of a cart, whose sender may be told elsewhere', () => {
    expect(ofItem(onMessenger, { sender: null, order: { products: [] } })).toMatchObject([{ type: 'message.inbound' }]);
  });
});

describe('a key', () => {
  const keyOf = (content: JsonObject) => ofItem(onMessenger, content)[0].key;

  it('of a postback without an id is made of who tapped what when', () => {
    const postback = { title: 'Start', payload: 'START' };
    expect(keyOf({ postback })).toBe(keyOf({ postback: { ...postback, title: 'Begin' } }));
    const others = [
      { postback: { ...postback, payload: 'STOP' } },
      { postback, timestamp: 1781079330001 },
      { postback, sender: { id: '8' } },
    ];
    expect(new Set([{ postback }, ...others].map(keyOf)).size).toBe(4);
  });

  it('differs for all that happens to one message', () => {
    const mid = 'm_1';
    const keys = [
      { message: { mid } },
      { message: { mid, is_echo: true } },
      { message: { mid, is_deleted: true } },
      { message_edit: { mid, text: 'a', num_edit: 1 } },
      { message_edit: { mid, text: 'b', num_edit: 2 } },
      { postback: { mid, payload: 'x' } },
      { reaction: { mid, action: 'react', emoji: '👍' } },
      { reaction: { mid, action: 'unreact' } },
      { reaction: { mid, action: 'react', emoji: '👍' }, timestamp: 1781079330001 },
      { reaction: { mid, action: 'react', emoji: '👍' }, sender: { id: '8' } },
      { read: { mid } },
      { delivery: { mids: [mid] } },
    ].map(keyOf);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('tells the same referral of two pages apart', () => {
    const referral = { ref: 'x' };
    expect(keyOf({ referral })).not.toBe(keyOf({ referral, recipient: { id: '10' } }));
  });

  it('tells what cannot be read on two pages apart, and is the same again on a redelivery', () => {
    const [one, other, again] = ['9', '10', '9'].map(
      (id) => ofEntry(onMessenger, { id, messaging: [{ party: true }] })[0],
    );
    expect(one?.key).not.toBe(other?.key);
    expect(one?.key).toBe(again?.key);
  });

  it('of an edit that is not counted is made of its time', () => {
    expect(keyOf({ message_edit: { mid: 'm_1', text: 'a' } })).toBe('edit:m_1:1781079330000');
  });
});

describe('a copy for an observer', () => {
  it('does not hide the event itself', () => {
    const [copy] = ofEntry(onMessenger, { id: '9', standby: [text('m_1')] });
    const [own] = ofEntry(onMessenger, { id: '9', messaging: [text('m_1')] });
    expect([copy?.mode, own?.mode]).toEqual(['standby', undefined]);
    expect(copy?.key).not.toBe(own?.key);
  });

  it('of a postback has no payload', () => {
    const [copy] = ofEntry(onMessenger, { id: '9', standby: [item({ postback: { title: 'Start' } })] });
    expect(copy).toMatchObject({
      mode: 'standby',
      data: { message: { kind: 'button', interactive: { title: 'Start' } } },
    });
  });

  it('that cannot be read is one all the same', () => {
    const [copy] = ofEntry(onMessenger, { id: '9', standby: [{}] });
    expect(copy).toMatchObject({ type: 'unknown', mode: 'standby', account: '9' });
  });
});

describe('the test button of the dashboard', () => {
  const press = (field: string, content: JsonObject, time = 1781079330250) =>
    ofEntry(onMessenger, { id: '0', time, changes: [{ field, value: item(content) }] });

  it.each([
    ['messages', { message: { mid: 'm_1', text: 'test_message' } }, 'message.inbound'],
    ['message_echoes', { message: { mid: 'm_1', is_echo: true } }, 'message.outbound'],
    ['message_reactions', { reaction: { mid: 'm_1', action: 'react', emoji: '👍' } }, 'message.reaction'],
    ['messaging_postbacks', { postback: { title: 'T', payload: 'P' } }, 'message.inbound'],
    ['messaging_seen', { read: { mid: 'm_1' } }, 'message.status'],
    ['messaging_referrals', { referral: { ref: 'x' } }, 'contact.updated'],
    ['standby', { message: { mid: 'm_1' } }, 'message.inbound'],
    ['send_cart', { order: { products: [] } }, 'message.inbound'],
    ['response_feedback', { response_feedback: {} }, 'unknown'],
    ['messages', {}, 'unknown'],
  ])('sends %s as what it is, marked as a test', (field, content, type) => {
    expect(press(field, content)).toMatchObject([{ type, mode: 'test' }]);
  });

  it('can be pressed twice', () => {
    const content = { message: { mid: 'm_1', text: 'test_message' } };
    expect(keysOf(press('messages', content))).toEqual(keysOf(press('messages', content)));
    expect(keysOf(press('messages', content))).not.toEqual(keysOf(press('messages', content, 1781079340000)));
  });

  it('does not make messages of posts, which have a message too', () => {
    const post = { item: 'post', message: { mid: 'm_1' }, sender: { id: '7' } };
    expect(ofChange(onMessenger, 'feed', post)).toMatchObject([{ type: 'unknown', data: { reason: 'not_modelled' } }]);
    expect(ofChange(onMessenger, 'conversations', post)).toMatchObject([
      { type: 'unknown', data: { reason: 'unknown_event' } },
    ]);
  });
});

describe('a change', () => {
  it.each([null, 'comments', { field: 'comments' }, { field: 'comments', value: 'x' }, { value: {} }, { field: 7 }])(
    'that cannot be read is passed on: %j',
    (change) => {
      const events = ofEntry(onInstagram, { id: '9', changes: [change] });
      expect(events).toMatchObject([{ type: 'unknown', account: '9' }]);
      expect(events[0]?.raw).toBe(change);
    },
  );

  it('of nobody is a comment all the same', () => {
    const [event] = ofChange(onInstagram, 'comments', { id: '20', from: {}, media: null });
    expect(event.data).toEqual({
      message: { id: '20', direction: 'inbound', kind: 'comment', to: { id: '9' } },
    });
    const [nowhere] = ofEntry(onInstagram, { changes: [{ field: 'mentions', value: { comment_id: '21' } }] });
    expect(nowhere?.data).toEqual({
      message: { id: '21', direction: 'inbound', kind: 'mention' },
    });
  });
});

describe('messenger', () => {
  it('receives Instagram too, if both are sent to one URL', () => {
    const payload = { object: 'instagram', entry: [{ id: '9', messaging: [text('m_1')] }] };
    expect(normalized(onMessenger, payload)).toEqual(normalized(onInstagram, payload));
  });

  it('is told what it lacks', () => {
    expect(() => messenger({ appSecret: '', verifyToken: 'token' })).toThrow('missing_secret');
    expect(() => messenger({ appSecret: 'secret', verifyToken: '' })).toThrow('missing_secret');
    expect(() => Reflect.apply(messenger, undefined, [])).toThrow(
      '{ appSecret: process.env.MESSENGER_APP_SECRET, verifyToken: process.env.MESSENGER_VERIFY_TOKEN }',
    );
  });
});
