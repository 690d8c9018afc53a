import { type Delivery, twilio } from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import { hashKey, normalized } from './normalized.ts';

const provider = twilio({ authToken: 'token' });
const account = { AccountSid: 'AC1', ApiVersion: '2010-04-01' };
const received = { ...account, MessageSid: 'SM1', SmsSid: 'SM1', SmsMessageSid: 'SM1', SmsStatus: 'received' };
const sms = { ...received, From: '+15005550010', To: '+15005550006', NumMedia: '0', NumSegments: '1' };
const whatsapp = {
  ...received,
  From: 'whatsapp:+15005550010',
  To: 'whatsapp:+15005550006',
  WaId: '15005550010',
  ProfileName: 'Mirte Vos',
  NumMedia: '0',
};

/** The message of an incoming form. */
function messageOf(form: object): unknown {
  const [event] = normalized(provider, form);
  expect(event?.type).toBe('message.inbound');
  return event?.type === 'message.inbound' ? event.data.message : undefined;
}

describe('an incoming message', () => {
  it('is message.inbound between two numbers', () => {
    expect(normalized(provider, { ...sms, Body: 'Is it open?', FromCity: 'UTRECHT' })).toEqual([
      {
        type: 'message.inbound',
        providerEvent: 'incoming',
        key: 'SM1',
        account: 'AC1',
        ordering: '+15005550006:+15005550010',
        data: {
          message: {
            id: 'SM1',
            chatId: '+15005550006:+15005550010',
            direction: 'inbound',
            kind: 'text',
            text: 'Is it open?',
            from: { id: '+15005550010', channelUserId: '+15005550010', phone: '+15005550010' },
            to: { id: '+15005550006', phone: '+15005550006' },
          },
          chat: {
            id: '+15005550006:+15005550010',
            kind: 'private',
            channel: 'sms',
            channelChatId: '+15005550010',
            integrationId: '+15005550006',
          },
        },
      },
    ]);
  });

  it('names a person of WhatsApp by the ids of WhatsApp', () => {
    const [event] = normalized(provider, { ...whatsapp, Body: 'Hi', MessageType: 'text' });
    expect(event?.data).toEqual({
      message: {
        id: 'SM1',
        chatId: 'whatsapp:+15005550006:whatsapp:+15005550010',
        direction: 'inbound',
        kind: 'text',
        text: 'Hi',
        from: { id: '15005550010', channelUserId: '15005550010', phone: '+15005550010', name: 'Mirte Vos' },
        to: { id: 'whatsapp:+15005550006', phone: '+15005550006' },
      },
      chat: {
        id: 'whatsapp:+15005550006:whatsapp:+15005550010',
        kind: 'private',
        channel: 'whatsapp',
        channelChatId: '15005550010',
        integrationId: 'whatsapp:+15005550006',
      },
    });
    expect(messageOf({ ...whatsapp, ExternalUserId: 'whatsapp:NL.USER1' })).toMatchObject({
      from: { id: 'NL.USER1', channelUserId: 'NL.USER1', phone: '+15005550010' },
    });
    // Whose number is hidden is known by the other id alone.
    const { WaId: _, ...hidden } = { ...whatsapp, From: 'whatsapp:NL.USER1', ExternalUserId: 'whatsapp:NL.USER1' };
    expect(messageOf(hidden)).toMatchObject({
      from: { id: 'NL.USER1', channelUserId: 'NL.USER1', name: 'Mirte Vos' },
      chatId: 'whatsapp:+15005550006:whatsapp:NL.USER1',
    });
    expect(JSON.stringify(messageOf(hidden))).not.toContain('"phone":"+1500555001');
  });

  it('is one even if it tells its status by the name that other statuses have', () => {
    expect(normalized(provider, { ...sms, Body: 'Hi', MessageStatus: 'received' })).toEqual(
      normalized(provider, { ...sms, Body: 'Hi' }),
    );
  });

  it.each([
    [
      'rcs:+15005550010',
      'rcs:agent',
      'rcs',
      { id: '+15005550010', channelUserId: '+15005550010', phone: '+15005550010' },
    ],
    ['messenger:700', 'messenger:800', 'messenger', { id: '700', channelUserId: '700' }],
    ['12345', '+15005550006', 'sms', { id: '12345', channelUserId: '12345' }],
    ['ACME', '+15005550006', 'sms', { id: 'ACME', channelUserId: 'ACME' }],
  ])('reads the address %s', (From, To, channel, from) => {
    const [event] = normalized(provider, { ...sms, From, To });
    expect(event).toMatchObject({
      ordering: `${To}:${From}`,
      data: { chat: { channel }, message: { from, to: { id: To } } },
    });
    expect(event?.type === 'message.inbound' && event.data.message.from).toEqual(from);
  });

  it('holds its media in their order, with a kind each where there are several', () => {
    const one = { NumMedia: '1', MediaUrl0: 'https://api.example/1', MediaContentType0: 'audio/ogg' };
    expect(messageOf({ ...whatsapp, MessageType: 'audio', ...one })).toMatchObject({
      kind: 'audio',
      media: [{ url: 'https://api.example/1', mimeType: 'audio/ogg' }],
    });
    const eleven = Array.from({ length: 11 }, (_, index) => [
      [`MediaContentType${10 - index}`, index === 10 ? 'IMAGE/PNG' : 'text/vcard'],
      [`MediaUrl${10 - index}`, `https://api.example/${10 - index}`],
    ]).flat();
    const message = messageOf({ ...sms, Body: 'Look', NumMedia: '11', ...Object.fromEntries(eleven) });
    expect(message).toMatchObject({ kind: 'image', text: 'Look' });
    expect(message).toMatchObject({
      media: Array.from({ length: 11 }, (_, index) => ({
        kind: index === 0 ? 'image' : 'document',
        url: `https://api.example/${index}`,
        mimeType: index === 0 ? 'image/png' : 'text/vcard',
      })),
    });
  });

  it.each([
    ['image/jpeg', 'image'],
    ['audio/amr', 'audio'],
    ['video/3gpp', 'video'],
    ['application/pdf', 'document'],
  ])('has the kind of its %s, if it is no message of WhatsApp', (mimeType, kind) => {
    const medium = { NumMedia: '1', MediaUrl0: 'https://api.example/1', MediaContentType0: mimeType };
    expect(messageOf({ ...sms, Body: '', ...medium })).toEqual({
      id: 'SM1',
      chatId: '+15005550006:+15005550010',
      direction: 'inbound',
      kind,
      media: [{ url: 'https://api.example/1', mimeType }],
      from: { id: '+15005550010', channelUserId: '+15005550010', phone: '+15005550010' },
      to: { id: '+15005550006', phone: '+15005550006' },
    });
  });

  it('does not trust the count of media, nor need both names of one', () => {
    const odd = { NumMedia: 'many', MediaUrl3: 'https://api.example/3', MediaContentType7: 'video/mp4', MediaUrl8: '' };
    expect(messageOf({ ...sms, ...odd })).toMatchObject({
      kind: 'document',
      media: [
        { kind: 'document', url: 'https://api.example/3' },
        { kind: 'video', mimeType: 'video/mp4' },
      ],
    });
    expect(messageOf({ ...sms, NumMedia: '2' })).not.toHaveProperty('media');
  });

  it.each(['sticker', 'CONTACTS', 'document', 'reaction'])('has the kind that WhatsApp names: %s', (MessageType) => {
    const media = { MediaUrl0: 'https://api.example/1', MediaContentType0: 'image/webp' };
    expect(messageOf({ ...whatsapp, MessageType, ...media })).toMatchObject({ kind: MessageType.toLowerCase() });
    expect(messageOf({ ...whatsapp, MessageType: 'text', ...media })).toMatchObject({ kind: 'image' });
  });

  it('is a button when one was tapped, answering the message that had it', () => {
    const tap = { MessageType: 'interactive', ButtonText: 'Yes', ButtonPayload: 'confirm-42' };
    expect(messageOf({ ...whatsapp, ...tap, Body: 'Yes', OriginalRepliedMessageSid: 'MM7' })).toMatchObject({
      kind: 'button',
      text: 'Yes',
      interactive: { id: 'confirm-42', title: 'Yes' },
      replyTo: { messageId: 'MM7' },
    });
    expect(messageOf({ ...whatsapp, ButtonText: 'Yes' })).toMatchObject({
      kind: 'button',
      text: 'Yes',
      interactive: { title: 'Yes' },
    });
    expect(messageOf({ ...whatsapp, MessageType: 'interactive', Body: 'Row 1' })).toMatchObject({
      kind: 'interactive',
    });
  });

  it('holds a place in numbers, or none', () => {
    const place = { Latitude: '52.0907', Longitude: '-5.1214', Address: 'Domplein 1', Label: 'Dom' };
    expect(messageOf({ ...whatsapp, ...place })).toMatchObject({
      kind: 'location',
      location: { latitude: 52.0907, longitude: -5.1214, address: 'Domplein 1', name: 'Dom' },
    });
    for (const Latitude of ['', 'north', 'Infinity']) {
      expect(messageOf({ ...whatsapp, ...place, Latitude })).not.toHaveProperty('location');
    }
  });

  it('holds the advertisement that led to it, and whether it was passed on', () => {
    const referral = {
      ReferralSourceId: '1',
      ReferralSourceType: 'ad',
      ReferralSourceUrl: 'https://fb.example/ad',
      ReferralHeadline: 'Sale',
      ReferralBody: 'Half price',
      ReferralCtwaClid: 'CLICK1',
      ReferralNumMedia: '0',
    };
    expect(messageOf({ ...whatsapp, ...referral, Forwarded: 'true' })).toMatchObject({
      forwarded: true,
      referral: {
        sourceId: '1',
        sourceType: 'ad',
        sourceUrl: 'https://fb.example/ad',
        headline: 'Sale',
        body: 'Half price',
        clickId: 'CLICK1',
      },
    });
    expect(messageOf({ ...whatsapp, FrequentlyForwarded: 'true' })).toMatchObject({ forwarded: true });
    const plain = messageOf({ ...whatsapp, ReferralNumMedia: '0', Forwarded: 'false', FrequentlyForwarded: 'false' });
    expect(plain).not.toHaveProperty('forwarded');
    expect(plain).not.toHaveProperty('referral');
  });

  it.each([
    ['STOP', false],
    ['Start', true],
  ])('with OptOutType %s tells of the contact too', (OptOutType, subscribed) => {
    expect(normalized(provider, { ...sms, Body: 'x', OptOutType })).toMatchObject([
      { type: 'message.inbound', key: 'SM1' },
      {
        type: 'contact.updated',
        key: 'optout:SM1',
        account: 'AC1',
        ordering: '+15005550010',
        data: { contact: { id: '+15005550010', phone: '+15005550010', subscribed } },
      },
    ]);
  });

  it.each(['HELP', '', 'CONSTRUCTOR'])('with OptOutType %j is a message and no more', (OptOutType) => {
    expect(normalized(provider, { ...sms, OptOutType })).toHaveLength(1);
  });
});

