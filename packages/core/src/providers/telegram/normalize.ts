import { identifier } from '../../events/fields.ts';
import { toIsoTime } from '../../events/time.ts';
import {
  type Delivery,
  type EventReader,
  isRecord,
  notModelled,
  type Provider,
  type ProviderEvent,
  readItem,
  reads,
  unknownEvent,
} from '../provider.ts';
import { callbackQuery } from './callbacks.ts';
import { botMembership, joinRequest, membership } from './members.ts';
import { deletedMessages, editedMessage, guestMessage, newMessage, subjectOf } from './messages.ts';
import type { About } from './parties.ts';
import * as payloads from './payloads.ts';
import { messageReaction } from './reactions.ts';

type UpdateReader = (about: About) => EventReader;

/** The connection to a business's own account was made, changed or ended. */
const businessConnection: UpdateReader = (about) =>
  reads(payloads.businessConnection, ({ id, date }, _, payload) => {
    const data = { change: 'business_connection', payload };
    return [{ ...about, type: 'account.updated', occurredAt: toIsoTime(date), ordering: id, data }];
  });

const passedOn: UpdateReader = () => notModelled;

/** What an update holds, by the key that holds it. */
const readers: ReadonlyMap<string, UpdateReader> = new Map([
  ['message', newMessage],
  ['edited_message', editedMessage],
  ['channel_post', newMessage],
  ['edited_channel_post', editedMessage],
  ['business_connection', businessConnection],
  ['business_message', newMessage],
  ['edited_business_message', editedMessage],
  ['deleted_business_messages', deletedMessages],
  ['guest_message', guestMessage],
  ['message_reaction', messageReaction],
  ['message_reaction_count', passedOn],
  ['inline_query', passedOn],
  ['chosen_inline_result', passedOn],
  ['callback_query', callbackQuery],
  ['shipping_query', passedOn],
  ['pre_checkout_query', passedOn],
  ['purchased_paid_media', passedOn],
  ['poll', passedOn],
  ['poll_answer', passedOn],
  ['my_chat_member', botMembership],
  ['chat_member', membership],
  ['chat_join_request', joinRequest],
  ['chat_boost', passedOn],
  ['removed_chat_boost', passedOn],
  ['managed_bot', passedOn],
]);

const messageReaders = new Set<UpdateReader>([newMessage, editedMessage, guestMessage]);

/** Telegram's updates. The number of the update is the dedup key, under the id of the bot: each bot counts for itself. */
export function normalizer(botIdOf: (delivery: Delivery) => string | undefined): Provider['normalize'] {
  return (update, delivery) => {
    if (!isRecord(update)) return [unknownEvent(update, { providerEvent: '' })];
    const account = botIdOf(delivery);
    const id = identifier.safeParse(update.update_id).data;
    const key = account === undefined || id === undefined ? id : `${account}:${id}`;
    // At most one is promised. Should there be more, each is read.
    const contents = [...readers].filter(([name]) => update[name] !== undefined && update[name] !== null);
    if (contents.length === 0) {
      const providerEvent = Object.keys(update).find((name) => name !== 'update_id') ?? '';
      return [unknownEvent(update, { providerEvent, key })];
    }
    return contents.flatMap(([name, reader]) => {
      const own = contents.length > 1 && key !== undefined ? `${key}:${name}` : key;
      return readContent(update, delivery, { name, reader, key: own, account });
    });
  };
}

function readContent(
  update: Readonly<Record<string, unknown>>,
  delivery: Delivery,
  about: {
    readonly name: string;
    readonly reader: UpdateReader;
    readonly key: string | undefined;
    readonly account: string | undefined;
  },
): readonly ProviderEvent[] {
  const { name, reader, key, account } = about;
  const content = update[name];
  const subject = messageReaders.has(reader) ? subjectOf(content) : undefined;
  const providerEvent = subject === undefined ? name : `${name}.${subject}`;
  if (key === undefined) {
    const issues = [{ path: 'update_id', message: 'Expected the number of the update' }];
    return [unknownEvent(update, { providerEvent, reason: 'invalid_payload', issues })];
  }
  return readItem(update, delivery, {
    providerEvent,
    key,
    reader() {
      const read = reader({ key, account })(content, delivery);
      if ('reason' in read) {
        const issues = read.issues?.map(({ path, message }) => ({ path: path ? `${name}.${path}` : name, message }));
        return issues ? { reason: read.reason, issues } : read;
      }
      // An empty list, or the same reactions before and after: nothing happened, but it was told.
      return read.length > 0 ? read : { reason: 'not_modelled' };
    },
  });
}
