import { present } from '../../events/present.ts';
import { toIsoTime } from '../../events/time.ts';
import { type EventReader, type NormalizedEvent, reads } from '../provider.ts';
import { type About, chatAsContact, isPrivate, toChat, toContact } from './parties.ts';
import * as payloads from './payloads.ts';

/** What became of the bot itself: in a private chat, whether the person blocked it; elsewhere, whether it is in the chat. */
export const botMembership = (about: About): EventReader =>
  reads(payloads.chatMember, (change) => {
    const subscribed = isPrivate(change.chat) ? isSubscribed(change.new_chat_member.status) : undefined;
    return [subscribed === undefined ? botsPlace(change, about) : subscription(change, subscribed, about)];
  });

/** What became of another member, who is the contact of the event. */
export const membership = (about: About): EventReader =>
  reads(payloads.chatMember, ({ chat: payload, new_chat_member: { user }, date }) => {
    const chat = toChat(payload, about, undefined);
    const data = present({ chat, contact: user ? toContact(user) : undefined });
    return [{ ...about, type: 'chat.updated', occurredAt: toIsoTime(date), ordering: chat.id, data }];
  });

/** Somebody asks to be let in. */
export const joinRequest = (about: About): EventReader =>
  reads(payloads.joinRequest, ({ chat: payload, from, date }) => {
    const chat = toChat(payload, about, undefined);
    const data = { chat, contact: toContact(from) };
    return [{ ...about, type: 'chat.updated', occurredAt: toIsoTime(date), ordering: chat.id, data }];
  });

function subscription(change: payloads.ChatMember, subscribed: boolean, about: About): NormalizedEvent {
  const { chat, from, date, old_chat_member } = change;
  const person = from && from.id === chat.id ? toContact(from) : chatAsContact(chat);
  const before = isSubscribed(old_chat_member?.status);
  return {
    ...about,
    type: 'contact.updated',
    occurredAt: toIsoTime(date),
    ordering: chat.id,
    data: present({
      contact: { ...person, subscribed },
      previous: before === undefined ? undefined : { subscribed: before },
    }),
  };
}

/** For the bot, and so for the app, a group or channel begins when the bot comes in, and ends when it is out. */
function botsPlace(change: payloads.ChatMember, about: About): NormalizedEvent {
  const { old_chat_member: before, new_chat_member: after } = change;
  const chat = { ...toChat(change.chat, about, undefined), status: after.status };
  const occurredAt = toIsoTime(change.date);
  const common = { ...about, occurredAt, ordering: chat.id };
  if (!isPrivate(change.chat)) {
    const [wasIn, isIn] = [isInside(before), isInside(after)];
    if (wasIn === false && isIn) return { ...common, type: 'chat.created', data: { chat } };
    if (wasIn !== false && isIn === false) {
      return { ...common, type: 'chat.deleted', data: present({ chat, deletedAt: occurredAt }) };
    }
  }
  const previous = before?.status ? { status: before.status } : undefined;
  return { ...common, type: 'chat.updated', data: present({ chat, previous }) };
}

/** Whether that is somebody inside of the chat; `undefined` if it is not told. Restrictions outlast leaving. */
function isInside(member: payloads.ChatMember['old_chat_member']): boolean | undefined {
  if (!member?.status) return undefined;
  if (member.status === 'restricted') return member.is_member !== false;
  return member.status !== 'left' && member.status !== 'kicked';
}

function isSubscribed(status: string | null | undefined): boolean | undefined {
  if (status === 'kicked') return false;
  return status === 'member' ? true : undefined;
}
