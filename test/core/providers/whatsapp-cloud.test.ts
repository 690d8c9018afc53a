import type { JsonObject } from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import {
  chat,
  delivered,
  eventsOf,
  eventsOfItem,
  groupChat,
  messageOf,
  olena,
  us,
  written,
} from './whatsapp-cloud-envelope.ts';

const time = '2026-06-10T08:15:30.000Z';

describe('A message in WhatsApp', () => {
  it('is message.inbound, with the person as the side data describes them', () => {
    const item = written({
      type: 'text',
      text: { body: 'hi' },
      context: { from: '15550100001', id: 'wamid.0', forwarded: true },
    });
    const contacts = [
      { wa_id: '31600000001', user_id: 'NL.1', profile: { name: 'Joost' } },
      {
        wa_id: '380670000001',
        user_id: 'UA.1',
        parent_user_id: 'UA.ENT.1',
        identity_key_hash: 'hash',
        profile: { name: 'Olena', username: 'olena.k' },
      },
    ];
    const person = { ...olena, name: 'Olena', username: 'olena.k' };
    expect(eventsOfItem(item, delivered({ contacts, messages: [item] }))).toEqual([
      {
        type: 'message.inbound',
        key: 'wamid.1',
        providerEvent: 'messages.text',
        account: 'account-1',
        occurredAt: time,
        ordering: 'number-1:UA.1',
        data: {
          message: {
            id: 'wamid.1',
            channelMessageId: 'wamid.1',
            chatId: 'number-1:UA.1',
            direction: 'inbound',
            kind: 'text',
            text: 'hi',
            replyTo: { messageId: 'wamid.0' },
            forwarded: true,
            from: person,
            to: us,
            sentAt: time,
          },
          chat,
          contact: { ...person, fields: { parent_user_id: 'UA.ENT.1', identity_key_hash: 'hash' } },
        },
      },
    ]);
  });

  it('of a group is in the chat of the group, from the participant', () => {
    const item = written({ type: 'text', text: { body: 'hi' }, group_id: 'group-1' });
    expect(eventsOfItem(item, delivered({ messages: [item] }))).toMatchObject([
      { ordering: groupChat.id, data: { message: { chatId: groupChat.id, from: olena, to: us }, chat: groupChat } },
    ]);
  });

  const sha256 = Buffer.alloc(32, 'd').toString('base64');
  const file = { id: 'media-1', mime_type: 'a/b', sha256, url: 'https://media.example/1' };
  const media = {
    id: 'media-1',
    url: 'https://media.example/1',
    expires: true,
    mimeType: 'a/b',
    sha256: '64'.repeat(32),
  };
  const card = { name: { formatted_name: 'Joost' }, phones: [{ phone: '+31 6' }] };
  const contents: readonly (readonly [type: string, content: JsonObject | readonly JsonObject[], expected: object])[] =
    [
      ['image', { ...file, caption: 'look' }, { text: 'look', media: [media] }],
      ['video', file, { media: [media] }],
      ['audio', file, { media: [media] }],
      ['audio', { ...file, voice: true }, { media: [{ ...media, kind: 'voice' }] }],
      ['document', { ...file, filename: 'a.pdf' }, { media: [{ ...media, filename: 'a.pdf' }] }],
      ['sticker', { ...file, animated: true }, { media: [media] }],
      [
        'location',
        { latitude: 0, longitude: -1.5, name: 'Here' },
        { location: { latitude: 0, longitude: -1.5, name: 'Here' } },
      ],
      ['contacts', [card], { contacts: [card] }],
      ['button', { payload: 'yes', text: 'Yes!' }, { text: 'Yes!', interactive: { id: 'yes', title: 'Yes!' } }],
      [
        'interactive',
        { type: 'list_reply', list_reply: { id: 'row', title: 'Row', description: 'First' } },
        { text: 'Row', interactive: { id: 'row', title: 'Row', description: 'First' } },
      ],
      [
        'interactive',
        { type: 'nfm_reply', nfm_reply: { name: 'flow', body: 'Sent', response_json: '{"a":[1]}' } },
        { text: 'Sent', interactive: { payload: { a: [1] } } },
      ],
      [
        'interactive',
        { type: 'call_permission_reply', call_permission_reply: { response: 'reject' } },
        { interactive: { payload: { response: 'reject' } } },
      ],
      [
        'order',
        {
          catalog_id: 'c',
          text: 'quick',
          product_items: [{ product_retailer_id: 'p', quantity: '2', item_price: 7.5, currency: 'EUR' }],
        },
        {
          text: 'quick',
          order: { catalogId: 'c', items: [{ productId: 'p', quantity: 2, price: 7.5, currency: 'EUR' }] },
        },
      ],
      ['system', { type: 'customer_identity_changed', body: 'New keys' }, { text: 'New keys' }],
    ];
  it.each(contents)('of type %s keeps what it says: %o', (type, content, expected) => {
    const message = messageOf({ type, [type]: content });
    expect(message).toEqual({
      id: 'wamid.1',
      channelMessageId: 'wamid.1',
      chatId: chat.id,
      direction: 'inbound',
      kind: type,
      ...expected,
      from: olena,
      to: us,
      sentAt: time,
    });
  });

  it('is a button when one was tapped, whichever way buttons are sent', () => {
    const interactive = { type: 'button_reply', button_reply: { id: 'yes', title: 'Yes!' } };
    expect(messageOf({ type: 'interactive', interactive })).toMatchObject({
      kind: 'button',
      text: 'Yes!',
      interactive: { id: 'yes', title: 'Yes!' },
    });
  });

  it('tells the product that it asks about and the advertisement that it comes from', () => {
    const message = messageOf({
      type: 'text',
      text: { body: 'How much?' },
      context: { frequently_forwarded: true, referred_product: { catalog_id: 'c', product_retailer_id: 'p' } },
      referral: {
        source_type: 'post',
        ctwa_clid: 'click',
        video_url: 'https://ad.example/v',
        thumbnail_url: 'https://ad.example/t',
      },
    });
    expect(message).toMatchObject({
      product: { id: 'p', catalogId: 'c' },
      forwarded: true,
      referral: { sourceType: 'post', clickId: 'click', mediaUrl: 'https://ad.example/v' },
    });
    expect(message).not.toHaveProperty('replyTo');
  });

  it('that WhatsApp does not support says why', () => {
    const errors = [{ code: 131051, title: 'Unknown type', error_data: { details: 'Not supported' } }];
    expect(messageOf({ type: 'unsupported', errors })).toMatchObject({
      kind: 'unsupported',
      error: { code: '131051', message: 'Unknown type', details: 'Not supported' },
    });
  });

  it('of a type that nobody knows yet is a message of that kind', () => {
    for (const type of ['poll_vote', 'constructor', '__proto__', 'toString']) {
      expect(messageOf({ type, poll_vote: { option: 1 } })).toMatchObject({ kind: type.toLowerCase(), from: olena });
    }
  });
});

