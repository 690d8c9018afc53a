import { contentKey, type Delivery, type JsonObject, type JsonValue, kapso } from '@chathooks/core';
import { assertFitsCatalog, assertSurvivesJson } from '@chathooks/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const provider = kapso({ secret: 'secret' });
const { events: samples } = kapso.samples;

function deliveryOf(event?: string, request?: string): Delivery {
  const headers = new Map([
    ['x-webhook-event', event],
    ['x-idempotency-key', request],
  ]);
  return { receivedAt: '2026-06-10T09:00:00.000Z', connection: undefined, header: (name) => headers.get(name) };
}

/** What Kapso's payload becomes, without `raw`. */
function normalized(payload: unknown, event?: string, request?: string) {
  return provider.normalize(payload, deliveryOf(event, request)).map(({ raw: _, ...event }) => {
    assertFitsCatalog(event);
    assertSurvivesJson(event.data);
    return event;
  });
}
const ofSample = (name: keyof typeof samples) =>
  normalized(samples[name].payload, name.split('.').slice(0, 3).join('.'));

const number = '100000000000001';
const customer = {
  phone: '+31600000001',
  username: 'mirte.vos',
  channelUserId: 'NL.TEST0000000001',
  name: 'Mirte Vos',
};
const chat = {
  id: 'conv_TEST01',
  kind: 'private',
  channel: 'whatsapp',
  channelChatId: 'NL.TEST0000000001',
  integrationId: number,
  title: 'Mirte Vos',
  username: 'mirte.vos',
  status: 'active',
  createdAt: '2026-06-10T08:15:00.000Z',
  updatedAt: '2026-06-10T08:15:30.000Z',
};

/** A message of version 2, with or without its conversation. */
const received = (message: JsonObject, rest: JsonObject = {}) =>
  normalized({ message: { id: 'wamid.T1', ...message }, ...rest }, 'whatsapp.message.received');
const messageOf = (message: JsonObject) => {
  const [event] = received(message);
  if (event?.type !== 'message.inbound') throw new Error(`it became ${event?.type}`);
  return event.data.message;
};

