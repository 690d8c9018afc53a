import type { Chat } from '../../events/chat.ts';
import type { Person } from '../../events/person.ts';
import { present } from '../../events/present.ts';
import { type NormalizedEvent, reads } from '../provider.ts';
import { about, type Context, type ContextReader } from './context.ts';
import * as payloads from './payloads.ts';

/*
 * The ids of comments are not given as the channel's ids of messages: a comment and the mention in it share one, and
 * either would hide the other from a receiver that counts what is told of one message once.
 */

/** A comment on a post, a reel, an advertisement or a live video of the account. */
export const comment: ContextReader = (context) =>
  reads(payloads.comment, (value): readonly NormalizedEvent[] => {
    const { id, text, parent_id, media } = value;
    const person = toPerson(value.from);
    const outbound = person?.id !== undefined && person.id === context.account;
    const business = toBusiness(context);
    const chat = toPost(media?.id, context);
    const referral = present({
      sourceId: media?.ad_id || undefined,
      sourceType: media?.ad_id ? 'ad' : undefined,
      headline: media?.ad_title || undefined,
    });
    const message = present({
      id,
      chatId: chat?.id,
      direction: outbound ? ('outbound' as const) : ('inbound' as const),
      kind: 'comment',
      text,
      replyTo: parent_id ? { messageId: parent_id } : undefined,
      referral: Object.keys(referral).length > 0 ? referral : undefined,
      from: outbound ? business : person,
      to: outbound ? undefined : business,
    });
    return [
      {
        ...about(context, `comment:${id}`, { ordering: chat?.id ?? person?.id }),
        type: outbound ? 'message.outbound' : 'message.inbound',
        data: present({ message, chat }),
      },
    ];
  });

/** A mention in a comment or in a caption. Neither who wrote it nor what is told: both can be fetched by the ids. */
export const mention: ContextReader = (context) =>
  reads(payloads.mention, ({ media_id, comment_id }): readonly NormalizedEvent[] => {
    const id = comment_id || media_id || '';
    const chat = toPost(media_id, context);
    const message = present({
      id,
      chatId: chat?.id,
      direction: 'inbound' as const,
      kind: 'mention',
      to: toBusiness(context),
    });
    return [
      {
        ...about(context, `mention:${id}`, { ordering: chat?.id }),
        type: 'message.inbound',
        data: present({ message, chat }),
      },
    ];
  });

/** The conversation that comments belong to is the one below a post, which everybody can read. */
function toPost(id: string | null | undefined, { channel, account }: Context): Chat | undefined {
  if (!id) return undefined;
  return present({ id, kind: 'channel' as const, channel, channelChatId: id, integrationId: account });
}

const toBusiness = ({ account }: Context): Person | undefined => (account === undefined ? undefined : { id: account });

function toPerson(from: payloads.CommentPayload['from']): Person | undefined {
  const id = from?.id || undefined;
  const person = present({ id, channelUserId: id, username: from?.username || undefined });
  return Object.keys(person).length > 0 ? person : undefined;
}
