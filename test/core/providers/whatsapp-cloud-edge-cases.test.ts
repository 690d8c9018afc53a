import type { JsonObject, JsonValue } from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import {
  change,
  chat,
  delivered,
  eventsOf,
  messageOf,
  metadata,
  olena,
  us,
  written,
} from './whatsapp-cloud-envelope.ts';

const text = { type: 'text', text: { body: 'hi' } };
const time = '2026-06-10T08:15:30.000Z';
const whatsapp = (entry: JsonValue) => ({ object: 'whatsapp_business_account', entry });
const summary = (payload: unknown) => eventsOf(payload).map(({ type, raw }) => ({ type, raw }));

describe('The people of a message in WhatsApp', () => {
  const contacts = [
    { wa_id: '31600000001', profile: { name: 'Joost' } },
    { user_id: 'UA.1', profile: { name: 'Olena' } },
    'nobody',
    null,
    { wa_id: 5, profile: 'none' },
  ];

  it('are found by id, wherever the side data stands', () => {
    const events = eventsOf(
      delivered({
        messages: [
          { id: 'a', from_user_id: 'UA.1', ...text },
          { id: 'b', from: '31600000001', ...text },
          { id: 'c', from: '49600000001', ...text },
          { id: 'd', from: 5, ...text },
          { id: 'e', ...text },
        ],
        contacts,
      }),
    );
    expect(events.map(({ data }) => ('message' in data ? data.message.from : data))).toEqual([
      { id: 'UA.1', channelUserId: 'UA.1', name: 'Olena' },
      { id: '31600000001', channelUserId: '31600000001', phone: '+31600000001', name: 'Joost' },
      { id: '49600000001', channelUserId: '49600000001', phone: '+49600000001' },
      { id: '5', channelUserId: '5', phone: '+5' },
      undefined,
    ]);
  });

  it('have the id that only the side data tells, so that a message and its status share a chat', () => {
    const beside = { contacts: [{ wa_id: '380670000001', user_id: 'UA.1' }] };
    const statuses = [{ id: 'wamid.s', status: 'read', recipient_id: '380670000001' }];
    const events = eventsOf(delivered({ ...beside, messages: [{ id: 'a', from: '380670000001', ...text }], statuses }));
    expect(events.map(({ ordering, data }) => [ordering, data])).toMatchObject([
      [chat.id, { message: { from: olena } }],
      [chat.id, { recipient: olena }],
    ]);
  });

  it('may be known by nothing but a business-scoped id', () => {
    const events = eventsOf(
      delivered({
        messages: [{ id: 'a', from_user_id: 'UA.1', ...text }],
        statuses: [{ id: 'wamid.s', status: 'read', recipient_user_id: 'UA.1' }],
      }),
    );
    const person = { id: 'UA.1', channelUserId: 'UA.1' };
    expect(events).toMatchObject([
      { ordering: chat.id, data: { message: { from: person, to: us }, chat } },
      { ordering: chat.id, data: { recipient: person, chat } },
    ]);
    expect(events[0]?.data).not.toHaveProperty('message.from.phone');
  });

  it('are in no chat when the number is not told, and keep their order', () => {
    const payload = change('messages', { messages: [written(text)], statuses: [{ id: 's', status: 'read' }] });
    const [message, status] = eventsOf(payload);
    expect(message).toMatchObject({ type: 'message.inbound', ordering: 'UA.1', data: { message: { from: olena } } });
    for (const field of ['chat', 'message.chatId', 'message.to']) expect(message?.data).not.toHaveProperty(field);
    expect(status).toMatchObject({ type: 'message.status', key: 'status:s:read', ordering: undefined });
  });
});