describe('What is about another message in WhatsApp', () => {
  const read = (message: JsonObject) => {
    const item = written(message);
    return eventsOfItem(item, delivered({ messages: [item] }));
  };
  const common = { account: 'account-1', occurredAt: time, ordering: chat.id };

  it('is a reaction, or that there is none any more', () => {
    const reaction = { message_id: 'wamid.0', emoji: '👍🏽' };
    const expected = { messageId: 'wamid.0', channelMessageId: 'wamid.0', emoji: '👍🏽', from: olena, chat };
    const about = { ...common, type: 'message.reaction', key: 'reaction:wamid.1', providerEvent: 'messages.reaction' };
    expect(read({ type: 'reaction', reaction })).toEqual([{ ...about, data: expected }]);
    for (const emoji of [undefined, '', null]) {
      const removed = { message_id: 'wamid.0', ...(emoji !== undefined && { emoji }) };
      expect(read({ type: 'reaction', reaction: removed })).toEqual([{ ...about, data: { ...expected, emoji: null } }]);
    }
  });

  it('is an edit, with the new version under the id of the original', () => {
    const version = { type: 'image', image: { caption: 'new' }, context: { id: 'wamid.q' } };
    const edit = { original_message_id: 'wamid.0', message: version };
    expect(read({ type: 'edit', edit })).toEqual([
      {
        ...common,
        type: 'message.updated',
        key: 'edit:wamid.1',
        providerEvent: 'messages.edit',
        data: {
          message: {
            id: 'wamid.0',
            channelMessageId: 'wamid.0',
            chatId: chat.id,
            direction: 'inbound',
            kind: 'image',
            text: 'new',
            media: [{ expires: true }],
            replyTo: { messageId: 'wamid.q' },
            from: olena,
            to: us,
            editedAt: time,
          },
          chat,
        },
      },
    ]);
  });

  it('is a deletion', () => {
    expect(read({ type: 'revoke', revoke: { original_message_id: 'wamid.0' } })).toEqual([
      {
        ...common,
        type: 'message.deleted',
        key: 'delete:wamid.1',
        providerEvent: 'messages.revoke',
        data: {
          message: {
            id: 'wamid.0',
            channelMessageId: 'wamid.0',
            chatId: chat.id,
            direction: 'inbound',
            kind: 'unknown',
            from: olena,
            to: us,
          },
          chat,
          deletedAt: time,
        },
      },
    ]);
  });

  it('is unknown, with the reason and a key of its own, when it does not say which message', () => {
    const broken: JsonObject[] = [
      { type: 'reaction' },
      { type: 'edit', edit: { original_message_id: '' } },
      { type: 'revoke', revoke: 5 },
    ];
    const keys = broken.map((message) => {
      const [event] = read(message);
      expect(event).toMatchObject({ type: 'unknown', data: { reason: 'invalid_payload' } });
      expect(event?.data).toHaveProperty('issues.0.path');
      return event?.key;
    });
    expect(keys).toEqual(['reaction:wamid.1', 'edit:wamid.1', 'delete:wamid.1']);
  });

  it('is a new chat when a person opens it for the first time', () => {
    expect(read({ type: 'request_welcome' })).toEqual([
      {
        ...common,
        type: 'chat.created',
        key: 'welcome:wamid.1',
        providerEvent: 'messages.request_welcome',
        data: { chat, contact: olena },
      },
    ]);
  });
});

