import type { Chat } from '../../events/chat.ts';
import type { Contact } from '../../events/contact.ts';
import { fullName } from '../../events/names.ts';
import type { Person } from '../../events/person.ts';
import { toPhone } from '../../events/phone.ts';
import { present } from '../../events/present.ts';
import { toIsoTime } from '../../events/time.ts';
import type * as payloads from './payloads.ts';

/** Our side: the number, bot or page of the chat. */
export const ourSide = (message: payloads.MessagePayload, chat: payloads.ChatPayload): Person | undefined => {
  const id = message.integrationId || chat.integrationId;
  return id ? { id } : undefined;
};

/** The person at the other end of a chat. */
export function toPerson(
  chat: payloads.ChatPayload,
  contact: payloads.ContactPayload | null | undefined,
): Person | undefined {
  const person = present({
    id: contact?.peopleId,
    phone: toPhone(contact?.phoneNumber),
    username: chat.username ?? undefined,
    channelUserId: chat.telegramId ?? chat.viberId ?? chat.instagramId ?? chat.whatsappId ?? undefined,
    name: fullName(contact?.firstName, contact?.lastName) ?? fullName(chat.firstName, chat.lastName),
  });
  return Object.keys(person).length > 0 ? person : undefined;
}

/** A conversation. */
export function toChat(chat: payloads.ChatPayload): Chat {
  return { id: chat.id, ...chatFields(chat) };
}

/** As much of a conversation as there is: of `previous`, the changed fields alone. */
export function chatFields(chat: payloads.ChatFields): Partial<Chat> {
  return present({
    channel: chat.channel?.toLowerCase(),
    channelChatId:
      chat.externalChatId ?? chat.whatsappId ?? chat.telegramId ?? chat.viberId ?? chat.instagramId ?? undefined,
    integrationId: chat.integrationId ?? undefined,
    title: chat.title ?? fullName(chat.firstName, chat.lastName),
    username: chat.username ?? undefined,
    photoUrl: chat.photoUrl ?? undefined,
    createdAt: toIsoTime(chat.createdAt),
    updatedAt: toIsoTime(chat.updatedAt),
    archivedAt: chat.archivedAt === null ? null : toIsoTime(chat.archivedAt),
  });
}

/** A contact. */
export function toContact(contact: payloads.ContactPayload): Contact {
  return { id: contact.peopleId, ...contactFields(contact) };
}

/** As much of a contact as there is. */
export function contactFields(contact: payloads.ContactFields): Partial<Contact> {
  const { systemFields, customFields } = contact;
  return present({
    phone: toPhone(contact.phoneNumber),
    email: contact.email,
    name: fullName(contact.firstName, contact.lastName),
    firstName: contact.firstName,
    lastName: contact.lastName,
    tags: contact.tags ?? undefined,
    fields: systemFields || customFields ? { ...systemFields, ...customFields } : undefined,
    createdAt: toIsoTime(contact.createdAt),
    updatedAt: toIsoTime(contact.updatedAt),
  });
}