describe('a message that Kapso received', () => {
  it('keeps the text, who wrote it, what it answers and the advertisement that led here', () => {
    expect(ofSample('whatsapp.message.received')).toEqual([
      {
        type: 'message.inbound',
        providerEvent: 'whatsapp.message.received',
        key: 'wamid.TESTK01',
        account: number,
        occurredAt: '2026-06-10T08:15:30.000Z',
        ordering: 'conv_TEST01',
        mode: undefined,
        data: {
          message: {
            id: 'wamid.TESTK01',
            channelMessageId: 'wamid.TESTK01',
            chatId: 'conv_TEST01',
            direction: 'inbound',
            kind: 'text',
            text: 'Is the shop open on Sunday? ☀️',
            replyTo: { messageId: 'wamid.TESTK00' },
            referral: {
              sourceId: '1200000000001',
              sourceType: 'ad',
              sourceUrl: 'https://example.com/ad',
              clickId: 'clid_TEST01',
              headline: 'Spring in the garden',
              body: 'Seeds and more',
              mediaUrl: 'https://example.com/ad.jpg',
            },
            from: customer,
            to: { id: number },
            sentAt: '2026-06-10T08:15:30.000Z',
          },
          chat,
          contact: customer,
        },
      },
    ]);
  });

  it('has the file where Kapso keeps it, and the caption as its text', () => {
    expect(ofSample('whatsapp.message.received.image')).toMatchObject([
      {
        data: {
          message: {
            kind: 'image',
            text: 'My garden',
            media: [
              {
                id: '2000000000001',
                url: 'https://example.com/media/1',
                mimeType: 'image/jpeg',
                filename: 'garden.jpg',
                sizeBytes: 204800,
              },
            ],
          },
        },
      },
    ]);
  });

  it.each([
    [
      'video',
      { kind: 'video', text: 'Does it grow?' },
      { id: '2000000000003', url: 'https://example.com/media/3', mimeType: 'video/mp4', filename: 'garden.mp4' },
    ],
    [
      'document',
      { kind: 'document' },
      { id: '2000000000004', url: 'https://example.com/media/4', mimeType: 'application/pdf', filename: 'order.pdf' },
    ],
    [
      'sticker',
      { kind: 'sticker' },
      { id: '2000000000005', url: 'https://example.com/media/5', mimeType: 'image/webp', filename: 'sticker.webp' },
    ],
  ] as const)('has the file of a %s, too', (name, expected, file) => {
    const [event] = ofSample(`whatsapp.message.received.${name}`);
    if (event?.type !== 'message.inbound') throw new Error(`it became ${event?.type}`);
    const { id, channelMessageId, chatId, direction, from, to, sentAt, ...content } = event.data.message;
    expect(content).toEqual({ ...expected, media: [{ ...file, sizeBytes: 204800 }] });
  });

  it('may be one of several, which are of one conversation and have keys of their own', () => {
    const common = { type: 'message.inbound', account: number, ordering: chat.id };
    expect(ofSample('whatsapp.message.received.batch')).toMatchObject([
      { ...common, key: 'wamid.TESTK19', data: { message: { text: 'Hello,', from: customer }, chat } },
      { ...common, key: 'wamid.TESTK20', data: { message: { text: 'are you open?', from: customer }, chat } },
    ]);
  });

  it.each([
    [
      'a voice note',
      { type: 'audio', audio: { id: 'a1', voice: true } },
      { kind: 'audio', media: [{ kind: 'voice', id: 'a1' }] },
    ],
    [
      'a document with a checksum',
      { type: 'document', document: { id: 'd1', filename: 'a.pdf', sha256: `${'A'.repeat(42)}8=` } },
      { kind: 'document', media: [{ id: 'd1', filename: 'a.pdf', sha256: `${'0'.repeat(62)}0f` }] },
    ],
    [
      'a place',
      { type: 'location', location: { latitude: 1.5, longitude: -2, name: null, address: 'Here' } },
      { kind: 'location', location: { latitude: 1.5, longitude: -2, address: 'Here' } },
    ],
    ['a contact card', { type: 'contacts', contacts: [{ name: {} }] }, { kind: 'contacts', contacts: [{ name: {} }] }],
    [
      'a tapped button',
      { type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: 'b1', title: 'Yes' } } },
      { kind: 'button', text: 'Yes', interactive: { id: 'b1', title: 'Yes' } },
    ],
    [
      'a tapped button of a template',
      { type: 'button', button: { text: 'Yes', payload: 'b1' } },
      { kind: 'button', text: 'Yes', interactive: { id: 'b1', title: 'Yes' } },
    ],
    [
      'a row of a list',
      { type: 'interactive', interactive: { list_reply: { id: 'r1', title: 'Red', description: 'A rose' } } },
      { kind: 'interactive', text: 'Red', interactive: { id: 'r1', title: 'Red', description: 'A rose' } },
    ],
    [
      'a form',
      { type: 'interactive', interactive: { nfm_reply: { body: 'Sent', response_json: '{"size":"L"}' } } },
      { kind: 'interactive', text: 'Sent', interactive: { payload: { size: 'L' } } },
    ],
    [
      'a form that is no JSON',
      { type: 'interactive', interactive: { nfm_reply: { response_json: '{size' } } },
      { kind: 'interactive', interactive: { payload: '{size' } },
    ],
    [
      'a form of a depth that would overflow the stack of whatever walks it',
      { type: 'interactive', interactive: { nfm_reply: { response_json: '['.repeat(5000) + ']'.repeat(5000) } } },
      { kind: 'interactive', interactive: { payload: '['.repeat(5000) + ']'.repeat(5000) } },
    ],
    [
      'a file with a checksum that is none',
      { type: 'image', image: { id: 'i1', sha256: '!' } },
      { kind: 'image', media: [{ id: 'i1' }] },
    ],
    [
      'an order',
      {
        type: 'order',
        order: {
          catalog_id: 'c1',
          text: 'Please',
          product_items: [{ product_retailer_id: 'p1', quantity: 2, item_price: 4.5, currency: 'EUR' }],
        },
      },
      {
        kind: 'order',
        text: 'Please',
        order: { catalogId: 'c1', items: [{ productId: 'p1', quantity: 2, price: 4.5, currency: 'EUR' }] },
      },
    ],
    [
      'a question about a product, passed on',
      {
        type: 'text',
        text: { body: 'This one?' },
        context: { forwarded: true, referred_product: { catalog_id: 'c1', product_retailer_id: 'p1' } },
      },
      { kind: 'text', text: 'This one?', forwarded: true, product: { id: 'p1', catalogId: 'c1' } },
    ],
    [
      'something that WhatsApp does not pass on',
      {
        type: 'unsupported',
        errors: [{ code: 131051, title: 'Message type unknown', error_data: { details: 'Poll' } }],
      },
      { kind: 'unsupported', error: { code: '131051', message: 'Message type unknown', details: 'Poll' } },
    ],
    ['nothing but an id', {}, { kind: 'unknown' }],
  ])('may be %s', (_, message, expected) => {
    expect(messageOf(message)).toEqual({
      id: 'wamid.T1',
      channelMessageId: 'wamid.T1',
      direction: 'inbound',
      ...expected,
    });
  });

  it('may be a reaction, or one taken back', () => {
    expect(ofSample('whatsapp.message.received.reaction')).toMatchObject([
      {
        type: 'message.reaction',
        key: 'reaction:wamid.TESTK07',
        data: { messageId: 'wamid.TESTK10', channelMessageId: 'wamid.TESTK10', emoji: '👍', from: customer, chat },
      },
    ]);
    for (const emoji of [undefined, null, '']) {
      const reaction = { message_id: 'wamid.T0', ...(emoji !== undefined && { emoji }) };
      expect(received({ type: 'reaction', reaction })).toMatchObject([{ data: { emoji: null } }]);
    }
  });

  it('is known by its user id where the number is hidden, and by what WhatsApp says where Kapso says nothing', () => {
    const conversation = { id: 'c1', business_scoped_user_id: 'NL.1', username: 'mirte' };
    expect(received({ type: 'text' }, { conversation })).toMatchObject([
      { data: { message: { from: { channelUserId: 'NL.1', username: 'mirte' } } } },
    ]);
    expect(messageOf({ from: '31600000001' }).from).toEqual({ phone: '+31600000001', channelUserId: '31600000001' });
    expect(messageOf({})).not.toHaveProperty('from');
  });

  it('is history when Kapso imported it, and outbound when the business wrote it', () => {
    const kapso = { origin: 'history_sync', direction: 'outbound' };
    expect(received({ type: 'text', text: { body: 'Hi' }, kapso }, { phone_number_id: 5 })).toMatchObject([
      { type: 'message.outbound', mode: 'history', data: { message: { direction: 'outbound', from: { id: '5' } } } },
    ]);
  });

  it('is read in version 1 as well', () => {
    const message = {
      id: '550e8400-e29b-41d4-a716-446655440000',
      whatsapp_message_id: 'wamid.T9',
      message_type: 'text',
      content: 'Hello!',
      direction: 'inbound',
      created_at: '2026-06-10T08:15:30Z',
    };
    const conversation = { id: 'c1', phone_number: '+31600000001', status: 'active', contact_name: 'Mirte' };
    const payload = { message, conversation, whatsapp_config: { id: 'cfg', phone_number_id: number } };
    expect(normalized(payload, 'whatsapp.message.received')).toMatchObject([
      {
        account: number,
        key: message.id,
        occurredAt: '2026-06-10T08:15:30.000Z',
        data: {
          message: {
            id: message.id,
            channelMessageId: 'wamid.T9',
            kind: 'text',
            text: 'Hello!',
            from: { phone: '+31600000001', name: 'Mirte' },
            to: { id: number },
          },
        },
      },
    ]);
    // Of other kinds the content is Kapso's description.
    const image = { ...payload, message: { ...message, message_type: 'image', content: 'Image attached (a.jpg)' } };
    expect(normalized(image, 'whatsapp.message.received')[0]?.data).not.toHaveProperty('message.text');
  });
});

