import { present } from '../../events/present.ts';
import { toIsoTime } from '../../events/time.ts';
import { type EventReader, type NormalizedEvent, reads } from '../provider.ts';
import { type About, chatAsPerson, messageIdOf, toChat, toPerson } from './parties.ts';
import * as payloads from './payloads.ts';

/** Somebody's reactions to a message before and after: what is gone is told before what is new. */
export const messageReaction = (about: About): EventReader =>
  reads(payloads.messageReaction, (reaction) => {
    const { user, actor_chat } = reaction;
    const chat = toChat(reaction.chat, about, undefined);
    const common = present({
      messageId: messageIdOf(chat.id, reaction.message_id),
      from: user ? toPerson(user) : actor_chat ? chatAsPerson(actor_chat) : undefined,
      chat,
    });
    const event = (change: 'added' | 'removed', emoji: string): NormalizedEvent => ({
      ...about,
      key: `${about.key}:${change}:${emoji}`,
      type: 'message.reaction',
      occurredAt: toIsoTime(reaction.date),
      ordering: chat.id,
      data: change === 'added' ? { ...common, emoji } : { ...common, emoji: null, removed: emoji },
    });
    const before = new Set(reaction.old_reaction);
    const after = new Set(reaction.new_reaction);
    return [
      ...[...before].filter((emoji) => !after.has(emoji)).map((emoji) => event('removed', emoji)),
      ...[...after].filter((emoji) => !before.has(emoji)).map((emoji) => event('added', emoji)),
    ];
  });
