import {
  type ChatEvent,
  type ChatwootOptions,
  chatwoot,
  contentKey,
  createReceiver,
  type Delivery,
  type JsonObject,
} from '@chathooks/core';
import { assertFitsCatalog, assertSurvivesJson, createTestClock, deliver } from '@chathooks/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordLogs, send } from '../harness.ts';

const provider = chatwoot({ secret: 'secret' });
const { events: samples } = chatwoot.samples;

function deliveryOf(id?: string): Delivery {
  const header = (name: string) => (name === 'x-chatwoot-delivery' ? id : undefined);
  return { receivedAt: '2026-06-10T09:00:00.000Z', connection: undefined, header };
}

/** What Chatwoot's payload becomes, without `raw`, which must be the payload itself. */
function normalized(payload: unknown, id?: string) {
  return provider.normalize(payload, deliveryOf(id)).map(({ raw, ...event }) => {
    expect(raw).toBe(payload);
    assertFitsCatalog(event);
    assertSurvivesJson(event.data);
    return event;
  });
}
const ofSample = (name: keyof typeof samples, id?: string) => normalized(samples[name].payload, id);

const contact = {
  id: '14',
  name: 'Mirte Vos',
  phone: '+31600000001',
  email: 'mirte@example.org',
  company: 'Vos BV',
  country: 'NL',
  photoUrl: 'https://example.com/mirte.jpg',
  fields: { plan: 'premium' },
};
const customer = { id: '14', name: 'Mirte Vos', phone: '+31600000001' };
const inbox = { id: '3', name: 'WhatsApp' };
const chat = {
  id: '10',
  kind: 'private',
  channel: 'whatsapp',
  channelChatId: '31600000001',
  integrationId: '3',
  title: 'Mirte Vos',
  contactId: '14',
  status: 'open',
  assigneeId: null,
  createdAt: '2026-06-10T08:15:00.000Z',
  updatedAt: '2026-06-10T08:15:30.250Z',
};

/** The message of `message_created` with little more than what is given. */
const messageOf = (fields: JsonObject) => {
  const payload = { event: 'message_created', id: 1, message_type: 'incoming', ...fields };
  const [event] = normalized(payload);
  if (event?.type !== 'message.inbound' && event?.type !== 'message.outbound')
    throw new Error(`it became ${event?.type}`);
  return event.data.message;
};

