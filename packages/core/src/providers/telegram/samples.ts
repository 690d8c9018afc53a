import type { JsonObject, Sample, Samples } from '../samples.ts';
import { channel, dateOf, group, messageSamples, owner, privateChat, sender } from './sample-messages.ts';

const update = (types: Sample['types'], updateId: number, name: string, content: JsonObject): Sample => ({
  types,
  payload: { update_id: updateId, [name]: content },
});

const connectionId = 'connection-TEST-1';
const business = (updateId: number, from: JsonObject, text: string): JsonObject => ({
  business_connection_id: connectionId,
  message_id: updateId % 1000,
  date: dateOf(updateId),
  from,
  chat: privateChat,
  text,
});
const post = (updateId: number, text: string): JsonObject => ({
  message_id: updateId % 1000,
  date: dateOf(updateId),
  sender_chat: channel,
  chat: channel,
  text,
});
const bot: JsonObject = { id: 555000999, is_bot: true, first_name: 'Shop', username: 'shop_test_bot' };
const member = (updateId: number, fields: JsonObject): JsonObject => ({
  date: dateOf(updateId),
  from: sender,
  ...fields,
});
const reaction = (updateId: number, fields: JsonObject): JsonObject => ({
  chat: group,
  message_id: 125,
  date: dateOf(updateId),
  user: sender,
  ...fields,
});
const poll: JsonObject = { id: '5550001110002', question: 'Tea or coffee?', options: [], total_voter_count: 3 };
const boost: JsonObject = { chat: group, boost_id: 'boost-TEST-1' };

