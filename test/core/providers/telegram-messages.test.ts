import type { JsonObject } from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import { at, contact, date, group, groupChat, iryna, message, person } from './telegram-updates.ts';

const file = (id: string, fields: JsonObject = {}) => ({ file_id: id, file_unique_id: `u-${id}`, ...fields });
const photo = [
  file('s', { width: 90, height: 60 }),
  file('l', { width: 900, height: 600, file_size: 9 }),
  file('m', { width: 320, height: 200 }),
];

/** What a message says, without who said it when and where. */
function contentOf(payload: JsonObject) {
  const [event, ...others] = message(payload);
  expect(others).toEqual([]);
  if (event?.type !== 'message.inbound') throw new Error(`It is ${event?.type}`);
  const { id, chatId, direction, from, to, sentAt, ...content } = event.data.message;
  expect({ id, chatId, direction, from, sentAt }).toEqual({
    id: '11:42',
    chatId: '11',
    direction: 'inbound',
    from: person,
    sentAt: at,
  });
  return content;
}

describe('the content of a Telegram message', () => {
  it('is the largest size of a photo, with the caption as text', () => {
    expect(contentOf({ photo, caption: 'Look' })).toEqual({
      kind: 'image',
      text: 'Look',
      media: [{ id: 'l', sizeBytes: 9 }],
    });
    expect(contentOf({ photo: [file('a'), file('b')] })).toEqual({ kind: 'image', media: [{ id: 'b' }] });
    expect(contentOf({ photo: [] })).toEqual({ kind: 'image' });
  });

  it('is an animation although there is a document, and a live photo although there is a photo', () => {
    const video = { duration: 2, mime_type: 'video/mp4', file_name: 'a.mp4', file_size: 9 };
    const known = { durationSeconds: 2, mimeType: 'video/mp4', filename: 'a.mp4', sizeBytes: 9 };
    expect(contentOf({ document: file('d'), animation: file('a', video) })).toEqual({
      kind: 'video',
      media: [{ kind: 'animation', id: 'a', ...known }],
    });
    const pair = [
      { kind: 'image', id: 'l', sizeBytes: 9 },
      { kind: 'video', id: 'v', ...known },
    ];
    expect(contentOf({ photo, live_photo: file('v', { ...video, photo }) })).toEqual({ kind: 'image', media: pair });
    expect(contentOf({ photo, live_photo: file('v', video) })).toEqual({ kind: 'image', media: pair });
  });

  it.each([
    ['video', 'video', undefined],
    ['video_note', 'video', 'video_note'],
    ['voice', 'audio', 'voice'],
    ['audio', 'audio', undefined],
    ['document', 'document', undefined],
    ['sticker', 'sticker', undefined],
  ])('is the file of a %s', (name, kind, mediaKind) => {
    const media = [{ ...(mediaKind && { kind: mediaKind }), id: 'f', durationSeconds: 3 }];
    expect(contentOf({ [name]: file('f', { duration: 3 }), caption: 'Look' })).toEqual({ kind, text: 'Look', media });
  });

  it('is every file of paid media that shows them', () => {
    const paid_media = [
      { type: 'video', video: file('v', { duration: 3 }) },
      { type: 'photo', photo },
      { type: 'live_photo', live_photo: file('w', { photo }) },
      { type: 'preview', width: 10 },
    ];
    expect(contentOf({ paid_media: { star_count: 5, paid_media }, caption: 'Look' })).toEqual({
      kind: 'video',
      text: 'Look',
      media: [
        { kind: 'video', id: 'v', durationSeconds: 3 },
        { kind: 'image', id: 'l', sizeBytes: 9 },
        { kind: 'image', id: 'l', sizeBytes: 9 },
        { kind: 'video', id: 'w' },
      ],
    });
    expect(contentOf({ paid_media: { paid_media: [{ type: 'preview' }] } })).toEqual({ kind: 'paid_media' });
  });

  it('is a venue although there is a location', () => {
    const location = { latitude: 50.45, longitude: -30.5 };
    expect(contentOf({ location })).toEqual({ kind: 'location', location });
    expect(contentOf({ location, venue: { location, title: 'Shop', address: 'Street 1' } })).toEqual({
      kind: 'location',
      location: { ...location, name: 'Shop', address: 'Street 1' },
    });
  });

  it('is a contact card as Telegram has it', () => {
    const card = { phone_number: '380000000001', first_name: 'Taras', user_id: 33 };
    expect(contentOf({ contact: card })).toEqual({ kind: 'contacts', contacts: [card] });
    expect(contentOf({ contact: 'Taras' })).toEqual({ kind: 'contacts', contacts: ['Taras'] });
  });

  it('tells the number of whoever sends their own card', () => {
    const [event] = message({ contact: { phone_number: '380000000001', first_name: 'Iryna', user_id: 11 } });
    const phone = '+380000000001';
    expect(event?.data).toMatchObject({ message: { from: { ...person, phone } }, contact: { ...contact, phone } });
    const [unknown] = message({ from: null, contact: { phone_number: '380000000001', first_name: 'Iryna' } });
    expect(unknown?.data).not.toHaveProperty('message.from.phone');
  });

  it.each([
    ['poll', { question: 'Tea?' }, { kind: 'poll', text: 'Tea?' }],
    ['dice', { emoji: '🎲', value: 4 }, { kind: 'dice', text: '🎲' }],
    ['game', { title: 'Chess' }, { kind: 'game', text: 'Chess' }],
    ['checklist', { title: 'To pack' }, { kind: 'checklist', text: 'To pack' }],
    ['invoice', { title: 'Tea' }, { kind: 'invoice', text: 'Tea' }],
    ['giveaway', { winner_count: 1 }, { kind: 'giveaway' }],
    ['giveaway_winners', { winner_count: 1, winners: [iryna] }, { kind: 'giveaway' }],
    ['story', { id: 7, chat: { id: -100123 } }, { kind: 'story', story: { id: '-100123:7' } }],
  ])('is a %s', (name, value, content) => {
    expect(contentOf({ [name]: value })).toEqual(content);
  });

  it('is the text of a rich message, a line per block', () => {
    const blocks = [
      { type: 'heading', text: 'Order', size: 1 },
      {
        type: 'paragraph',
        text: ['Two ', { type: 'bold', text: { type: 'url', text: 'teas', url: 'https://x.example' } }, '!'],
      },
      { type: 'list', items: [{ label: '1.', blocks: [{ type: 'paragraph', text: 'green' }] }] },
      { type: 'divider' },
      { type: 'footer', text: [{ type: 'custom_emoji', custom_emoji_id: '1', alternative_text: '☕' }] },
      { type: 'details', summary: 'More', blocks: [{ type: 'mathematical_expression', expression: '1+1' }] },
      { type: 'table', cells: [[{ text: 'a' }, { text: 'b' }]] },
    ];
    const text = 'Order\nTwo teas!\ngreen\n☕\nMore\n1+1\na\nb';
    expect(contentOf({ rich_message: { blocks } })).toEqual({ kind: 'text', text });
    expect(contentOf({ rich_message: { blocks: 7 } })).toEqual({ kind: 'text' });
  });

  it('is what a form of the bot sent, parsed if it can be', () => {
    const sent = (data: string) => contentOf({ web_app_data: { button_text: 'Choose', data } });
    expect(sent('{"size":"M"}')).toEqual({
      kind: 'interactive',
      interactive: { title: 'Choose', payload: { size: 'M' } },
    });
    expect(sent('{size')).toEqual({ kind: 'interactive', interactive: { title: 'Choose', payload: '{size' } });
  });

  it('has a referral when a link with a start parameter brought the person', () => {
    expect(contentOf({ text: '/start spring-26_A' })).toMatchObject({ referral: { ref: 'spring-26_A' } });
    expect(contentOf({ text: '/start@shop_bot spring' })).toMatchObject({ referral: { ref: 'spring' } });
    for (const text of ['/start', '/start ', '/start two words', '/started x', 'Say /start x']) {
      expect(contentOf({ text })).toEqual({ kind: 'text', text });
    }
  });

  it('is unknown when nothing is known of it, and named after the update', () => {
    expect(contentOf({ hologram: { id: 1 } })).toEqual({ kind: 'unknown' });
    expect(message({ hologram: { id: 1 } })[0]?.providerEvent).toBe('message');
  });

  it('may belong to an album, be forwarded, and answer a message, a story, or a message elsewhere', () => {
    const text = 'Yes';
    const origin = { type: 'hidden_user', sender_user_name: 'Taras', date };
    expect(contentOf({ text, media_group_id: '130' })).toMatchObject({ albumId: '130' });
    expect(contentOf({ text, forward_origin: origin })).toMatchObject({ forwarded: true });
    expect(
      contentOf({ text, reply_to_message: { message_id: 40, date: 0 }, quote: { text: 'x', position: 0 } }),
    ).toEqual({
      kind: 'text',
      text,
      replyTo: { messageId: '11:40' },
    });
    expect(contentOf({ text, reply_to_story: { id: 8, chat: { id: 22 } } })).toMatchObject({ story: { id: '22:8' } });
    const elsewhere = { origin, chat: group, message_id: 40 };
    expect(contentOf({ text, external_reply: elsewhere })).toMatchObject({
      replyTo: { messageId: `${groupChat.id}:40` },
    });
    expect(contentOf({ text, external_reply: { origin } })).toEqual({ kind: 'text', text });
  });

  it('is in a topic only where Telegram says so, and answers no message that only begins the topic', () => {
    const text = 'Yes';
    const topic = { message_thread_id: 3, is_topic_message: true };
    const first = { message_id: 3, date, forum_topic_created: { name: 'Poems' } };
    expect(contentOf({ text, ...topic, reply_to_message: first })).toEqual({ kind: 'text', text, threadId: '3' });
    expect(contentOf({ text, message_thread_id: 3 })).toEqual({ kind: 'text', text });
    expect(contentOf({ text, direct_messages_topic: { topic_id: 9007199254740991 } })).toMatchObject({
      threadId: '9007199254740991',
    });
  });

  it('comes from the chat in whose name it was sent', () => {
    const [event] = message({
      text: 'Hi',
      chat: group,
      sender_chat: group,
      from: { id: 1087968824, first_name: 'Group' },
    });
    expect(event?.data).toMatchObject({
      message: { direction: 'inbound', from: { id: groupChat.id, channelUserId: groupChat.id, name: 'Book club' } },
    });
    expect(event?.data).not.toHaveProperty('contact');
  });
});

