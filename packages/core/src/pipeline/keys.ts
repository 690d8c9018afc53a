import * as crypto from 'node:crypto';
import { toChannelMessageId, toWamid } from '../events/channel-message-id.ts';
import type { ChatEvent } from '../events/event.ts';
import type { Person } from '../events/person.ts';

/** Longer keys are hashed: stores limit the length of theirs. */
const maxKeyLength = 256;

/**
 * Puts a key below its provider and connection: `wexio:key`, `wexio/acme:key`. Keys of one connection never meet those of
 * another, nor those without one: a tenant must not be able to hide another one's events.
 */
export function scopedKey(provider: string, connection: string | undefined, key: string): string {
  const scope = connection === undefined ? provider : `${provider}/${encodeURIComponent(connection)}`;
  return `${scope}:${key.length > maxKeyLength ? crypto.createHash('sha256').update(key).digest('hex') : key}`;
}

/** What events are claimed and ranked by. */
export interface EventKeys {
  /** Events that share it are one and the same: the first is handled. */
  claim(event: ChatEvent): string;
  /** Statuses that share it supersede each other. */
  rank(event: ChatEvent<'message.status'>): string;
}

/** Makes {@link EventKeys}. */
export function eventKeys(across: 'channel' | undefined): EventKeys {
  if (across === undefined) return { claim: ({ id }) => id, rank: ownRank };
  return {
    claim(event) {
      const what = channelFact(event);
      return what === undefined ? event.id : scopedKey(anyProvider, event.connection, what);
    },
    rank(event) {
      const message = channelMessage(event.data.channelMessageId, event.data.chat?.channel);
      return message === undefined
        ? ownRank(event)
        : scopedKey(anyProvider, event.connection, message + recipientOf(event));
    },
  };
}

/** In the place of a provider's name, which no provider can have. */
const anyProvider = '@channel';

const ownRank = (event: ChatEvent<'message.status'>) =>
  scopedKey(event.provider, event.connection, event.data.messageId + recipientOf(event));

/** What happened to which message of a channel, in words that do not depend on who tells it. */
function channelFact(event: ChatEvent): string | undefined {
  // Copies for observers and placeholders of a backfill have the id of the message that they must not hide.
  if (event.mode !== 'live') return undefined;
  switch (event.type) {
    case 'message.inbound':
    case 'message.outbound':
    case 'message.deleted': {
      const { message, chat } = event.data;
      // A mention in a comment has the id of the comment.
      if (message.kind === 'mention') return undefined;
      const id = channelMessage(message.channelMessageId, chat?.channel);
      return id && `${event.type}:${id}`;
    }
    case 'message.status': {
      const { channelMessageId, chat, status } = event.data;
      const id = channelMessage(channelMessageId, chat?.channel);
      return id && `${event.type}:${status}:${id}${recipientOf(event)}`;
    }
    default:
      // The same message may be edited, or reacted to, more than once.
      return undefined;
  }
}

/** A message by its channel's own id, if it can be told from every other message of that channel by it. */
function channelMessage(id: string | undefined, channel: string | undefined): string | undefined {
  const unique = toChannelMessageId(id, channel);
  if (unique === undefined) return undefined;
  return toWamid(unique) ?? `${channel}:${unique}`;
}

function recipientOf({ data }: ChatEvent<'message.status'>): string {
  return data.partial ? `/${identityOf(data.recipient)}` : '';
}

const identityOf = (person: Person | undefined) => person?.channelUserId ?? person?.phone ?? person?.id ?? '';