describe('a status callback', () => {
  const callback = { ...account, MessageSid: 'SM2', SmsSid: 'SM2', From: '+15005550006', To: '+15005550010' };

  it('is message.status', () => {
    const form = {
      ...callback,
      MessageStatus: 'undelivered',
      SmsStatus: 'undelivered',
      ErrorCode: '30005',
      ErrorMessage: 'Unknown handset',
    };
    expect(normalized(provider, form)).toEqual([
      {
        type: 'message.status',
        providerEvent: 'status.undelivered',
        key: 'status:SM2:undelivered',
        account: 'AC1',
        ordering: '+15005550006:+15005550010',
        data: {
          messageId: 'SM2',
          status: 'failed',
          recipient: { id: '+15005550010', channelUserId: '+15005550010', phone: '+15005550010' },
          error: { code: '30005', message: 'Unknown handset' },
          chat: {
            id: '+15005550006:+15005550010',
            kind: 'private',
            channel: 'sms',
            channelChatId: '+15005550010',
            integrationId: '+15005550006',
          },
        },
      },
    ]);
  });

  it.each([
    ['accepted', 'queued'],
    ['scheduled', 'queued'],
    ['queued', 'queued'],
    ['sending', 'queued'],
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['read', 'read'],
    ['undelivered', 'failed'],
    ['failed', 'failed'],
    ['canceled', 'failed'],
  ])('with %s says %s, under a key of its own', (MessageStatus, status) => {
    const expected = [{ type: 'message.status', key: `status:SM2:${MessageStatus}`, data: { status } }];
    expect(normalized(provider, { ...callback, MessageStatus })).toMatchObject(expected);
    // Not every callback has both names.
    expect(normalized(provider, { ...callback, SmsStatus: MessageStatus })).toMatchObject(expected);
  });

  it.each(['partially_delivered', 'vanished'])('with %s is unknown, and says why', (MessageStatus) => {
    const form = { ...callback, MessageStatus };
    expect(normalized(provider, form)).toEqual([
      {
        type: 'unknown',
        providerEvent: `status.${MessageStatus}`,
        key: hashKey(`status.${MessageStatus}`, form),
        data: {
          reason: 'invalid_payload',
          issues: [{ path: 'MessageStatus', message: 'Expected a status that is documented' }],
        },
      },
    ]);
  });

  it.each(['received', 'receiving'])('with %s is of no message that was sent', (MessageStatus) => {
    expect(normalized(provider, { ...callback, MessageStatus })).toMatchObject([
      { type: 'unknown', data: { reason: 'not_modelled' } },
    ]);
  });

  it('without the message is unknown', () => {
    expect(normalized(provider, { MessageStatus: 'sent' })).toMatchObject([
      { type: 'unknown', data: { reason: 'invalid_payload', issues: [{ path: 'MessageSid' }] } },
    ]);
  });

  it('names the person by the id that their own messages carry', () => {
    const form = { ...callback, From: 'whatsapp:+15005550006', To: 'whatsapp:+15005550010', MessageStatus: 'sent' };
    expect(normalized(provider, form)).toMatchObject([
      {
        ordering: 'whatsapp:+15005550006:whatsapp:+15005550010',
        data: { recipient: { id: '15005550010', phone: '+15005550010' }, chat: { channel: 'whatsapp' } },
      },
    ]);
  });

  it('names a person whose number is hidden by the id alone, in the chat of their messages', () => {
    const hidden = 'whatsapp:NL.USER1';
    const form = { ...callback, From: whatsapp.To, To: hidden, ExternalUserId: hidden, MessageStatus: 'delivered' };
    const [status] = normalized(provider, form);
    expect(status?.data).toEqual({
      messageId: 'SM2',
      status: 'delivered',
      recipient: { id: 'NL.USER1', channelUserId: 'NL.USER1' },
      chat: {
        id: 'whatsapp:+15005550006:whatsapp:NL.USER1',
        kind: 'private',
        channel: 'whatsapp',
        channelChatId: 'NL.USER1',
        integrationId: 'whatsapp:+15005550006',
      },
    });
    const [message] = normalized(provider, { ...received, From: hidden, To: whatsapp.To, ExternalUserId: hidden });
    expect(message?.data).toMatchObject({ chat: { id: 'whatsapp:+15005550006:whatsapp:NL.USER1' } });
    expect(message?.ordering).toBe(status?.ordering);
  });

  it('says that a message was read when only the event type does', () => {
    const read = { data: { status: 'read' }, key: 'status:SM2:read', providerEvent: 'status.read' };
    expect(normalized(provider, { ...callback, EventType: 'READ' })).toMatchObject([read]);
    expect(normalized(provider, { ...callback, EventType: 'READ', MessageStatus: 'delivered' })).toMatchObject([read]);
    expect(normalized(provider, { ...callback, EventType: 'READ', MessageStatus: 'read' })).toMatchObject([read]);
    expect(normalized(provider, { ...callback, EventType: 'DELIVERED', MessageStatus: 'read' })).toMatchObject([read]);
    const failed = { ...callback, EventType: 'DELIVERED', MessageStatus: 'failed' };
    expect(normalized(provider, failed)).toMatchObject([{ data: { status: 'failed' } }]);
    expect(normalized(provider, { ...callback, EventType: 'READ', MessageStatus: 'odd' })).toMatchObject([
      { type: 'unknown' },
    ]);
  });

  it('holds the error of a failure only, with the words of the channel', () => {
    const error = { ErrorCode: '63016', ChannelStatusMessage: 'Outside the window' };
    expect(normalized(provider, { ...callback, MessageStatus: 'failed', ...error })).toMatchObject([
      { data: { error: { code: '63016', details: 'Outside the window' } } },
    ]);
    expect(normalized(provider, { ...callback, MessageStatus: 'sent', ...error })[0]?.data).not.toHaveProperty('error');
    const without = normalized(provider, { ...callback, MessageStatus: 'failed', ErrorCode: '' });
    expect(without[0]?.data).not.toHaveProperty('error');
  });

  it('holds the time of the carrier, if it is one', () => {
    const at = (RawDlrDoneDate: string) =>
      normalized(provider, { ...callback, MessageStatus: 'delivered', RawDlrDoneDate })[0]?.data;
    expect(at('2606100816')).toMatchObject({ at: '2026-06-10T08:16:00.000Z' });
    for (const wrong of ['', '260610081', '2699100816', 'yesterday']) expect(at(wrong)).not.toHaveProperty('at');
  });

  it('is ordered by its message while no sender is chosen', () => {
    const { From: _, ...unsent } = callback;
    const [event] = normalized(provider, { ...unsent, MessageStatus: 'accepted' });
    expect(event).toMatchObject({ ordering: 'SM2', data: { recipient: { phone: '+15005550010' } } });
    expect(event?.data).not.toHaveProperty('chat');
  });
});