describe('a message in Chatwoot', () => {
  it('comes from the customer, with the conversation and the contact that it belongs to', () => {
    expect(ofSample('message_created', 'd1')).toEqual([
      {
        type: 'message.inbound',
        providerEvent: 'message_created',
        key: 'message_created:118',
        account: '7',
        occurredAt: '2026-06-10T08:15:30.000Z',
        ordering: '10',
        data: {
          message: {
            id: '118',
            channelMessageId: 'wamid.TESTC118',
            chatId: '10',
            direction: 'inbound',
            kind: 'text',
            text: 'Is the shop open on Sunday? ☀️',
            replyTo: { messageId: '117' },
            from: customer,
            to: inbox,
            sentAt: '2026-06-10T08:15:30.000Z',
          },
          chat,
          contact,
        },
      },
    ]);
  });

  it('goes to the customer from the inbox, whoever of the team, or whatever, wrote it', () => {
    expect(ofSample('message_created (outgoing)')).toMatchObject([
      {
        type: 'message.outbound',
        data: { message: { direction: 'outbound', text: 'Yes, from noon.', from: inbox, to: customer }, contact },
      },
    ]);
    expect(messageOf({ message_type: 'template', content: 'Hello!' })).toMatchObject({ direction: 'outbound' });
  });

  it('never looks sent when it is a note of the team, or a line of the log', () => {
    const internal = [
      { private: true, message_type: 'outgoing' },
      { private: true, message_type: 'incoming' },
      { private: false, message_type: 'activity' },
    ];
    for (const fields of internal) {
      for (const event of ['message_created', 'message_updated']) {
        expect(normalized({ event, id: 1, content: 'A regular.', ...fields })).toMatchObject([
          { type: 'unknown', data: { reason: 'not_modelled' } },
        ]);
      }
    }
    // What cannot be told apart is not taken for a message.
    for (const fields of [{ private: 'true', message_type: 'outgoing' }, { message_type: 'whisper' }, {}]) {
      expect(normalized({ event: 'message_created', id: 1, ...fields })).toMatchObject([
        { type: 'unknown', data: { reason: 'invalid_payload' } },
      ]);
    }
  });

  it('may carry files', () => {
    const attachments = [
      { id: 31, file_type: 'image', data_url: 'https://example.com/1.jpg', file_size: 9 },
      { id: 32, file_type: 'file', file_url: 'https://example.com/2.pdf' },
      { id: 33, file_type: 'fallback' },
    ];
    expect(messageOf({ attachments })).toMatchObject({
      kind: 'image',
      media: [
        { kind: 'image', id: '31', url: 'https://example.com/1.jpg', sizeBytes: 9 },
        { kind: 'document', id: '32', url: 'https://example.com/2.pdf' },
      ],
    });
  });

  it.each([
    ['audio', 'audio', ['audio']],
    ['video', 'video', ['video']],
    ['file', 'document', ['document', 'image']],
  ] as const)('is of the kind of its first file: %s', (name, kind, kinds) => {
    const [event] = ofSample(`message_created (${name})`);
    if (event?.type !== 'message.inbound') throw new Error(`it became ${event?.type}`);
    const { message } = event.data;
    expect(message).toMatchObject({ kind, text: null });
    expect(message.media?.map((file) => file.kind)).toEqual(kinds);
    for (const { id, url, sizeBytes } of message.media ?? []) {
      expect({ url, sizeBytes }).toEqual({
        url: expect.stringContaining(`https://example.com/rails/active_storage/${id}/`),
        sizeBytes: 204800,
      });
    }
  });

  it('may be a place', () => {
    expect(ofSample('message_created (location)')).toMatchObject([
      { data: { message: { kind: 'location', location: { latitude: 52.09, longitude: 5.12, name: 'Shop' } } } },
    ]);
  });

  it.each([
    ['text', 'text'],
    [null, 'text'],
    ['input_select', 'interactive'],
    ['cards', 'interactive'],
    ['article', 'article'],
    ['incoming_email', 'incoming_email'],
  ])('of content type %s is of kind %s', (content_type, kind) => {
    expect(messageOf({ content_type })).toMatchObject({ kind });
  });

  it('has an id of its channel only where that is unique in the whole channel', () => {
    const idOn = (channel: string, source_id: string) =>
      messageOf({ source_id, conversation: { id: 1, channel } }).channelMessageId;
    expect(idOn('Channel::Whatsapp', 'wamid.T1')).toBe('wamid.T1');
    expect(idOn('Channel::FacebookPage', 'm_T1')).toBe('m_T1');
    expect(idOn('Channel::Instagram', 'aWdfT1')).toBe('aWdfT1');
    expect(idOn('Channel::Telegram', '1234')).toBeUndefined();
    expect(idOn('Channel::Api', 'mine')).toBeUndefined();
  });

  it('is read from the releases of 2020 too, where the contact stands apart', () => {
    const payload = {
      event: 'message_created',
      id: '1',
      content: 'Hi',
      created_at: '2020-03-03 13:05:57 UTC',
      message_type: 'incoming',
      contact: { id: '1', name: 'Mirte' },
      conversation: { display_id: '5' },
      account: { id: '1', name: 'Shop' },
    };
    expect(normalized(payload)).toMatchObject([
      {
        key: 'message_created:1',
        account: '1',
        ordering: '5',
        occurredAt: '2020-03-03T13:05:57.000Z',
        data: { message: { chatId: '5', from: { id: '1', name: 'Mirte' } }, chat: { id: '5' } },
      },
    ]);
  });

  it('is updated under the id of the delivery, since it may be changed and changed back', () => {
    expect(ofSample('message_updated', 'd1')).toMatchObject([
      { type: 'message.updated', key: 'message_updated:d1', data: { message: { id: '121', direction: 'outbound' } } },
    ]);
    const { payload } = samples.message_updated;
    expect(normalized(payload)[0]?.key).toBe(contentKey('message_updated', payload));
  });

  it('is updated with what the customer put into its form', () => {
    expect(ofSample('message_updated (form)')).toMatchObject([
      { data: { message: { kind: 'interactive', interactive: { payload: [{ title: 'Two', value: '2' }] } } } },
    ]);
  });

  it('is deleted once, and without the text that Chatwoot puts in its place', () => {
    const [event] = ofSample('message_updated (deleted)', 'd1');
    expect(event).toMatchObject({
      type: 'message.deleted',
      key: 'delete:123',
      data: { message: { id: '123', chatId: '10' } },
    });
    expect(event?.data).not.toHaveProperty('message.text');
  });
});

