import type { Chat } from '../../events/chat.ts';
import type { Contact } from '../../events/contact.ts';
import { fullName } from '../../events/names.ts';
import type { Person } from '../../events/person.ts';
import { present } from '../../events/present.ts';
import type { ChatPayload, UserPayload } from './payloads.ts';

/** What all events of an update have in common. */
export interface About {
  /** Of the update: an event's own key where the update is one event, otherwise what its events' keys begin with. */
  readonly key: string;
  /** The bot's id, if the app told it. */
  readonly account: string | undefined;
}

/**
 * Tells apart chats that share an id: those of a business connection belong to the business's own account, and those where
 * a guest bot was called are chats of others. None for the bot's own chats.
 */
export type Scope = { readonly connection: string } | 'guest' | undefined;

/** The id of a chat in our events. */
export function chatIdOf(chatId: string, scope: Scope): string {
  if (scope === undefined) return chatId;
  return `${scope === 'guest' ? scope : scope.connection}:${chatId}`;
}

/** The id of a message in our events: Telegram's is unique in its chat only. */
export const messageIdOf = (chatId: string, messageId: string): string => `${chatId}:${messageId}`;

/** The chats of a business connection, if there is one. */
export const connectionScope = (connection: string | null | undefined): Scope =>
  connection ? { connection } : undefined;

const kinds = new Map<string, Chat['kind']>([
  ['private', 'private'],
  ['group', 'group'],
  ['supergroup', 'group'],
  ['channel', 'channel'],
]);

/** Whether it is a conversation with one person. */
export const isPrivate = (chat: ChatPayload): boolean => chat.type === 'private';

export function toChat(chat: ChatPayload, about: About, scope: Scope): Chat {
  return present({
    id: chatIdOf(chat.id, scope),
    kind: kinds.get(chat.type ?? ''),
    channel: 'telegram',
    channelChatId: chat.id,
    // The business talks through its own account where the bot is connected to that.
    integrationId: typeof scope === 'object' ? scope.connection : about.account,
    title: titleOf(chat),
    username: chat.username ?? undefined,
    contactId: isPrivate(chat) && scope !== 'guest' ? chat.id : undefined,
  });
}

/** A group or channel that acts as one, and the person of a private chat. */
export function chatAsPerson(chat: ChatPayload): Person {
  return present({
    id: chat.id,
    channelUserId: chat.id,
    username: chat.username ?? undefined,
    name: titleOf(chat),
  });
}

const titleOf = (chat: ChatPayload) => chat.title ?? fullName(chat.first_name, chat.last_name);

export function toPerson(user: UserPayload): Person {
  return present({
    id: user.id,
    channelUserId: user.id,
    username: user.username ?? undefined,
    name: fullName(user.first_name, user.last_name),
  });
}

/** The bot, as the other side of what people write to it. */
export const botAsPerson = ({ account }: About): Person | undefined =>
  account === undefined ? undefined : { id: account };

export function toContact(user: UserPayload): Contact {
  return present({
    ...toPerson(user),
    firstName: user.first_name ?? undefined,
    lastName: user.last_name ?? undefined,
    language: user.language_code?.toLowerCase(),
  });
}

/** The person of a private chat. A chat does not tell the language. */
export const chatAsContact = ({ id, username, first_name, last_name }: ChatPayload): Contact =>
  toContact({ id, username, first_name, last_name, language_code: undefined });
