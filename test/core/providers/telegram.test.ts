import type { JsonObject, JsonValue } from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import {
  at,
  bot,
  chat,
  contact,
  date,
  group,
  groupChat,
  iryna,
  message,
  person,
  privateChat,
  update,
} from './telegram-updates.ts';

const common = { key: '555:7', account: '555', occurredAt: at };
const connected = { ...chat, id: 'conn:11', integrationId: 'conn' };
const channel = { id: -100123, type: 'channel', title: 'News', username: 'news' };
const newsChannel = {
  id: '-100123',
  kind: 'channel',
  channel: 'telegram',
  channelChatId: '-100123',
  integrationId: '555',
  title: 'News',
  username: 'news',
};

describe('Telegram messages', () => {
  it('message is message.inbound', () => {
    expect(message({ text: 'hello' })).toEqual([
      {
        ...common,
        type: 'message.inbound',
        providerEvent: 'message.text',
        ordering: '11',
        data: {
          message: {
            id: '11:42',
            chatId: '11',
            direction: 'inbound',
            kind: 'text',
            text: 'hello',
            from: person,
            to: bot,
            sentAt: at,
          },
          chat,
          contact,
        },
      },
    ]);
  });

  it('edited_message is message.updated, with the id of the original and the time of the edit', () => {
    expect(message({ text: 'hello!', edit_date: date + 60 }, 'edited_message')).toEqual([
      {
        ...common,
        occurredAt: '2026-06-10T08:16:30.000Z',
        type: 'message.updated',
        providerEvent: 'edited_message.text',
        ordering: '11',
        data: {
          message: {
            id: '11:42',
            chatId: '11',
            direction: 'inbound',
            kind: 'text',
            text: 'hello!',
            from: person,
            to: bot,
            sentAt: at,
            editedAt: '2026-06-10T08:16:30.000Z',
          },
          chat,
          contact,
        },
      },
    ]);
  });

  it('channel_post is message.outbound, from the channel, and its edit is message.updated', () => {
    const post = { message_id: 42, date, sender_chat: channel, chat: channel, text: 'New in' };
    const data = {
      message: {
        id: '-100123:42',
        chatId: '-100123',
        direction: 'outbound',
        kind: 'text',
        text: 'New in',
        from: { id: '-100123', channelUserId: '-100123', username: 'news', name: 'News' },
        sentAt: at,
      },
      chat: newsChannel,
    };
    expect(update({ channel_post: post })).toEqual([
      { ...common, type: 'message.outbound', providerEvent: 'channel_post.text', ordering: '-100123', data },
    ]);
    expect(update({ edited_channel_post: post })).toEqual([
      { ...common, type: 'message.updated', providerEvent: 'edited_channel_post.text', ordering: '-100123', data },
    ]);
    expect(update({ channel_post: { ...post, sender_chat: null } })[0]?.data).toEqual(data);
  });

  it('business_message is message.inbound from the customer', () => {
    expect(message({ text: 'hello', business_connection_id: 'conn' }, 'business_message')).toEqual([
      {
        ...common,
        type: 'message.inbound',
        providerEvent: 'business_message.text',
        ordering: 'conn:11',
        data: {
          message: {
            id: 'conn:11:42',
            chatId: 'conn:11',
            direction: 'inbound',
            kind: 'text',
            text: 'hello',
            from: person,
            sentAt: at,
          },
          chat: connected,
          contact,
        },
      },
    ]);
  });

  it('business_message is message.outbound from the owner, and from a bot in the name of the owner', () => {
    const owner = { id: 22, first_name: 'Olena' };
    const { language: _, ...toldByChat } = contact;
    const byOwner = { text: 'hello', business_connection_id: 'conn', from: owner };
    const [event, ...others] = message(byOwner, 'business_message');
    expect(others).toEqual([]);
    expect(event).toEqual({
      ...common,
      type: 'message.outbound',
      providerEvent: 'business_message.text',
      ordering: 'conn:11',
      data: {
        message: {
          id: 'conn:11:42',
          chatId: 'conn:11',
          direction: 'outbound',
          kind: 'text',
          text: 'hello',
          from: { id: '22', channelUserId: '22', name: 'Olena' },
          to: person,
          sentAt: at,
        },
        chat: connected,
        contact: toldByChat,
      },
    });
    const byBot = { text: 'hello', business_connection_id: 'conn', sender_business_bot: { id: 555 } };
    expect(message(byBot, 'business_message')).toMatchObject([{ type: 'message.outbound' }]);
    expect(message(byOwner, 'edited_business_message')).toMatchObject([
      { type: 'message.updated', data: { message: { direction: 'outbound' } } },
    ]);
  });

  it('deleted_business_messages is one message.deleted per message', () => {
    const deleted = { business_connection_id: 'conn', chat: privateChat, message_ids: [42, 43, 42] };
    const event = (id: number) => ({
      key: `555:7:${id}`,
      account: '555',
      type: 'message.deleted',
      providerEvent: 'deleted_business_messages',
      ordering: 'conn:11',
      data: {
        message: { id: `conn:11:${id}`, chatId: 'conn:11', direction: 'inbound', kind: 'unknown' },
        chat: connected,
      },
    });
    expect(update({ deleted_business_messages: deleted })).toEqual([event(42), event(43)]);
  });

  it('business_connection is account.updated, in the words of Telegram', () => {
    const payload = { id: 'conn', user: { id: 22, first_name: 'Olena' }, user_chat_id: 22, date, is_enabled: false };
    expect(update({ business_connection: payload })).toEqual([
      {
        ...common,
        type: 'account.updated',
        providerEvent: 'business_connection',
        ordering: 'conn',
        data: { change: 'business_connection', payload },
      },
    ]);
  });

  it('guest_message is message.inbound in a chat that is none of the bot’s', () => {
    const [event, ...others] = message({ text: '@bot hi', chat: group, guest_query_id: '1' }, 'guest_message');
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      type: 'message.inbound',
      ordering: 'guest:-1009007199254740',
      data: {
        message: { id: 'guest:-1009007199254740:42', chatId: 'guest:-1009007199254740', from: person, to: bot },
        chat: { id: 'guest:-1009007199254740', channelChatId: '-1009007199254740' },
      },
    });
    expect(message({ text: '@bot hi' }, 'guest_message')[0]?.data).not.toHaveProperty('chat.contactId');
  });
});