describe('a service message of Telegram', () => {
  const inGroup = (fields: JsonObject) => message({ chat: group, ...fields });
  const common = { key: '555:7', account: '555', occurredAt: at, ordering: groupChat.id };

  it.each(['group_chat_created', 'supergroup_chat_created', 'channel_chat_created'])(
    '%s is chat.updated: the coming in of the bot is what creates a chat',
    (name) => {
      expect(inGroup({ [name]: true })).toEqual([
        { ...common, type: 'chat.updated', providerEvent: `message.${name}`, data: { chat: groupChat } },
      ]);
    },
  );

  it.each([
    ['new_chat_title', 'Poets', { title: 'Poets' }],
    ['new_chat_photo', photo, {}],
    ['delete_chat_photo', true, {}],
    ['chat_owner_left', {}, {}],
  ])('%s is chat.updated', (name, value, changed) => {
    expect(inGroup({ [name]: value })).toEqual([
      {
        ...common,
        type: 'chat.updated',
        providerEvent: `message.${name}`,
        data: { chat: { ...groupChat, ...changed } },
      },
    ]);
  });

  it('is one chat.updated for each member who comes or goes', () => {
    const event = { ...common, type: 'chat.updated' };
    const taras = { id: '33', channelUserId: '33', name: 'Taras', firstName: 'Taras' };
    const joined = { ...event, providerEvent: 'message.new_chat_members' };
    expect(inGroup({ new_chat_members: [iryna, { id: 33, first_name: 'Taras' }, iryna] })).toEqual([
      { ...joined, key: '555:7:11', data: { chat: groupChat, contact } },
      { ...joined, key: '555:7:33', data: { chat: groupChat, contact: taras } },
    ]);
    expect(inGroup({ left_chat_member: iryna })).toEqual([
      { ...event, key: '555:7:11', providerEvent: 'message.left_chat_member', data: { chat: groupChat, contact } },
    ]);
    expect(inGroup({ chat_owner_changed: { new_owner: iryna } })).toMatchObject([
      { type: 'chat.updated', data: { contact } },
    ]);
    expect(inGroup({ new_chat_members: [] })).toMatchObject([{ key: '555:7', type: 'chat.updated' }]);
    // The bot itself is no contact.
    expect(inGroup({ left_chat_member: { id: 555, is_bot: true, first_name: 'Bot' } })).toEqual([
      { ...event, key: '555:7:555', providerEvent: 'message.left_chat_member', data: { chat: groupChat } },
    ]);
  });

  it('tells in both chats that a group has moved to a new id', () => {
    const data = {
      chat: groupChat,
      previous: { id: '-42', channelChatId: '-42' },
    };
    const old = { id: -42, type: 'group', title: 'Book club' };
    expect(message({ chat: old, migrate_to_chat_id: group.id })).toEqual([
      { ...common, ordering: '-42', type: 'chat.updated', providerEvent: 'message.migrate_to_chat_id', data },
    ]);
    expect(inGroup({ migrate_from_chat_id: -42 })).toEqual([
      { ...common, type: 'chat.updated', providerEvent: 'message.migrate_from_chat_id', data },
    ]);
  });

  it('about what the bot itself did is outbound, with the other side as contact if it is one person', () => {
    const itself = { id: 555, is_bot: true, first_name: 'Bot' };
    const [inPrivate] = message({ from: itself, pinned_message: {} });
    const { language: _, ...toldByChat } = contact;
    expect(inPrivate).toMatchObject({ type: 'message.outbound', providerEvent: 'message.pinned_message' });
    expect(inPrivate?.data).toMatchObject({ message: { kind: 'system', from: { id: '555' }, to: person } });
    expect(inPrivate?.data).toHaveProperty('contact', toldByChat);
    const [here] = inGroup({ from: itself, pinned_message: {} });
    expect(here?.data).toMatchObject({ message: { direction: 'outbound', from: { id: '555' } } });
    expect(here?.data).not.toHaveProperty('message.to');
    expect(here?.data).not.toHaveProperty('contact');
  });

  it.each(['pinned_message', 'forum_topic_created', 'successful_payment', 'users_shared', 'write_access_allowed'])(
    '%s is message.inbound of the kind system',
    (name) => {
      expect(inGroup({ [name]: {} })).toMatchObject([
        {
          type: 'message.inbound',
          providerEvent: `message.${name}`,
          data: { message: { kind: 'system', from: person } },
        },
      ]);
    },
  );
});