describe('An echo in WhatsApp', () => {
  const echo = (message: JsonObject) => {
    const item: JsonObject = {
      from: '15550100001',
      to: '380670000001',
      to_user_id: 'UA.1',
      id: 'wamid.e',
      timestamp: '1781079330',
      ...message,
    };
    return eventsOfItem(item, delivered({ message_echoes: [item] }, 'smb_message_echoes'));
  };

  it('is message.outbound, from us to the person', () => {
    expect(echo({ type: 'text', text: { body: 'hello' } })).toEqual([
      {
        type: 'message.outbound',
        key: 'echo:wamid.e',
        providerEvent: 'smb_message_echoes.text',
        account: 'account-1',
        occurredAt: time,
        ordering: chat.id,
        data: {
          message: {
            id: 'wamid.e',
            channelMessageId: 'wamid.e',
            chatId: chat.id,
            direction: 'outbound',
            kind: 'text',
            text: 'hello',
            from: us,
            to: olena,
            sentAt: time,
          },
          chat,
        },
      },
    ]);
  });

  it('has the file that we sent, and its caption', () => {
    const image = { id: 'm1', mime_type: 'image/jpeg', url: 'https://lookaside.example/m1', caption: 'This one' };
    expect(echo({ type: 'image', image })).toMatchObject([
      {
        type: 'message.outbound',
        key: 'echo:wamid.e',
        providerEvent: 'smb_message_echoes.image',
        data: {
          message: {
            direction: 'outbound',
            kind: 'image',
            text: 'This one',
            media: [{ id: 'm1', mimeType: 'image/jpeg', url: 'https://lookaside.example/m1', expires: true }],
            from: us,
            to: olena,
          },
        },
      },
    ]);
    const document = { id: 'm2', filename: 'invoice.pdf' };
    expect(echo({ type: 'document', document })).toMatchObject([
      { data: { message: { kind: 'document', media: [{ id: 'm2', filename: 'invoice.pdf', expires: true }] } } },
    ]);
  });

  it('can be an edit, a deletion or a reaction of ours', () => {
    const edit = { original_message_id: 'wamid.0', message: { type: 'text', text: { body: 'better' } } };
    expect(echo({ type: 'edit', edit })).toMatchObject([
      {
        type: 'message.updated',
        key: 'edit:wamid.e',
        data: { message: { id: 'wamid.0', direction: 'outbound', text: 'better', to: olena }, chat },
      },
    ]);
    expect(echo({ type: 'revoke', revoke: { original_message_id: 'wamid.0' } })).toMatchObject([
      { type: 'message.deleted', key: 'delete:wamid.e', data: { message: { id: 'wamid.0', direction: 'outbound' } } },
    ]);
    expect(echo({ type: 'reaction', reaction: { message_id: 'wamid.0', emoji: '👍' } })).toMatchObject([
      { type: 'message.reaction', data: { from: us, chat } },
    ]);
  });
});

