import type { JsonObject, Sample } from '../samples.ts';

/** The shapes are Telegram's, the values are made up. */
export const iryna = {
  id: 5550001112,
  is_bot: false,
  first_name: 'Iryna',
  last_name: 'Melnyk',
  username: 'iryna_test',
};
export const sender: JsonObject = { ...iryna, language_code: 'uk' };
export const owner: JsonObject = { id: 5550003334, is_bot: false, first_name: 'Olena' };
export const privateChat: JsonObject = {
  id: iryna.id,
  type: 'private',
  first_name: iryna.first_name,
  last_name: iryna.last_name,
  username: iryna.username,
};
export const group: JsonObject = { id: -1005550002223, type: 'supergroup', title: 'Book club', is_forum: true };
export const channel: JsonObject = {
  id: -1005550004445,
  type: 'channel',
  title: 'Shop news',
  username: 'shop_news_test',
};

/** All samples are of one day, a second apart. */
export const dateOf = (updateId: number): number => 1781079000 + (updateId % 1000);

/** A message of somebody in a private chat. */
const message = (updateId: number, fields: JsonObject): JsonObject => ({
  message_id: updateId % 1000,
  date: dateOf(updateId),
  from: sender,
  chat: privateChat,
  ...fields,
});

const inbound = (updateId: number, fields: JsonObject): Sample => ({
  types: ['message.inbound'],
  payload: { update_id: updateId, message: message(updateId, fields) },
});

const inGroup = (updateId: number, types: Sample['types'], fields: JsonObject): Sample => ({
  types,
  payload: { update_id: updateId, message: message(updateId, { chat: group, ...fields }) },
});

/** A made-up file. Real ids are longer. */
const file = (name: string, fields: JsonObject = {}): JsonObject => ({
  file_id: `file-TEST-${name}`,
  file_unique_id: `unique-TEST-${name}`,
  file_size: 20480,
  ...fields,
});
const photo = [file('small', { width: 90, height: 60 }), file('large', { width: 1280, height: 853 })];

