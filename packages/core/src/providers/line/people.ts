import type { Chat } from '../../events/chat.ts';
import type { Person } from '../../events/person.ts';
import { present } from '../../events/present.ts';
import type { Source } from './payloads.ts';

/** A user: LINE tells the id and nothing else. */
export const toPerson = (userId: string): Person => ({ id: userId, channelUserId: userId });

/** @param bot - the bot's own user id */
export const toGroup = (groupId: string, bot: string | undefined): Chat => toChat(groupId, 'group', bot);

/** Where an event happened; `undefined` when LINE does not say. */
export function chatOf(source: Source | null | undefined, bot: string | undefined): Chat | undefined {
  if (source?.groupId) return toGroup(source.groupId, bot);
  return source?.userId ? toChat(source.userId, 'private', bot) : undefined;
}

const toChat = (id: string, kind: Chat['kind'], bot: string | undefined): Chat =>
  present({ id, kind, channel: 'line', channelChatId: id, integrationId: bot });