describe('A status in WhatsApp', () => {
  const read = (status: JsonObject, beside: JsonObject = {}) => {
    const item = { id: 'wamid.s', status: 'sent', timestamp: '1781079330', ...status };
    return eventsOfItem(item, delivered({ ...beside, statuses: [item] }));
  };
  const toOlena = { recipient_id: '380670000001', recipient_user_id: 'UA.1' };

  it('is message.status, with price, reference and recipient', () => {
    const contacts = [{ wa_id: '380670000001', profile: { name: 'Olena' } }];
    const pricing = { billable: true, pricing_model: 'PMP', type: 'regular', category: 'marketing' };
    expect(read({ ...toOlena, pricing, biz_opaque_callback_data: 'order-42' }, { contacts })).toEqual([
      {
        type: 'message.status',
        key: 'status:wamid.s:sent',
        providerEvent: 'statuses.sent',
        account: 'account-1',
        occurredAt: time,
        ordering: chat.id,
        data: {
          messageId: 'wamid.s',
          channelMessageId: 'wamid.s',
          status: 'sent',
          recipient: { ...olena, name: 'Olena' },
          at: time,
          pricing: { billable: true, model: 'PMP', type: 'regular', category: 'marketing' },
          reference: 'order-42',
          chat,
        },
      },
    ]);
  });

  it.each(['sent', 'delivered', 'read', 'played', 'failed'])('%s has a key of its own', (status) => {
    expect(read({ ...toOlena, status })).toMatchObject([
      { type: 'message.status', key: `status:wamid.s:${status}`, data: { status, recipient: olena } },
    ]);
  });

  it('says why a message failed', () => {
    const errors = [
      { code: 131026, title: 'Undeliverable', message: 'Message undeliverable', error_data: { details: 'No' } },
    ];
    expect(read({ ...toOlena, status: 'failed', errors })).toMatchObject([
      { data: { error: { code: '131026', message: 'Message undeliverable', details: 'No' } } },
    ]);
  });

  it('has no error where what stands in its place is none', () => {
    for (const errors of ['none', [5], [{}], {}, null]) {
      const [event] = read({ ...toOlena, status: 'read', errors });
      expect(event).toMatchObject({ type: 'message.status', data: { status: 'read', recipient: olena } });
      expect(event?.data).not.toHaveProperty('error');
    }
    for (const errors of [[{ code: 5 }], [null, {}, { code: 5 }, { code: 6 }]]) {
      expect(read({ ...toOlena, errors })).toMatchObject([{ data: { error: { code: '5' } } }]);
    }
  });

  it('of a group is told for each participant, of whom it is a part', () => {
    const group = { recipient_id: 'group-1', recipient_type: 'group', status: 'read' };
    const byPhone = read({ ...group, recipient_participant_id: '380670000001', recipient_participant_user_id: 'UA.1' });
    expect(byPhone).toMatchObject([
      {
        key: 'status:wamid.s:read:380670000001',
        ordering: groupChat.id,
        data: { partial: true, recipient: olena, chat: groupChat },
      },
    ]);
    const byAlias = read({ ...group, participant_recipient_id: '31600000001' });
    expect(byAlias).toMatchObject([
      { key: 'status:wamid.s:read:31600000001', data: { partial: true, recipient: { phone: '+31600000001' } } },
    ]);
    const byUserId = read({ ...group, recipient_participant_user_id: 'UA.1' });
    expect(byUserId).toMatchObject([{ key: 'status:wamid.s:read:UA.1', data: { recipient: { id: 'UA.1' } } }]);

    const [nowhere] = read({ status: 'read', recipient_participant_id: '31600000001' });
    expect(nowhere).toMatchObject({ ordering: '31600000001', data: { partial: true } });
    expect(nowhere?.data).not.toHaveProperty('chat');

    const [whole] = read(group);
    expect(whole).toMatchObject({
      key: expect.stringMatching(/^status:wamid\.s:read:sha256-/),
      data: { chat: groupChat },
    });
    expect(whole?.data).not.toHaveProperty('partial');
    expect(whole?.data).not.toHaveProperty('recipient');
  });

  it('deleted, of older pages, is message.deleted', () => {
    expect(read({ ...toOlena, status: 'deleted' })).toMatchObject([
      {
        type: 'message.deleted',
        key: 'status:wamid.s:deleted',
        providerEvent: 'statuses.deleted',
        data: { message: { id: 'wamid.s', direction: 'outbound', from: us, to: olena }, chat, deletedAt: time },
      },
    ]);
  });

  it('of a call is no status of a message, nor is one of a type that nobody knows', () => {
    expect(read({ id: 'wacid.1', type: 'call', status: 'RINGING' })).toMatchObject([
      { type: 'unknown', key: 'call:wacid.1:RINGING', data: { reason: 'not_modelled' } },
    ]);
    expect(read({ type: 'payment', status: 'failed' })).toMatchObject([
      { type: 'unknown', data: { reason: 'invalid_payload', issues: [{ path: 'type' }] } },
    ]);
    expect(read({ status: 'vanished' })).toMatchObject([
      { type: 'unknown', data: { reason: 'invalid_payload', issues: [{ path: 'status' }] } },
    ]);
  });

  it('comes beside messages in the same value', () => {
    const events = eventsOf(
      delivered({
        messages: [written({ type: 'text', text: { body: 'hi' } })],
        statuses: [{ id: 'wamid.s', status: 'read', ...toOlena }],
      }),
    );
    expect(events.map(({ type, key }) => ({ type, key }))).toEqual([
      { type: 'message.inbound', key: 'wamid.1' },
      { type: 'message.status', key: 'status:wamid.s:read' },
    ]);
  });
});
