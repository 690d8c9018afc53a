import { z } from 'zod';
import { identifier, optionalIdentifier, optionalText, optionalTime } from '../../events/fields.ts';

/*
 * What is read of an Update. Source: core.telegram.org/bots/api, Bot API 10.1 of 11 June 2026. Ids have up to 52
 * significant bits, so that JSON numbers hold them; those of groups and channels are negative.
 */

const optionalNumber = z.number().nullish();
const optionalFlag = z.boolean().nullish();
/** Read for being there only. */
const anything = z.unknown().optional();

const user = z.object({
  id: identifier,
  first_name: optionalText,
  last_name: optionalText,
  username: optionalText,
  language_code: optionalText,
});
const chat = z.object({
  id: identifier,
  type: optionalText,
  title: optionalText,
  username: optionalText,
  first_name: optionalText,
  last_name: optionalText,
});

const file = z.object({
  file_id: identifier,
  mime_type: optionalText,
  file_name: optionalText,
  file_size: optionalNumber,
  duration: optionalNumber,
});
const photo = z.array(file.extend({ width: optionalNumber, height: optionalNumber })).nullish();
const video = file.nullish();
const livePhoto = file.extend({ photo }).nullish();
const paidMedia = z.object({ type: optionalText, photo, video, live_photo: livePhoto });

const location = z.object({ latitude: z.number(), longitude: z.number() });
const story = z.object({ chat: z.object({ id: identifier }), id: identifier }).nullish();
const titled = z.object({ title: optionalText }).nullish();

const content = {
  text: optionalText,
  caption: optionalText,
  animation: file.nullish(),
  live_photo: livePhoto,
  photo,
  video,
  video_note: file.nullish(),
  voice: file.nullish(),
  audio: file.nullish(),
  document: file.nullish(),
  sticker: file.nullish(),
  paid_media: z.object({ paid_media: z.array(paidMedia).nullish() }).nullish(),
  venue: z.object({ location, title: optionalText, address: optionalText }).nullish(),
  location: location.nullish(),
  contact: anything,
  poll: z.object({ question: optionalText }).nullish(),
  dice: z.object({ emoji: optionalText }).nullish(),
  game: titled,
  story,
  checklist: titled,
  invoice: titled,
  rich_message: z.object({ blocks: anything }).nullish(),
  web_app_data: z.object({ data: optionalText, button_text: optionalText }).nullish(),
};

const service = {
  new_chat_title: optionalText,
  new_chat_members: z.array(user).nullish(),
  left_chat_member: user.nullish(),
  chat_owner_changed: z.object({ new_owner: user.nullish() }).nullish(),
  migrate_to_chat_id: optionalIdentifier,
  migrate_from_chat_id: optionalIdentifier,
};

/** Where a message is, as far as a callback query tells it too. */
const place = z.object({
  message_id: identifier,
  chat,
  business_connection_id: optionalIdentifier,
  message_thread_id: optionalIdentifier,
  is_topic_message: optionalFlag,
  direct_messages_topic: z.object({ topic_id: identifier }).nullish(),
});

export const message = place.extend({
  date: optionalTime,
  edit_date: optionalTime,
  from: user.nullish(),
  sender_chat: chat.nullish(),
  sender_business_bot: anything,
  forward_origin: anything,
  media_group_id: optionalIdentifier,
  reply_to_message: z.object({ message_id: identifier, forum_topic_created: anything }).nullish(),
  external_reply: z.object({ chat: z.object({ id: identifier }).nullish(), message_id: optionalIdentifier }).nullish(),
  reply_to_story: story,
  ...content,
  ...service,
});

/** What is read of a contact card beyond passing it on. */
export const card = z.object({ phone_number: optionalText, user_id: optionalIdentifier });

export const businessConnection = z.object({ id: identifier, date: optionalTime });

export const deletedBusinessMessages = z.object({
  business_connection_id: identifier,
  chat,
  message_ids: z.array(identifier),
});

const reactionType = z.union([
  z.object({ type: z.literal('emoji'), emoji: z.string().min(1) }).transform(({ emoji }) => emoji),
  z
    .object({ type: z.literal('custom_emoji'), custom_emoji_id: identifier })
    .transform(({ custom_emoji_id }) => `custom_emoji:${custom_emoji_id}`),
  z.object({ type: z.literal('paid') }).transform(({ type }) => type),
]);

export const messageReaction = z.object({
  chat,
  message_id: identifier,
  user: user.nullish(),
  actor_chat: chat.nullish(),
  date: optionalTime,
  old_reaction: z.array(reactionType),
  new_reaction: z.array(reactionType),
});

const button = z.object({ text: optionalText, callback_data: optionalText, callback_game: anything });

export const callbackQuery = z.object({
  id: identifier,
  from: user,
  message: place
    .extend({ reply_markup: z.object({ inline_keyboard: z.array(z.array(button)).nullish() }).nullish() })
    .nullish(),
  inline_message_id: optionalIdentifier,
  data: optionalText,
  game_short_name: optionalText,
});

export const chatMember = z.object({
  chat,
  from: user.nullish(),
  date: optionalTime,
  old_chat_member: z.object({ status: optionalText, is_member: optionalFlag }).nullish(),
  new_chat_member: z.object({ status: z.string(), is_member: optionalFlag, user: user.nullish() }),
});

export const joinRequest = z.object({ chat, from: user, date: optionalTime });

export type UserPayload = z.infer<typeof user>;
export type ChatPayload = z.infer<typeof chat>;
export type FilePayload = z.infer<typeof file>;
export type PhotoPayload = z.infer<typeof photo>;
export type LivePhotoPayload = z.infer<typeof livePhoto>;
export type PaidMediaPayload = z.infer<typeof paidMedia>;
export type PlacePayload = z.infer<typeof place>;
export type MessagePayload = z.infer<typeof message>;
export type CallbackQuery = z.infer<typeof callbackQuery>;
export type ChatMember = z.infer<typeof chatMember>;