describe('a message that the business sent through Kapso', () => {
  it('is told with its status, and with what the business gave to find it by', () => {
    const [message, status] = ofSample('whatsapp.message.sent');
    expect(message).toMatchObject({
      type: 'message.outbound',
      key: 'wamid.TESTK10',
      data: { message: { direction: 'outbound', text: 'Yes, from noon.', from: { id: number }, to: customer } },
    });
    expect(status).toEqual({
      type: 'message.status',
      providerEvent: 'whatsapp.message.sent',
      key: 'status:wamid.TESTK10:sent',
      account: number,
      occurredAt: '2026-06-10T08:16:30.000Z',
      ordering: 'conv_TEST01',
      mode: undefined,
      data: {
        messageId: 'wamid.TESTK10',
        channelMessageId: 'wamid.TESTK10',
        status: 'sent',
        recipient: customer,
        at: '2026-06-10T08:16:30.000Z',
        pricing: { billable: true, category: 'utility', type: 'regular', model: 'PMP' },
        reference: 'order-17',
        chat,
      },
    });
  });

  it('has one event for each status, taken from the history that comes with it', () => {
    const statuses = [
      { status: 'sent', timestamp: '1781079390', recipient_id: '31600000001' },
      { status: 'delivered', timestamp: '1781079400', recipient_id: '31600000001' },
      { status: 'read', timestamp: '1781079410', recipient_id: '31600000001' },
    ];
    const payload = { message: { id: 'wamid.T1', timestamp: '1781079390', kapso: { statuses } } };
    const read = (event: string) => normalized(payload, event)[0];
    expect(read('whatsapp.message.delivered')).toMatchObject({
      key: 'status:wamid.T1:delivered',
      data: { status: 'delivered', at: '2026-06-10T08:16:40.000Z', recipient: { phone: '+31600000001' } },
    });
    expect(read('whatsapp.message.read')).toMatchObject({
      key: 'status:wamid.T1:read',
      data: { status: 'read', at: '2026-06-10T08:16:50.000Z' },
    });
  });

  it('says why it failed', () => {
    expect(ofSample('whatsapp.message.failed')).toMatchObject([
      {
        data: {
          status: 'failed',
          error: {
            code: '131047',
            message: 'More than 24 hours have passed since the recipient last replied',
            details: 'Send a template instead',
          },
        },
      },
    ]);
    expect(normalized({ message: { id: 'wamid.T1' } }, 'whatsapp.message.failed')).toMatchObject([
      { data: { messageId: 'wamid.T1', status: 'failed' } },
    ]);
  });

  it('says nothing of an error once it has got through', () => {
    const statuses = [{ status: 'delivered', errors: [{ code: 1, title: 'Late' }] }];
    const [event] = normalized({ message: { id: 'wamid.T1', kapso: { statuses } } }, 'whatsapp.message.delivered');
    expect(event?.data).toEqual({ messageId: 'wamid.T1', channelMessageId: 'wamid.T1', status: 'delivered' });
  });
});