describe('what other products of Twilio send', () => {
  it('is unknown, under the name that it has', () => {
    const added = {
      EventType: 'onMessageAdded',
      ConversationSid: 'CH1',
      MessageSid: 'IM1',
      Author: 'mirte',
      Body: 'Hi',
    };
    expect(normalized(provider, added)).toEqual([
      {
        type: 'unknown',
        providerEvent: 'onMessageAdded',
        key: hashKey('onMessageAdded', added),
        data: { reason: 'unknown_event' },
      },
    ]);
    expect(normalized(provider, { CallSid: 'CA1', From: '+15005550010' })).toMatchObject([{ type: 'unknown' }]);
  });

  it('is unknown as JSON, whatever names it uses', () => {
    for (const payload of [{ ...sms }, { MessageSid: 'SM1', MessageStatus: 'read' }, [{ type: 'x' }], 'text', null]) {
      const header = (name: string) => (name === 'content-type' ? 'application/json' : undefined);
      const delivery: Delivery = { receivedAt: '2026-06-10T09:00:00.000Z', connection: undefined, header };
      expect(provider.normalize(payload, delivery)).toMatchObject([
        { type: 'unknown', data: { reason: 'unknown_event' }, raw: payload },
      ]);
    }
  });

  it('is told from its like by the token of the request', () => {
    expect(keyWith('a', { EventType: 'onTyping' })).toBe(keyWith('a', { EventType: 'onTyping' }));
    expect(keyWith('a', { EventType: 'onTyping' })).not.toBe(keyWith('b', { EventType: 'onTyping' }));
  });
});