describe('Telegram callback queries', () => {
  const reply_markup = {
    inline_keyboard: [
      [{ text: 'Site', url: 'https://example.org' }],
      [
        { text: 'Small', callback_data: 'S' },
        { text: 'Medium', callback_data: 'M' },
      ],
    ],
  };
  const query = (fields: JsonObject) =>
    update({ callback_query: { id: '9', from: iryna, chat_instance: '1', ...fields } });

  it('callback_query is message.inbound of the kind button, with the title of the button', () => {
    expect(query({ data: 'M', message: { message_id: 40, date, chat: privateChat, reply_markup } })).toEqual([
      {
        key: '555:7',
        account: '555',
        type: 'message.inbound',
        providerEvent: 'callback_query',
        ordering: '11',
        data: {
          message: {
            id: '9',
            chatId: '11',
            direction: 'inbound',
            kind: 'button',
            text: 'Medium',
            interactive: { id: 'M', title: 'Medium' },
            replyTo: { messageId: '11:40' },
            from: person,
            to: bot,
          },
          chat,
          contact,
        },
      },
    ]);
  });

  it('knows the message also when it is too old to be shown, and takes no time from it', () => {
    const [event] = query({ data: 'M', message: { message_id: 40, date: 0, chat: privateChat } });
    expect(event).not.toHaveProperty('occurredAt');
    expect(event?.data).toMatchObject({
      message: { interactive: { id: 'M' }, replyTo: { messageId: '11:40' } },
    });
    expect(event?.data).not.toHaveProperty('message.text');
    expect(event?.data).not.toHaveProperty('message.sentAt');
  });

  it('names the message by its inline id, and no chat, when it was sent in inline mode', () => {
    const [event] = query({ data: 'M', inline_message_id: 'inline-1' });
    expect(event).toMatchObject({ ordering: '11', data: { message: { replyTo: { messageId: 'inline-1' } } } });
    expect(event?.data).not.toHaveProperty('chat');
    expect(event?.data).not.toHaveProperty('message.chatId');
  });

  it('passes on the name of a game', () => {
    const keyboard = { inline_keyboard: [[{ text: 'Play', callback_game: {} }]] };
    const game = { message_id: 40, date, chat: privateChat, reply_markup: keyboard };
    expect(query({ game_short_name: 'chess', message: game })).toMatchObject([
      { data: { message: { kind: 'button', text: 'Play', interactive: { id: 'chess', title: 'Play' } } } },
    ]);
  });

  it('stays in the chat of a business connection and in the topic of a forum', () => {
    const tapped = { message_id: 40, date, chat: privateChat, business_connection_id: 'conn' };
    const [inBusiness] = query({ data: 'M', message: tapped });
    expect(inBusiness).toMatchObject({
      ordering: 'conn:11',
      data: { chat: connected, message: { chatId: 'conn:11' } },
    });
    expect(inBusiness?.data).not.toHaveProperty('message.to');
    const inTopic = { message_id: 40, date, chat: group, message_thread_id: 3, is_topic_message: true };
    expect(query({ data: 'M', message: inTopic })).toMatchObject([{ data: { message: { threadId: '3' } } }]);
  });
});