describe('what else Kapso tells', () => {
  it('is a conversation that began, and one that ended', () => {
    expect(ofSample('whatsapp.conversation.created')).toMatchObject([
      {
        type: 'chat.created',
        key: 'conversation.created:conv_TEST01',
        occurredAt: '2026-06-10T08:15:00.000Z',
        data: { chat, contact: customer },
      },
    ]);
    expect(ofSample('whatsapp.conversation.ended')).toMatchObject([
      {
        type: 'chat.updated',
        key: 'conversation.ended:conv_TEST01:2026-06-11T08:15:30Z',
        data: { chat: { id: 'conv_TEST01', status: 'ended' } },
      },
    ]);
  });

  it('is a conversation where nobody writes, once for each limit, which the model has nothing for', () => {
    expect(ofSample('whatsapp.conversation.inactive')).toEqual([
      {
        type: 'unknown',
        providerEvent: 'whatsapp.conversation.inactive',
        key: 'whatsapp.conversation.inactive:conv_TEST01:msg_TEST01:60',
        data: { reason: 'not_modelled' },
      },
    ]);
  });

  it('is told again when it happens again, also where Kapso says no time', () => {
    const keyOf = (event: string, payload: JsonObject) => normalized(payload, event)[0]?.key;
    const ended = (last: number) => ({ conversation: { id: 'c1', kapso: { messages_count: last } } });
    expect(keyOf('whatsapp.conversation.ended', ended(1))).not.toBe(keyOf('whatsapp.conversation.ended', ended(2)));
    const handoff = (reason: string) => ({
      event: 'workflow.execution.handoff',
      workflow_execution_id: 'w1',
      handoff: { reason },
    });
    expect(keyOf('', handoff('a'))).not.toBe(keyOf('', handoff('b')));
  });

  it('is a number that was connected, as often as it is', () => {
    const payload = { phone_number_id: number };
    const connected = (request?: string) => normalized(payload, 'whatsapp.phone_number.created', request)[0];
    expect(connected('r1')).toMatchObject({
      type: 'account.updated',
      account: number,
      key: contentKey('phone_number.created:r1', payload),
      data: { change: 'phone_number.created', payload },
    });
    expect(connected('r2')?.key).not.toBe(connected('r1')?.key);
    expect(connected()?.key).toBe(contentKey('phone_number.created', payload));
    const legacy = { whatsapp_config: { phone_number_id: number } };
    expect(normalized(legacy, 'whatsapp.config.created')).toMatchObject([{ account: number }]);
  });

  it('is a workflow that failed, or that needs a human', () => {
    const { payload } = samples['workflow.execution.handoff'];
    // The body names its event; what an unsigned header says does not count.
    expect(normalized(payload, 'whatsapp.message.read')).toMatchObject([
      {
        type: 'account.updated',
        providerEvent: 'workflow.execution.handoff',
        ordering: 'conv_TEST01',
        occurredAt: '2026-06-10T12:00:00.000Z',
        data: { change: 'workflow.execution.handoff', payload },
      },
    ]);
  });
});