/** Messages of every kind, and service messages. */
export const messageSamples = {
  'message.text': inbound(700000101, {
    text: 'Is the shop open on Sunday? ☀️',
    reply_to_message: { message_id: 90, date: dateOf(700000090), chat: privateChat, text: 'Anything else?' },
  }),
  'message.text.external_reply': inbound(700000137, {
    text: 'Do you still have it?',
    external_reply: {
      origin: { type: 'channel', chat: channel, message_id: 201, date: dateOf(700000201) },
      chat: channel,
      message_id: 201,
    },
    quote: { text: 'New books', position: 0 },
  }),
  'message.text.start_link': inbound(700000102, {
    text: '/start spring_sale',
    entities: [{ type: 'bot_command', offset: 0, length: 6 }],
  }),
  'message.photo': inbound(700000103, {
    photo,
    caption: 'The label',
    media_group_id: '13550001112220001',
    forward_origin: { type: 'hidden_user', date: 1781000000, sender_user_name: 'Taras' },
  }),
  'message.live_photo': inbound(700000104, {
    live_photo: file('live', { photo, duration: 3, width: 640, height: 480, mime_type: 'video/mp4' }),
    photo,
  }),
  'message.video': inbound(700000105, {
    video: file('video', { duration: 12, width: 640, height: 480, mime_type: 'video/mp4', file_name: 'shelf.mp4' }),
  }),
  'message.video_note': inbound(700000106, { video_note: file('note', { duration: 5, length: 240 }) }),
  'message.animation': inbound(700000107, {
    animation: file('animation', { duration: 2, width: 320, height: 240, mime_type: 'video/mp4' }),
    document: file('animation', { mime_type: 'video/mp4' }),
  }),
  'message.voice': inbound(700000108, { voice: file('voice', { duration: 4, mime_type: 'audio/ogg' }) }),
  'message.audio': inbound(700000109, {
    audio: file('audio', { duration: 200, mime_type: 'audio/mpeg', file_name: 'song.mp3', title: 'Song' }),
  }),
  'message.document': inbound(700000110, {
    document: file('document', { mime_type: 'application/pdf', file_name: 'order.pdf' }),
  }),
  'message.sticker': inbound(700000111, {
    sticker: file('sticker', { type: 'regular', width: 512, height: 512, is_animated: false, is_video: false }),
  }),
  'message.location': inbound(700000112, { location: { latitude: 50.45, longitude: 30.52 } }),
  'message.venue': inbound(700000113, {
    venue: { location: { latitude: 50.45, longitude: 30.52 }, title: 'The shop', address: 'Test street 1' },
    location: { latitude: 50.45, longitude: 30.52 },
  }),
  'message.contact': inbound(700000114, {
    contact: { phone_number: '+380000000001', first_name: 'Iryna', user_id: iryna.id },
  }),
  'message.poll': inbound(700000115, {
    poll: { id: '5550001110001', question: 'Tea or coffee?', options: [{ text: 'Tea', voter_count: 0 }] },
  }),
  'message.dice': inbound(700000116, { dice: { emoji: '🎲', value: 4 } }),
  'message.game': inbound(700000117, { game: { title: 'Chess', description: 'A game', photo } }),
  'message.story': inbound(700000118, { story: { chat: channel, id: 7 } }),
  'message.text.story': inbound(700000119, { text: 'Nice!', reply_to_story: { chat: channel, id: 8 } }),
  'message.paid_media': inbound(700000120, {
    paid_media: { star_count: 5, paid_media: [{ type: 'photo', photo }] },
    caption: 'Behind the scenes',
  }),
  'message.checklist': inbound(700000121, { checklist: { title: 'To pack', tasks: [{ id: 1, text: 'Books' }] } }),
  'message.invoice': inbound(700000138, {
    invoice: { title: 'Two books', description: 'Poems', start_parameter: '', currency: 'EUR', total_amount: 1450 },
  }),
  'message.giveaway': inGroup(700000139, ['message.inbound'], {
    giveaway: { chats: [channel], winners_selection_date: dateOf(700000999), winner_count: 1 },
  }),
  'message.giveaway_winners': inGroup(700000140, ['message.inbound'], {
    giveaway_winners: {
      chat: channel,
      giveaway_message_id: 139,
      winners_selection_date: dateOf(700000140),
      winner_count: 1,
      winners: [sender],
    },
  }),
  'message.rich_message': inbound(700000122, {
    rich_message: {
      blocks: [
        { type: 'heading', size: 1, text: 'My order' },
        { type: 'paragraph', text: ['Two of ', { type: 'bold', text: 'these' }] },
      ],
    },
  }),
  'message.web_app_data': inbound(700000123, {
    web_app_data: { button_text: 'Choose a size', data: '{"size":"M"}' },
  }),
  'message.successful_payment': inbound(700000124, {
    successful_payment: {
      currency: 'EUR',
      total_amount: 1450,
      invoice_payload: 'order-1',
      telegram_payment_charge_id: 'charge-TEST-1',
      provider_payment_charge_id: 'charge-TEST-2',
    },
  }),
  'message.users_shared': inbound(700000141, { users_shared: { request_id: 1, users: [{ user_id: 5550003334 }] } }),
  'message.write_access_allowed': inbound(700000142, { write_access_allowed: { from_request: true } }),
  'message.text.topic': inGroup(700000125, ['message.inbound'], {
    text: 'Page 12!',
    message_thread_id: 3,
    is_topic_message: true,
    reply_to_message: { message_id: 3, date: dateOf(700000003), chat: group, forum_topic_created: { name: 'Poems' } },
  }),
  'message.text.anonymous': inGroup(700000126, ['message.inbound'], {
    text: 'Welcome.',
    from: { id: 1087968824, is_bot: true, first_name: 'Group' },
    sender_chat: group,
  }),
  'message.forum_topic_created': inGroup(700000127, ['message.inbound'], {
    message_thread_id: 127,
    is_topic_message: true,
    forum_topic_created: { name: 'Essays', icon_color: 7322096 },
  }),
  'message.pinned_message': inGroup(700000128, ['message.inbound'], {
    pinned_message: { message_id: 125, date: dateOf(700000125), chat: group, text: 'Page 12!' },
  }),
  'message.group_chat_created': inGroup(700000129, ['chat.updated'], {
    chat: { id: -5550002224, type: 'group', title: 'Choir' },
    group_chat_created: true,
  }),
  'message.new_chat_title': inGroup(700000130, ['chat.updated'], { new_chat_title: 'Reading club' }),
  'message.new_chat_photo': inGroup(700000131, ['chat.updated'], { new_chat_photo: photo }),
  'message.delete_chat_photo': inGroup(700000143, ['chat.updated'], { delete_chat_photo: true }),
  'message.chat_owner_left': inGroup(700000144, ['chat.updated'], { chat_owner_left: { new_owner: owner } }),
  'message.chat_owner_changed': inGroup(700000145, ['chat.updated'], { chat_owner_changed: { new_owner: owner } }),
  'message.new_chat_members': inGroup(700000132, ['chat.updated', 'chat.updated'], {
    new_chat_members: [sender, owner],
  }),
  'message.left_chat_member': inGroup(700000133, ['chat.updated'], { left_chat_member: sender }),
  'message.migrate_to_chat_id': inGroup(700000134, ['chat.updated'], {
    chat: { id: -5550002224, type: 'group', title: 'Choir' },
    migrate_to_chat_id: -1005550002224,
  }),
  'message.migrate_from_chat_id': inGroup(700000135, ['chat.updated'], {
    chat: { id: -1005550002224, type: 'supergroup', title: 'Choir' },
    migrate_from_chat_id: -5550002224,
  }),
  edited_message: {
    types: ['message.updated'],
    payload: {
      update_id: 700000136,
      edited_message: message(700000101, { text: 'Is the shop open this Sunday?', edit_date: dateOf(700000136) }),
    },
  },
} satisfies Record<string, Sample>;