describe('Telegram reactions', () => {
  const emoji = (text: string) => ({ type: 'emoji', emoji: text });
  const react = (old_reaction: JsonObject[], new_reaction: JsonObject[], fields: JsonObject = { user: iryna }) =>
    update({ message_reaction: { chat: group, message_id: 40, date, old_reaction, new_reaction, ...fields } });

  it('message_reaction is a message.reaction for each that is gone, then for each that is new', () => {
    const reaction = { messageId: '-1009007199254740:40', from: person, chat: groupChat };
    const event = { ...common, type: 'message.reaction', providerEvent: 'message_reaction', ordering: groupChat.id };
    expect(react([emoji('👍'), emoji('🔥')], [emoji('🔥'), emoji('❤'), emoji('🎉')])).toEqual([
      { ...event, key: '555:7:removed:👍', data: { ...reaction, emoji: null, removed: '👍' } },
      { ...event, key: '555:7:added:❤', data: { ...reaction, emoji: '❤' } },
      { ...event, key: '555:7:added:🎉', data: { ...reaction, emoji: '🎉' } },
    ]);
  });

  it('names custom emoji by their id, and paid reactions', () => {
    const custom = { type: 'custom_emoji', custom_emoji_id: '123' };
    expect(react([custom], [{ type: 'paid' }])).toMatchObject([
      { data: { emoji: null, removed: 'custom_emoji:123' } },
      { data: { emoji: 'paid' } },
    ]);
  });

  it('knows the chat in whose name somebody reacted', () => {
    expect(react([], [emoji('👍')], { actor_chat: channel })).toMatchObject([
      { data: { from: { id: '-100123', channelUserId: '-100123', username: 'news', name: 'News' } } },
    ]);
  });

  it('passes on reactions of which none changed, or of a kind that it does not know', () => {
    expect(react([emoji('👍')], [emoji('👍')])).toEqual([
      { type: 'unknown', key: '555:7', providerEvent: 'message_reaction', data: { reason: 'not_modelled' } },
    ]);
    expect(react([], [{ type: 'sticker', sticker_id: '1' }])).toMatchObject([
      { type: 'unknown', key: '555:7', data: { issues: [{ path: 'message_reaction.new_reaction.0' }] } },
    ]);
  });
});

