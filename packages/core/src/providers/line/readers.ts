import type { z } from 'zod';
import { present } from '../../events/present.ts';
import { toIsoTime } from '../../events/time.ts';
import { type EventReader, type NormalizedEvent, notModelled, reads } from '../provider.ts';
import { envelopeOf, toContent } from './message.ts';
import * as payloads from './payloads.ts';
import { chatOf, toGroup, toPerson } from './people.ts';

/** What is known of an event before it is read. */
interface About {
  readonly key: string;
  /** The bot's own user id, which the batch names. */
  readonly bot: string | undefined;
}
type Reader = (about: About) => EventReader;

function reader<S extends z.ZodType>(
  schema: S,
  toEvents: (event: z.output<S>, about: About, raw: unknown) => readonly NormalizedEvent[],
): Reader {
  return (about) => reads(schema, (event, _, raw) => toEvents(event, about, raw));
}

/** A reader of each of LINE's events. */
export const readers: ReadonlyMap<string, Reader> = new Map(
  Object.entries({
    message: reader(payloads.message, (event, { key, bot }) => {
      const chat = chatOf(event.source, bot);
      const message = { ...envelopeOf(event, chat, bot), ...toContent(event.message) };
      return [{ type: 'message.inbound', key, ordering: chat?.id, data: present({ message, chat }) }];
    }),
    postback: reader(payloads.postback, (event, { key, bot }) => {
      const chat = chatOf(event.source, bot);
      const { data: id, params } = event.postback;
      const interactive = present({ id, payload: params ?? undefined });
      // A tap has no id but that of the event.
      const message = { ...envelopeOf(event, chat, bot), id: key, kind: 'button', interactive };
      return [{ type: 'message.inbound', key, ordering: chat?.id, data: present({ message, chat }) }];
    }),
    unsend: reader(payloads.unsend, (event, { key, bot }) => {
      const chat = chatOf(event.source, bot);
      const { sentAt: deletedAt, ...envelope } = envelopeOf(event, chat, bot);
      const message = { ...envelope, id: event.unsend.messageId, kind: 'unknown' };
      return [{ type: 'message.deleted', key, ordering: chat?.id, data: present({ message, chat, deletedAt }) }];
    }),
    follow: reader(payloads.follow, ({ source, follow }, { key }) => {
      const data = { contact: { ...toPerson(source.userId), subscribed: true } };
      const type = follow?.isUnblocked ? 'contact.updated' : 'contact.created';
      return [{ type, key, ordering: source.userId, data }];
    }),
    unfollow: reader(payloads.unfollow, ({ source }, { key }) => {
      const data = { contact: { ...toPerson(source.userId), subscribed: false } };
      return [{ type: 'contact.updated', key, ordering: source.userId, data }];
    }),
    accountLink: reader(payloads.accountLink, ({ source, link }, { key }) => {
      const fields = present({ 'link.result': link.result ?? undefined, 'link.nonce': link.nonce ?? undefined });
      const data = { contact: { ...toPerson(source.userId), fields } };
      return [{ type: 'contact.updated', key, ordering: source.userId, data }];
    }),
    join: reader(payloads.groupEvent, ({ source }, { key, bot }) => {
      const chat = toGroup(source.groupId, bot);
      return [{ type: 'chat.created', key, ordering: chat.id, data: { chat } }];
    }),
    leave: reader(payloads.groupEvent, ({ source, timestamp }, { key, bot }) => {
      const chat = toGroup(source.groupId, bot);
      const deletedAt = toIsoTime(timestamp);
      return [{ type: 'chat.deleted', key, ordering: chat.id, data: present({ chat, deletedAt }) }];
    }),
    memberJoined: reader(payloads.memberJoined, ({ source, joined }, about) =>
      membersChanged(source.groupId, joined.members, about),
    ),
    memberLeft: reader(payloads.memberLeft, ({ source, left }, about) =>
      membersChanged(source.groupId, left.members, about),
    ),
    module: accountReader('module'),
    activated: accountReader('activated'),
    deactivated: accountReader('deactivated'),
    botSuspended: accountReader('botSuspended'),
    botResumed: accountReader('botResumed'),
    videoPlayComplete: () => notModelled,
    beacon: () => notModelled,
    membership: () => notModelled,
    delivery: () => notModelled,
  } satisfies Record<string, Reader>),
);

/** What becomes of the bot and its right to answer. */
function accountReader(change: string): Reader {
  return reader(payloads.anyEvent, (event, { key, bot }, payload) => [
    { type: 'account.updated', key, ordering: chatOf(event.source, bot)?.id, data: { change, payload } },
  ]);
}

/** One change of the group for each member: `contact` is who joined or left. */
function membersChanged(groupId: string, members: payloads.Members, { key, bot }: About): readonly NormalizedEvent[] {
  const chat = toGroup(groupId, bot);
  const change = { type: 'chat.updated', key, ordering: chat.id } as const;
  if (members.length === 0) return [{ ...change, data: { chat } }];
  return members.map(({ userId }, index) => ({
    ...change,
    key: `${key}:${index}`,
    data: present({ chat, contact: userId ? toPerson(userId) : undefined }),
  }));
}