/** An example of every update of Telegram. */
export const samples = {
  secret: 'telegram-test-secret',
  environment: { TELEGRAM_SECRET_TOKEN: 'telegram-test-secret', TELEGRAM_BOT_ID: '555000999' },
  headers: (_, { secret }) => ({
    'content-type': 'application/json',
    'x-telegram-bot-api-secret-token': secret,
  }),
  events: {
    ...messageSamples,
    channel_post: update(['message.outbound'], 700000201, 'channel_post', post(700000201, 'New books are in.')),
    edited_channel_post: update(['message.updated'], 700000202, 'edited_channel_post', {
      ...post(700000201, 'New books have come in.'),
      edit_date: dateOf(700000202),
    }),
    business_connection: update(['account.updated'], 700000203, 'business_connection', {
      id: connectionId,
      user: owner,
      user_chat_id: 5550003334,
      date: dateOf(700000203),
      is_enabled: true,
    }),
    business_message: update(['message.inbound'], 700000204, 'business_message', business(700000204, sender, 'Hello!')),
    'business_message.owner': update(
      ['message.outbound'],
      700000205,
      'business_message',
      business(700000205, owner, 'Hello, how can I help?'),
    ),
    edited_business_message: update(['message.updated'], 700000206, 'edited_business_message', {
      ...business(700000204, sender, 'Good morning!'),
      edit_date: dateOf(700000206),
    }),
    deleted_business_messages: update(['message.deleted', 'message.deleted'], 700000207, 'deleted_business_messages', {
      business_connection_id: connectionId,
      chat: privateChat,
      message_ids: [204, 205],
    }),
    guest_message: update(['message.inbound'], 700000208, 'guest_message', {
      guest_query_id: '5550001110003',
      message_id: 208,
      date: dateOf(700000208),
      from: sender,
      chat: { id: -1005550002229, type: 'supergroup', title: 'Neighbours' },
      text: '@shop_test_bot are you open?',
    }),
    callback_query: update(['message.inbound'], 700000209, 'callback_query', {
      id: '5550001110004',
      from: sender,
      chat_instance: '5550001110005',
      data: 'size:M',
      message: {
        message_id: 95,
        date: dateOf(700000095),
        from: bot,
        chat: privateChat,
        text: 'Which size?',
        reply_markup: {
          inline_keyboard: [
            [{ text: 'Small', callback_data: 'size:S' }],
            [{ text: 'Medium', callback_data: 'size:M' }],
          ],
        },
      },
    }),
    'callback_query.inline': update(['message.inbound'], 700000210, 'callback_query', {
      id: '5550001110006',
      from: sender,
      chat_instance: '5550001110007',
      inline_message_id: 'inline-TEST-1',
      data: 'more',
    }),
    'callback_query.game': update(['message.inbound'], 700000211, 'callback_query', {
      id: '5550001110008',
      from: sender,
      chat_instance: '5550001110009',
      inline_message_id: 'inline-TEST-2',
      game_short_name: 'chess',
    }),
    'message_reaction.added': update(
      ['message.reaction'],
      700000212,
      'message_reaction',
      reaction(700000212, { old_reaction: [], new_reaction: [{ type: 'emoji', emoji: '👍' }] }),
    ),
    'message_reaction.changed': update(
      ['message.reaction', 'message.reaction'],
      700000213,
      'message_reaction',
      reaction(700000213, {
        old_reaction: [{ type: 'emoji', emoji: '👍' }],
        new_reaction: [{ type: 'custom_emoji', custom_emoji_id: '5550001110010' }],
      }),
    ),
    message_reaction_count: update(['unknown'], 700000214, 'message_reaction_count', {
      chat: channel,
      message_id: 201,
      date: dateOf(700000214),
      reactions: [{ type: { type: 'emoji', emoji: '👍' }, total_count: 12 }],
    }),
    'my_chat_member.kicked': update(['contact.updated'], 700000215, 'my_chat_member', {
      ...member(700000215, { chat: privateChat }),
      old_chat_member: { status: 'member', user: bot },
      new_chat_member: { status: 'kicked', user: bot, until_date: 0 },
    }),
    'my_chat_member.member': update(['contact.updated'], 700000216, 'my_chat_member', {
      ...member(700000216, { chat: privateChat }),
      old_chat_member: { status: 'kicked', user: bot, until_date: 0 },
      new_chat_member: { status: 'member', user: bot },
    }),
    'my_chat_member.came_in': update(['chat.created'], 700000217, 'my_chat_member', {
      ...member(700000217, { chat: group }),
      old_chat_member: { status: 'left', user: bot },
      new_chat_member: { status: 'member', user: bot },
    }),
    'my_chat_member.promoted': update(['chat.updated'], 700000230, 'my_chat_member', {
      ...member(700000230, { chat: group }),
      old_chat_member: { status: 'member', user: bot },
      new_chat_member: { status: 'administrator', user: bot },
    }),
    'my_chat_member.removed': update(['chat.deleted'], 700000231, 'my_chat_member', {
      ...member(700000231, { chat: group }),
      old_chat_member: { status: 'administrator', user: bot },
      new_chat_member: { status: 'left', user: bot },
    }),
    chat_member: update(['chat.updated'], 700000218, 'chat_member', {
      ...member(700000218, { chat: group }),
      old_chat_member: { status: 'left', user: owner },
      new_chat_member: { status: 'member', user: owner },
    }),
    chat_join_request: update(['chat.updated'], 700000219, 'chat_join_request', {
      ...member(700000219, { chat: group }),
      user_chat_id: 5550001112,
      bio: 'I like poems',
    }),
    poll: update(['unknown'], 700000220, 'poll', poll),
    poll_answer: update(['unknown'], 700000221, 'poll_answer', {
      poll_id: '5550001110002',
      user: sender,
      option_ids: [0],
    }),
    inline_query: update(['unknown'], 700000222, 'inline_query', {
      id: '5550001110011',
      from: sender,
      query: 'books',
      offset: '',
    }),
    chosen_inline_result: update(['unknown'], 700000223, 'chosen_inline_result', {
      result_id: 'book-1',
      from: sender,
      query: 'books',
    }),
    shipping_query: update(['unknown'], 700000224, 'shipping_query', {
      id: '5550001110012',
      from: sender,
      invoice_payload: 'order-1',
    }),
    pre_checkout_query: update(['unknown'], 700000225, 'pre_checkout_query', {
      id: '5550001110013',
      from: sender,
      currency: 'EUR',
      total_amount: 1450,
      invoice_payload: 'order-1',
    }),
    purchased_paid_media: update(['unknown'], 700000226, 'purchased_paid_media', {
      from: sender,
      paid_media_payload: 'set-1',
    }),
    chat_boost: update(['unknown'], 700000227, 'chat_boost', { chat: group, boost }),
    removed_chat_boost: update(['unknown'], 700000228, 'removed_chat_boost', {
      ...boost,
      remove_date: dateOf(700000228),
    }),
    managed_bot: update(['unknown'], 700000229, 'managed_bot', { user: owner, bot }),
  },
} satisfies Samples;
