import type { Chat } from '../../events/chat.ts';
import type { Message } from '../../events/message.ts';
import type { Person } from '../../events/person.ts';
import { toPhone } from '../../events/phone.ts';
import { present } from '../../events/present.ts';
import { toIsoTime } from '../../events/time.ts';
import { type EventReader, isRecord, type NormalizedEvent, reads } from '../provider.ts';
import { type Content, contents, storyOf } from './content.ts';
import {
  type About,
  botAsPerson,
  chatAsContact,
  chatAsPerson,
  connectionScope,
  isPrivate,
  messageIdOf,
  type Scope,
  toChat,
  toContact,
  toPerson,
} from './parties.ts';
import * as payloads from './payloads.ts';
import { chatChanges, systemMessages } from './service.ts';

type Payload = payloads.MessagePayload;

/** The keys of a message that say what it is about. */
const subjects = [...contents.keys(), ...chatChanges.keys(), ...systemMessages];

/** What a message is about, in Telegram's word: `photo`, `new_chat_title`; none for what this code does not know. */
export function subjectOf(message: unknown): string | undefined {
  return isRecord(message) ? subjects.find((name) => isThere(message[name])) : undefined;
}

const isThere = (value: unknown) => value !== undefined && value !== null;

/** A new message, or a change of the chat that Telegram tells as a message. */
export const newMessage = (about: About): EventReader =>
  reads(payloads.message, (message, _, raw) => newMessageEvents(message, subjectOf(raw), about, scopeOf(message)));

/** A message of a chat where the bot is no member, which called it by its name. */
export const guestMessage = (about: About): EventReader =>
  reads(payloads.message, (message, _, raw) => newMessageEvents(message, subjectOf(raw), about, 'guest'));

/** The whole new version of a message. */
export const editedMessage = (about: About): EventReader =>
  reads(payloads.message, (message, _, raw) => {
    const chat = toChat(message.chat, about, scopeOf(message));
    const data = withContact({ message: toMessage(message, subjectOf(raw), chat, about), chat }, message, about);
    const occurredAt = toIsoTime(message.edit_date ?? message.date);
    return [{ ...about, type: 'message.updated', occurredAt, ordering: chat.id, data }];
  });

/** Messages that were deleted in an account that the bot is connected to: one event each. */
export const deletedMessages = (about: About): EventReader =>
  reads(payloads.deletedBusinessMessages, ({ business_connection_id, chat: payload, message_ids }) => {
    const chat = toChat(payload, about, connectionScope(business_connection_id));
    return [...new Set(message_ids)].map((id) => ({
      ...about,
      key: `${about.key}:${id}`,
      type: 'message.deleted',
      ordering: chat.id,
      // Who wrote it is not told.
      data: {
        message: { id: messageIdOf(chat.id, id), chatId: chat.id, direction: 'inbound', kind: 'unknown' },
        chat,
      },
    }));
  });

function newMessageEvents(
  message: Payload,
  subject: string | undefined,
  about: About,
  scope: Scope,
): readonly NormalizedEvent[] {
  const chat = toChat(message.chat, about, scope);
  const occurredAt = toIsoTime(message.date);
  const change = chatChanges.get(subject ?? '');
  if (change) return change({ message, chat, about, occurredAt });
  const normalized = toMessage(message, subject, chat, about);
  const data = withContact({ message: normalized, chat }, message, about);
  return [{ ...about, type: `message.${normalized.direction}`, occurredAt, ordering: chat.id, data }];
}

const scopeOf = ({ business_connection_id }: Payload) => connectionScope(business_connection_id);

function toMessage(payload: Payload, subject: string | undefined, chat: Chat, about: About): Message {
  return present({
    id: messageIdOf(chat.id, payload.message_id),
    chatId: chat.id,
    text: payload.caption ?? undefined,
    story: storyOf(payload.reply_to_story),
    ...contentOf(payload, subject),
    ...partiesOf(payload, about),
    replyTo: replyTo(payload, chat),
    forwarded: isThere(payload.forward_origin) || undefined,
    albumId: payload.media_group_id ?? undefined,
    threadId: threadOf(payload),
    sentAt: toIsoTime(payload.date),
    editedAt: toIsoTime(payload.edit_date),
  });
}

