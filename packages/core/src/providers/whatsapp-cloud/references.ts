import { present } from '../../events/present.ts';
import type { NormalizedEvent, ProviderEvent } from '../provider.ts';
import { contentOf } from './content.ts';
import { systemIdentityChange } from './identity.ts';
import { misfit } from './items.ts';
import { plainMessage, type Reading, toMessage, withSides } from './message.ts';
import * as payloads from './payloads.ts';
import { toContact } from './scope.ts';

type Read = readonly NormalizedEvent[] | ProviderEvent;

/** Types that are about something else than a message of their own. The others, known or not, are messages. */
export const specialReaders: ReadonlyMap<string, (reading: Reading) => Read> = new Map([
  ['reaction', readReaction],
  ['edit', readEdit],
  ['revoke', readRevoke],
  ['system', readSystem],
  ['request_welcome', readWelcome],
]);

function readReaction({ payload, item, sides, scope }: Reading): Read {
  const result = payloads.reaction.safeParse(item);
  const key = `reaction:${payload.id}`;
  if (!result.success) return misfit(item, scope, result.error, { name: `${scope.field}.${payload.type}`, key });
  const { message_id: messageId, emoji } = result.data.reaction;
  const { from, chat } = sides;
  const data = present({ messageId, channelMessageId: messageId, emoji: emoji || null, from, chat });
  return [{ type: 'message.reaction', key, data }];
}

function readEdit(reading: Reading): Read {
  const { payload, item, sides, scope } = reading;
  const result = payloads.edit.safeParse(item);
  const key = `edit:${payload.id}`;
  if (!result.success) return misfit(item, scope, result.error, { name: `${scope.field}.${payload.type}`, key });
  const { original_message_id: id, message: version } = result.data.edit;
  const { type = 'unknown', context = payload.context } = version;
  const editedAt = scope.time(payload.timestamp);
  const message = toMessage(reading, id, { type, content: contentOf(type, version), context, editedAt });
  return [{ type: 'message.updated', key, data: withSides({ message }, sides) }];
}

function readRevoke({ payload, item, sides, scope }: Reading): Read {
  const result = payloads.revoke.safeParse(item);
  const key = `delete:${payload.id}`;
  if (!result.success) return misfit(item, scope, result.error, { name: `${scope.field}.${payload.type}`, key });
  const { original_message_id: id } = result.data.revoke;
  const { direction, from, to, chat } = sides;
  const message = present({ id, channelMessageId: id, chatId: chat?.id, direction, kind: 'unknown', from, to });
  const deletedAt = scope.time(payload.timestamp);
  return [{ type: 'message.deleted', key, data: withSides(present({ message, deletedAt }), sides) }];
}

function readSystem(reading: Reading): Read {
  const change = systemIdentityChange(reading.payload, reading.item.system, reading.scope);
  return change ? [...plainMessage(reading), change] : plainMessage(reading);
}

/** Somebody opened the chat for the first time, and wrote nothing yet. */
function readWelcome(reading: Reading): Read {
  const { payload, sides } = reading;
  const { chat, person, entry } = sides;
  if (!chat) return plainMessage(reading);
  const contact = toContact(person, entry) ?? person;
  return [{ type: 'chat.created', key: `welcome:${payload.id}`, data: present({ chat, contact }) }];
}