describe('A message in WhatsApp that is not as documented', () => {
  it('has its ids as texts, also where they are numbers', () => {
    const payload = change('messages', {
      metadata: { display_phone_number: 15550100001, phone_number_id: 42 },
      messages: [{ id: 1, from: 380670000001, timestamp: 1781079330, context: { id: 7 }, ...text }],
    });
    expect(eventsOf(payload)).toMatchObject([
      {
        key: '1',
        occurredAt: time,
        data: {
          message: {
            id: '1',
            replyTo: { messageId: '7' },
            from: { id: '380670000001' },
            to: { id: '42', phone: us.phone },
          },
          chat: { id: '42:380670000001', integrationId: '42' },
        },
      },
    ]);
    const status = { id: 9, status: 'sent', recipient_id: 380670000001, timestamp: 1781079330000 };
    expect(eventsOf(delivered({ statuses: [status] }))).toMatchObject([
      { key: 'status:9:sent', data: { messageId: '9', at: time, recipient: { phone: '+380670000001' } } },
    ]);
  });

  it('has a time also in milliseconds, and none where there is none to be read', () => {
    for (const timestamp of ['1781079330', 1781079330, '1781079330000', 1781079330000]) {
      expect(messageOf({ ...text, timestamp })).toMatchObject({ sentAt: time });
    }
    for (const timestamp of [null, '', 'now', {}, 9e99]) {
      expect(messageOf({ ...text, timestamp })).not.toHaveProperty('sentAt');
    }
  });

  it('is a message without content when the content is missing or broken, with the error that stands beside it', () => {
    const errors = [{ code: 131000, title: 'Something went wrong' }];
    for (const broken of [{}, { interactive: null }, { interactive: 5 }, { interactive: { type: 'button_reply' } }]) {
      const item = { id: 'wamid.1', type: 'interactive', ...broken };
      const [event] = eventsOf(delivered({ messages: [item], errors }));
      expect(event).toMatchObject({
        type: 'message.inbound',
        data: { message: { kind: 'interactive', error: { code: '131000', message: 'Something went wrong' } } },
        raw: item,
      });
    }
    expect(messageOf({ type: 'interactive' })).not.toHaveProperty('error');
    expect(messageOf({ type: 'location', location: { latitude: 'north' } })).not.toHaveProperty('location');
  });

  it('leaves out what does not fit, and nothing else', () => {
    const message = messageOf({
      type: 'image',
      image: { id: 7, caption: {}, sha256: 'short', mime_type: 'image/png', url: null },
      context: { id: ['x'], forwarded: 'yes' },
      referral: { source_url: 5, image_url: {} },
      errors: 'none',
    });
    expect(message).toEqual({
      id: 'wamid.1',
      channelMessageId: 'wamid.1',
      chatId: chat.id,
      direction: 'inbound',
      kind: 'image',
      media: [{ id: '7', expires: true, mimeType: 'image/png' }],
      from: olena,
      to: us,
      sentAt: time,
    });
  });

  it('keeps the digest of a file that comes in hexadecimal digits', () => {
    expect(messageOf({ type: 'image', image: { sha256: 'AB'.repeat(32) } })?.media).toMatchObject([
      { sha256: 'ab'.repeat(32) },
    ]);
  });

  it('has the answers of a form as they came when they cannot be read safely', () => {
    const payloadOf = (response_json: JsonValue) =>
      messageOf({ type: 'interactive', interactive: { type: 'nfm_reply', nfm_reply: { response_json } } })?.interactive;
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    for (const odd of ['{broken', '', deep, 5, null, { already: 'parsed' }]) {
      expect(payloadOf(odd)).toEqual({ payload: odd });
    }
    expect(payloadOf('{"__proto__":{"polluted":true}}')).toEqual({
      payload: JSON.parse('{"__proto__":{"polluted":true}}'),
    });
    expect({}).not.toHaveProperty('polluted');
  });

  it('has the reply as the vendor has it when nobody knows its kind', () => {
    const content = { type: 'product_reply', product_reply: { id: 'p' } };
    expect(messageOf({ type: 'interactive', interactive: content })?.interactive).toEqual({ payload: { id: 'p' } });
    const other = { type: 'product', body: { text: 'This one?' }, action: { product_retailer_id: 'p' } };
    expect(messageOf({ type: 'interactive', interactive: other })).toMatchObject({
      text: 'This one?',
      interactive: { payload: other },
    });
    for (const type of ['toString', '__proto__', 'constructor']) {
      expect(messageOf({ type: 'interactive', interactive: { type } })).not.toHaveProperty('interactive');
    }
  });

  it('is unknown when it has no id, with what is missing', () => {
    for (const item of [{ ...text }, { ...text, id: '' }, { ...text, id: null }, 5, 'text', null, []]) {
      expect(eventsOf(delivered({ messages: [item, written(text)] }))).toMatchObject([
        { type: 'unknown', data: { reason: 'invalid_payload', issues: [{ message: expect.any(String) }] }, raw: item },
        { type: 'message.inbound' },
      ]);
    }
  });

  it('pollutes nothing with keys that JavaScript uses itself', () => {
    const item = JSON.parse(
      `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"id":"a","type":"text","text":{"__proto__":{"body":"no"}}}`,
    );
    const [event, ...others] = eventsOf(
      JSON.parse(
        JSON.stringify(whatsapp([{ id: 'account-1', changes: [{ field: 'messages', value: { messages: [item] } }] }])),
      ),
    );
    expect(others).toEqual([]);
    expect(event).toMatchObject({ type: 'message.inbound', raw: item });
    expect(event?.data).not.toHaveProperty('message.text');
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('A delivery of WhatsApp that is not as documented', () => {
  it('has no events when its list of entries is empty', () => {
    expect(eventsOf(whatsapp([]))).toEqual([]);
  });

  it('is unknown as a whole when it is none of WhatsApp’s', () => {
    for (const payload of [{ object: 'page', entry: [] }, whatsapp(null), { entry: [] }, [], null, 'text']) {
      expect(summary(payload)).toEqual([{ type: 'unknown', raw: payload }]);
    }
  });

  it('is unknown as far as an entry or a change cannot be read, and no further', () => {
    const good = change('messages', { metadata, messages: [written(text)] }).entry;
    const [entry] = Array.isArray(good) ? good : [];
    const odd: JsonObject[] = [
      { field: 'messages' },
      { field: 'messages', value: null },
      { field: 'messages', value: { metadata, contacts: [{ wa_id: '1' }] } },
      { field: 'messages', value: { metadata, messages: [], statuses: null } },
      { field: 'security', value: 'none' },
      { field: 'a_field_of_tomorrow', value: { messages: [written(text)] } },
      { field: 5, value: {} },
      {},
    ];
    const empty = { id: 'account-1', changes: [] };
    expect(summary(whatsapp(['entry', null, empty, { id: 'account-1', changes: odd }, entry ?? null]))).toEqual([
      { type: 'unknown', raw: 'entry' },
      { type: 'unknown', raw: null },
      { type: 'unknown', raw: empty },
      ...odd.map((raw) => ({ type: 'unknown', raw })),
      { type: 'message.inbound', raw: written(text) },
    ]);
    const reasons = eventsOf(whatsapp([{ changes: odd }])).map(({ data }) => ('reason' in data ? data.reason : data));
    expect(reasons).toEqual([...Array(5).fill('invalid_payload'), ...Array(3).fill('unknown_event')]);
  });

  it('loses no list that is yet to be documented, and nothing of one that is a single item', () => {
    const items = [{ id: 'x' }, { id: 'y' }];
    expect(summary(delivered({ messages: written(text), things: items, notes: ['a'], note: 'b' }))).toEqual([
      { type: 'message.inbound', raw: written(text) },
      { type: 'unknown', raw: items[0] },
      { type: 'unknown', raw: items[1] },
    ]);
  });

  it('keeps accounts and numbers apart', () => {
    const value = (id: string) => ({
      metadata: { ...metadata, phone_number_id: id },
      statuses: [{ id: 's', status: 'read', recipient_id: '1' }],
    });
    const events = eventsOf(
      whatsapp([
        {
          id: 'account-1',
          changes: [
            { field: 'messages', value: value('a') },
            { field: 'messages', value: value('b') },
          ],
        },
        { id: 'account-2', changes: [{ field: 'messages', value: value('c') }] },
      ]),
    );
    expect(events.map(({ account, ordering }) => [account, ordering])).toEqual([
      ['account-1', 'a:1'],
      ['account-1', 'b:1'],
      ['account-2', 'c:1'],
    ]);
  });

  it('tells what has no id apart by account, number and time, and knows it again', () => {
    const value = (number: string) => ({
      metadata: { phone_number_id: number },
      messages: [{ type: 'text' }],
      groups: [{ group_id: 'g' }],
      things: [{ a: 1 }],
    });
    const keysOf = (id: string, number: string, time: number) =>
      eventsOf(
        whatsapp([
          {
            id,
            time,
            changes: [
              { field: 'messages', value: value(number) },
              { field: 'a_field_of_tomorrow', value: { number } },
              { field: 'security', value: { number } },
            ],
          },
        ]),
      ).map(({ key }) => key);
    const all = [
      keysOf('account-1', 'a', 1),
      keysOf('account-1', 'b', 1),
      keysOf('account-2', 'a', 1),
      keysOf('account-1', 'a', 2),
    ].flat();
    expect(new Set(all).size).toBe(5 * 4);
    expect(all.slice(0, 5)).toEqual(keysOf('account-1', 'a', 1));
  });

  it('gives the same item the same key twice', () => {
    const items = [written(text), written(text)];
    expect(eventsOf(delivered({ messages: items })).map(({ key }) => key)).toEqual(['wamid.1', 'wamid.1']);
  });

  it('is a test when it comes from the account of the dashboard’s test button', () => {
    for (const id of ['0', 0]) {
      expect(eventsOf(change('messages', { metadata, messages: [written(text)] }, { id }))).toMatchObject([
        { mode: 'test' },
      ]);
    }
  });
});