describe('a conversation in Chatwoot', () => {
  it('begins under its number in the account', () => {
    expect(ofSample('conversation_created', 'd1')).toEqual([
      {
        type: 'chat.created',
        providerEvent: 'conversation_created',
        key: 'conversation_created:7:10',
        account: '7',
        occurredAt: '2026-06-10T08:15:00.000Z',
        ordering: '10',
        data: { chat, contact },
      },
    ]);
    expect(normalized({ event: 'conversation_created', id: 10 }, 'd1')).toMatchObject([
      { key: 'conversation_created:d1' },
    ]);
    const messages = [{ account_id: 9 }];
    expect(normalized({ event: 'conversation_created', id: 10, messages })).toMatchObject([{ account: '9' }]);
  });

  it('changes its state and whom it is assigned to', () => {
    expect(ofSample('conversation_status_changed', 'd1')).toMatchObject([
      {
        type: 'chat.updated',
        key: 'conversation_status_changed:d1',
        occurredAt: '2026-06-10T08:15:30.250Z',
        data: { chat: { status: 'resolved', assigneeId: '5' }, previous: { status: 'open' } },
      },
    ]);
    expect(ofSample('conversation_updated')).toMatchObject([
      { data: { chat: { assigneeId: '5' }, previous: { assigneeId: null } } },
    ]);
    expect(ofSample('conversation_resolved')[0]?.data).not.toHaveProperty('previous');
  });

  it.each([
    ['Channel::WebWidget', '405f', 'webwidget'],
    ['Channel::FacebookPage', '1', 'messenger'],
    ['Channel::TwilioSms', '+31600000001', 'sms'],
    ['Channel::TwilioSms', 'whatsapp:+31600000001', 'whatsapp'],
    [null, null, undefined],
  ])('on %s with %s is on the channel %s', (channel, source_id, expected) => {
    const [event] = normalized({ event: 'conversation_opened', id: 1, channel, contact_inbox: { source_id } });
    expect(event?.data).toMatchObject({ chat: { id: '1' } });
    expect(event?.data).toHaveProperty('chat.kind', 'private');
    if (event?.type === 'chat.updated') expect(event.data.chat.channel).toBe(expected);
  });
});

describe('contacts and inboxes of Chatwoot', () => {
  it('are created under their ids and changed under those of the deliveries', () => {
    expect(ofSample('contact_created', 'd1')).toMatchObject([
      { type: 'contact.created', key: 'contact_created:14', account: '7', ordering: '14', data: { contact } },
    ]);
    expect(ofSample('contact_updated', 'd1')).toMatchObject([
      {
        type: 'contact.updated',
        key: 'contact_updated:d1',
        data: { contact, previous: { name: 'little-haze-776' } },
      },
    ]);
    expect(ofSample('inbox_updated', 'd1')).toMatchObject([
      {
        type: 'account.updated',
        key: 'inbox_updated:d1',
        account: '7',
        data: { change: 'inbox_updated', payload: { id: 3 } },
      },
    ]);
  });

  it('keep plain values of the fields that the team defined', () => {
    const payload = { event: 'contact_created', id: 1, custom_attributes: { a: 1, b: null, c: ['x'], d: { e: 1 } } };
    expect(normalized(payload)[0]?.data).toEqual({ contact: { id: '1', fields: { a: 1, b: null } } });
  });

  it('are read whatever form the list of changes has', () => {
    for (const changed_attributes of [null, [], {}, 'name', [null], [{ name: 'x' }], { name: ['a', 'b'] }]) {
      expect(normalized({ event: 'contact_updated', id: 1, changed_attributes })[0]?.data).toEqual({
        contact: { id: '1' },
      });
    }
  });
});

