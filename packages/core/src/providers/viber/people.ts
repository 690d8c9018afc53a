import type { Chat } from '../../events/chat.ts';
import type { Contact } from '../../events/contact.ts';
import type { Person } from '../../events/person.ts';
import { present } from '../../events/present.ts';
import type { User } from './payloads.ts';

/** A user as a person; `undefined` when nobody knows who it is. */
export function toPerson(id: string | null | undefined, name?: string | null): Person | undefined {
  const person = present({ id: id || undefined, channelUserId: id || undefined, name: name || undefined });
  return Object.keys(person).length > 0 ? person : undefined;
}

/** A user's record, with what Viber tells of the profile. */
export function toContact(user: User): Contact {
  return {
    ...toPerson(user.id, user.name),
    ...present({
      photoUrl: user.avatar || undefined,
      language: user.language?.toLowerCase() || undefined,
      country: user.country?.toUpperCase() || undefined,
    }),
  };
}

/** The conversation with a user: there is one per user and bot, and no other kind. */
export const toChat = (userId: string, name?: string | null): Chat =>
  present({
    id: userId,
    kind: 'private' as const,
    channel: 'viber',
    channelChatId: userId,
    title: name || undefined,
  });