/** The key of a form that came in a request with this token. */
function keyWith(token: string, form: object) {
  const header = (name: string) => (name === 'i-twilio-idempotency-token' ? token : undefined);
  const delivery: Delivery = { receivedAt: '2026-06-10T09:00:00.000Z', connection: undefined, header };
  return provider.normalize(form, delivery)[0]?.key;
}

describe('a form that does not fit', () => {
  it.each([
    ['a status of no message', { ...account, MessageStatus: 'delivered', To: '+15005550010' }],
    ['a status of another word', { ...account, MessageSid: 'SM2', MessageStatus: 'vanished' }],
    ['a message without an id', { ...account, From: '+15005550010', Body: 'Yes' }],
  ])('is told from its like by the token of the request: %s', (_, form) => {
    expect(keyWith('a', form)).toBe(keyWith('a', form));
    expect(keyWith('a', form)).not.toBe(keyWith('b', form));
  });

  it('does not make the token a part of the key of what fits', () => {
    expect(keyWith('a', sms)).toBe('SM1');
    expect(keyWith('a', { ...account, MessageSid: 'SM2', MessageStatus: 'read' })).toBe('status:SM2:read');
  });

  it.each([
    ['Body', ['two', 'bodies']],
    ['From', ['+1', '+2']],
    ['WaId', { odd: true }],
  ])('is unknown with the issue %s', (name, value) => {
    expect(normalized(provider, { ...sms, [name]: value })).toMatchObject([
      { type: 'unknown', providerEvent: 'incoming', data: { reason: 'invalid_payload', issues: [{ path: name }] } },
    ]);
  });
});