describe('what the model has nothing for', () => {
  it.each(['conversation_typing_on', 'conversation_typing_off', 'webwidget_triggered'] as const)('is %s', (name) => {
    expect(ofSample(name, 'd1')).toEqual([
      { type: 'unknown', providerEvent: name, key: `${name}:d1`, data: { reason: 'not_modelled' } },
    ]);
  });
});

describe('Chatwoot', () => {
  async function receive(options: ChatwootOptions, headers: Record<string, string | undefined> = {}, sentAt = 0) {
    const logs = recordLogs();
    const heard: ChatEvent[] = [];
    const clock = createTestClock();
    const receiver = createReceiver({
      providers: [chatwoot(options)],
      logger: logs.logger,
      clock,
      onEvent: (event) => void heard.push(event),
    });
    const sent = deliver.chatwoot('message_created', {}, { now: clock.now() + sentAt });
    return { status: (await send(receiver, sent, headers)).status, logs, heard };
  }
  const { secret } = chatwoot.samples;

  it('signs the time with the body, which limits replays', async () => {
    expect((await receive({ secret })).status).toBe(200);
    expect((await receive({ secret }, {}, -301_000)).status).toBe(401);
    expect((await receive({ secret, toleranceSeconds: 900 }, {}, -301_000)).status).toBe(200);
    const { logs, status } = await receive({ secret }, { 'x-chatwoot-timestamp': undefined });
    expect(status).toBe(401);
    expect(logs.lines[0]?.details).toMatchObject({ reason: 'missing_header' });
  });

  it('hears a message once, also when it is told to two webhooks or played back under another delivery', async () => {
    const clock = createTestClock();
    const heard: ChatEvent[] = [];
    const receiver = createReceiver({
      providers: [chatwoot({ secret })],
      clock,
      logger: false,
      onEvent: (event) => void heard.push(event),
    });
    const sent = deliver.chatwoot('message_created', {}, { now: clock.now() });
    for (const delivery of ['d1', 'd2']) {
      expect((await send(receiver, sent, { 'x-chatwoot-delivery': delivery })).status).toBe(200);
    }
    expect(heard).toHaveLength(1);
  });

  it('of an older release, which does not sign, is let in only when it is spelled out, with a warning', async () => {
    const unsigned = { 'x-chatwoot-signature': undefined, 'x-chatwoot-timestamp': undefined };
    expect((await receive({ secret }, unsigned)).status).toBe(401);
    const { status, logs } = await receive({ auth: { none: true } }, unsigned);
    expect(status).toBe(200);
    expect(logs.lines).toMatchObject([{ level: 'warn', details: { provider: 'chatwoot' } }]);
    for (const options of [{}, { auth: {} }, { auth: { none: false } }, { secret: '' }]) {
      expect(() => Reflect.apply(chatwoot, undefined, [options])).toThrow('missing_secret');
    }
  });

  it('never throws, and takes no note for a message, whatever JSON it sends', () => {
    const name = fc.constantFrom(...Object.values(samples).map(({ payload }) => payload.event), '__proto__', null);
    const fields = fc.dictionary(
      fc.constantFrom(
        'id',
        'message_type',
        'private',
        'conversation',
        'sender',
        'meta',
        'attachments',
        'changed_attributes',
      ),
      fc.oneof(fc.jsonValue(), fc.constantFrom('incoming', 'outgoing', 'activity', true, 1)),
    );
    const property = fc.property(name, fc.oneof(fields, fc.jsonValue()), (event, payload) => {
      const isObject = typeof payload === 'object' && payload !== null && !Array.isArray(payload);
      const received: unknown = JSON.parse(JSON.stringify(isObject ? { ...payload, event } : payload));
      const events = normalized(received, 'd1');
      expect(events).toHaveLength(1);
      for (const event of events) {
        expect(event.key).toMatch(/./);
        if (event.type === 'unknown') expect(event.data.reason).not.toBe('normalize_failed');
        if (event.type.startsWith('message.')) expect(received).not.toHaveProperty('private', true);
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });
});