describe('Telegram memberships', () => {
  const member = (name: string, where: JsonObject, before: string, after: string) =>
    update({
      [name]: {
        chat: where,
        from: iryna,
        date,
        old_chat_member: { status: before, user: { id: 33, first_name: 'Taras' } },
        new_chat_member: { status: after, user: { id: 33, first_name: 'Taras' } },
      },
    });

  it('my_chat_member of a private chat is contact.updated: blocked and unblocked', () => {
    const event = { ...common, type: 'contact.updated', providerEvent: 'my_chat_member', ordering: '11' };
    expect(member('my_chat_member', privateChat, 'member', 'kicked')).toEqual([
      { ...event, data: { contact: { ...contact, subscribed: false }, previous: { subscribed: true } } },
    ]);
    expect(member('my_chat_member', privateChat, 'kicked', 'member')).toEqual([
      { ...event, data: { contact: { ...contact, subscribed: true }, previous: { subscribed: false } } },
    ]);
  });

  it('my_chat_member of a group is chat.created when the bot comes in, and chat.deleted when it is out', () => {
    const event = { ...common, providerEvent: 'my_chat_member', ordering: groupChat.id };
    const chatAs = (status: string) => ({ ...groupChat, status });
    for (const before of ['left', 'kicked']) {
      for (const after of ['member', 'administrator', 'restricted']) {
        expect(member('my_chat_member', group, before, after)).toEqual([
          { ...event, type: 'chat.created', data: { chat: chatAs(after) } },
        ]);
        expect(member('my_chat_member', group, after, before)).toEqual([
          { ...event, type: 'chat.deleted', data: { chat: chatAs(before), deletedAt: at } },
        ]);
      }
    }
    expect(member('my_chat_member', { id: -5, type: 'channel' }, 'left', 'administrator')).toMatchObject([
      { type: 'chat.created', data: { chat: { id: '-5', kind: 'channel' } } },
    ]);
  });

  it('my_chat_member of a group is chat.updated when the bot stays in or out, with its place as status', () => {
    const event = { ...common, type: 'chat.updated', providerEvent: 'my_chat_member', ordering: groupChat.id };
    for (const [before, after] of [
      ['member', 'administrator'],
      ['administrator', 'restricted'],
      ['left', 'kicked'],
    ] as const) {
      expect(member('my_chat_member', group, before, after)).toEqual([
        { ...event, data: { chat: { ...groupChat, status: after }, previous: { status: before } } },
      ]);
    }
  });

  it('my_chat_member knows whether a restricted bot is in, and creates nothing when it is not told what was before', () => {
    const typeOf = (old_chat_member: JsonValue, new_chat_member: JsonValue) =>
      update({ my_chat_member: { chat: group, date, old_chat_member, new_chat_member } })[0]?.type;
    const restricted = (is_member: boolean) => ({ status: 'restricted', is_member });
    expect(typeOf(restricted(false), restricted(true))).toBe('chat.created');
    expect(typeOf(restricted(true), restricted(false))).toBe('chat.deleted');
    expect(typeOf({ status: 'left' }, restricted(false))).toBe('chat.updated');
    for (const untold of [null, {}, { status: null }, { status: '' }]) {
      expect(typeOf(untold, { status: 'member' })).toBe('chat.updated');
      expect(typeOf(untold, { status: 'left' })).toBe('chat.deleted');
    }
  });

  it('my_chat_member of a private chat is about its person, whoever did it', () => {
    const chat_member = {
      chat: privateChat,
      from: { id: 22, first_name: 'Olena' },
      new_chat_member: { status: 'kicked' },
    };
    const { language: _, ...toldByChat } = contact;
    expect(update({ my_chat_member: chat_member })[0]?.data).toEqual({ contact: { ...toldByChat, subscribed: false } });
    expect(member('my_chat_member', privateChat, 'member', 'elsewhere')).toMatchObject([
      { type: 'chat.updated', data: { chat: { status: 'elsewhere' } } },
    ]);
  });

  it('chat_member is chat.updated, with the member as contact', () => {
    const taras = { id: '33', channelUserId: '33', name: 'Taras', firstName: 'Taras' };
    expect(member('chat_member', group, 'left', 'member')).toEqual([
      {
        ...common,
        type: 'chat.updated',
        providerEvent: 'chat_member',
        ordering: groupChat.id,
        data: { chat: groupChat, contact: taras },
      },
    ]);
  });

  it('chat_join_request is chat.updated, with whoever asks as contact', () => {
    expect(update({ chat_join_request: { chat: group, from: iryna, user_chat_id: 11, date, bio: 'Hi' } })).toEqual([
      {
        ...common,
        type: 'chat.updated',
        providerEvent: 'chat_join_request',
        ordering: groupChat.id,
        data: { chat: groupChat, contact },
      },
    ]);
  });
});

describe('Telegram updates without a counterpart', () => {
  it.each([
    'message_reaction_count',
    'inline_query',
    'chosen_inline_result',
    'shipping_query',
    'pre_checkout_query',
    'purchased_paid_media',
    'poll',
    'poll_answer',
    'chat_boost',
    'removed_chat_boost',
    'managed_bot',
  ])('%s is unknown, and said to be known', (name) => {
    expect(update({ [name]: { id: '1' } })).toEqual([
      { type: 'unknown', key: '555:7', providerEvent: name, data: { reason: 'not_modelled' } },
    ]);
  });

  it('what a later version of Telegram adds is unknown', () => {
    expect(update({ telepathic_message: { id: '1' } })).toEqual([
      { type: 'unknown', key: '555:7', providerEvent: 'telepathic_message', data: { reason: 'unknown_event' } },
    ]);
  });
});