describe('a batch of Kapso', () => {
  const item = (id: string, conversation: JsonValue = { id: 'c1' }): JsonObject => ({
    message: { id, type: 'text', text: { body: id } },
    conversation,
  });
  const batch = (...data: JsonValue[]) => ({ type: 'whatsapp.message.received', batch: true, data });

  it('is as many events as messages, each with its own object and key', () => {
    const items = [item('wamid.T1'), item('wamid.T2')];
    const events = provider.normalize(batch(...items), deliveryOf('something.else', 'r1'));
    expect(events.map(({ key, raw, providerEvent }) => [key, raw, providerEvent])).toEqual([
      ['wamid.T1', items[0], 'whatsapp.message.received'],
      ['wamid.T2', items[1], 'whatsapp.message.received'],
    ]);
    expect(events.map(({ key }) => key)).toEqual(
      items.map((one) => normalized(one, 'whatsapp.message.received')[0]?.key),
    );
  });

  it('knows our number where an item has it in the message alone', () => {
    const { conversation } = item('wamid.T1');
    const message = { id: 'wamid.T1', type: 'text', kapso: { phone_number_id: number } };
    expect(normalized(batch({ message, conversation: conversation ?? null }))).toMatchObject([
      { account: number, data: { message: { to: { id: number } }, chat: { id: 'c1', integrationId: number } } },
    ]);
  });

  it('loses no message beside one that cannot be read', () => {
    const broken = item('wamid.T2', { id: {} });
    const events = normalized(batch(item('wamid.T1'), broken, null, 'x', item('wamid.T3')));
    expect(events.map(({ type, key }) => [type, key])).toEqual([
      ['message.inbound', 'wamid.T1'],
      ['unknown', 'whatsapp.message.received:wamid.T2'],
      ['unknown', contentKey('whatsapp.message.received', null)],
      ['unknown', contentKey('whatsapp.message.received', 'x')],
      ['message.inbound', 'wamid.T3'],
    ]);
    expect(events[1]?.data).toMatchObject({ reason: 'invalid_payload' });
  });

  it('keeps things apart that have no id but that of the request', () => {
    const data = [{ project: { id: 'p1' } }, { project: { id: 'p2' } }];
    const payload = { type: 'whatsapp.config.created', batch: true, data };
    const events = normalized(payload, 'whatsapp.config.created', 'r1');
    expect(new Set(events.map(({ key }) => key)).size).toBe(2);
  });

  it('that holds nothing, or is none, goes on whole', () => {
    for (const payload of [batch(), { ...batch(), data: {} }, { batch: true }]) {
      expect(normalized(payload)).toMatchObject([{ type: 'unknown' }]);
    }
  });
});

describe('what Kapso’s documentation does not know', () => {
  it('is passed on under the key of its request, or by its content', () => {
    const payload = { message: { id: 'wamid.T1' } };
    expect(normalized(payload, 'whatsapp.message.pinned', 'r1')).toMatchObject([
      { type: 'unknown', key: 'whatsapp.message.pinned:r1', data: { reason: 'unknown_event' } },
    ]);
    expect(normalized(payload, 'whatsapp.message.pinned')).toMatchObject([
      { key: contentKey('whatsapp.message.pinned', payload) },
    ]);
    expect(normalized(payload)).toMatchObject([{ type: 'unknown', providerEvent: '' }]);
  });

  it('never throws, whatever JSON comes under whichever name', () => {
    const names = Object.keys(samples).map((name) => name.split('.').slice(0, 3).join('.'));
    const name = fc.constantFrom(...names, '__proto__', '');
    const message = fc.dictionary(
      fc.constantFrom('id', 'type', 'text', 'image', 'context', 'kapso', 'reaction', 'interactive', 'timestamp'),
      fc.jsonValue(),
    );
    const event = fc.record(
      { message, conversation: fc.jsonValue(), data: fc.array(fc.jsonValue()) },
      { requiredKeys: [] },
    );
    const batch = fc.record({
      type: name,
      batch: fc.constant(true),
      data: fc.array(fc.oneof(event, fc.jsonValue()), { minLength: 1 }),
    });
    const property = fc.property(name, fc.oneof(event, batch, fc.jsonValue()), (header, payload) => {
      const received: unknown = JSON.parse(JSON.stringify(payload));
      const events = normalized(received, header, 'r1');
      expect(events.length).toBeGreaterThan(0);
      for (const event of events) {
        expect(event.key).toMatch(/./);
        if (event.type === 'unknown') expect(event.data.reason).not.toBe('normalize_failed');
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });
});