function contentOf(payload: Payload, subject = ''): Content {
  const read = contents.get(subject);
  if (read) return read(payload);
  return { kind: systemMessages.includes(subject) || chatChanges.has(subject) ? 'system' : 'unknown' };
}

interface Parties {
  readonly direction: Message['direction'];
  readonly from: Person | undefined;
  readonly to: Person | undefined;
}

function partiesOf(message: Payload, about: About): Parties {
  const { chat } = message;
  if (chat.type === 'channel')
    return { direction: 'outbound', from: senderOf(message) ?? chatAsPerson(chat), to: undefined };
  if (byThisBot(message, about)) {
    return { direction: 'outbound', from: botAsPerson(about), to: isPrivate(chat) ? chatAsPerson(chat) : undefined };
  }
  if (writtenByOwner(message)) return { direction: 'outbound', from: senderOf(message), to: chatAsPerson(chat) };
  return {
    direction: 'inbound',
    from: senderOf(message) ?? (isPrivate(chat) ? chatAsPerson(chat) : undefined),
    // Whose account it is that the bot is connected to is not told with a message.
    to: message.business_connection_id ? undefined : botAsPerson(about),
  };
}

/** The bot's own messages do not come back, but Telegram may tell of what it did: that it pinned a message. */
const byThisBot = ({ from, business_connection_id }: Payload, { account }: About) =>
  !business_connection_id && account !== undefined && from?.id === account;

/** In the chats of a connected account, which are private, everything that is not from the customer is from the business. */
function writtenByOwner({ business_connection_id, sender_business_bot, from, chat }: Payload): boolean {
  if (!business_connection_id) return false;
  return isThere(sender_business_bot) || (isThere(from) && from?.id !== chat.id);
}

/** Where a chat is the sender, `from` holds a stand-in for old programs. */
function senderOf({ sender_chat, from, contact }: Payload): Person | undefined {
  if (sender_chat) return chatAsPerson(sender_chat);
  return from ? present({ ...toPerson(from), phone: ownPhone(contact, from) }) : undefined;
}

/** Who sends the card of themselves tells their number. */
function ownPhone(contact: unknown, { id }: payloads.UserPayload): string | undefined {
  const card = isThere(contact) ? payloads.card.safeParse(contact).data : undefined;
  return card?.user_id === id ? toPhone(card.phone_number) : undefined;
}

/** Adds the person whom the business talks with, if it is one and is known. */
function withContact<T extends object>(data: T, message: Payload, about: About) {
  const { chat, from, sender_chat } = message;
  if (chat.type === 'channel' || sender_chat) return data;
  if (writtenByOwner(message)) return { ...data, contact: chatAsContact(chat) };
  if (from && !byThisBot(message, about))
    return { ...data, contact: present({ ...toContact(from), phone: ownPhone(message.contact, from) }) };
  return isPrivate(chat) ? { ...data, contact: chatAsContact(chat) } : data;
}

function replyTo({ reply_to_message: same, external_reply: other }: Payload, chat: Chat): Message['replyTo'] {
  // Whatever is written in a topic seems to answer the message that began it.
  if (same && !isThere(same.forum_topic_created)) return { messageId: messageIdOf(chat.id, same.message_id) };
  if (!other?.chat || !other.message_id) return undefined;
  return { messageId: messageIdOf(other.chat.id, other.message_id) };
}

/** Outside of topics, the thread is one of answers only, which nothing can be sent to. */
export function threadOf(place: payloads.PlacePayload): string | undefined {
  if (place.direct_messages_topic) return place.direct_messages_topic.topic_id;
  return place.is_topic_message ? (place.message_thread_id ?? undefined) : undefined;
}
