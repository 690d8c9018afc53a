import { toIsoTime } from '../../events/time.ts';
import {
  type Delivery,
  type EventReader,
  isRecord,
  notModelled,
  type ProviderEvent,
  readItem,
  unknownEvent,
} from '../provider.ts';
import { accountChange, accountItem } from './account.ts';
import { comment, mention } from './comments.ts';
import { accountLinking, optin, referral } from './contacts.ts';
import { type Context, type ContextReader, hashKey, keyIn } from './context.ts';
import { message, messageEdit, order, postback } from './messages.ts';
import { entryFields } from './payloads.ts';
import { delivery as deliveryReceipt, reaction, read } from './statuses.ts';

/** What an item is, is told by which of these it has. */
const itemReaders: ReadonlyMap<string, ContextReader> = new Map([
  ['message', message],
  ['message_edit', messageEdit],
  ['postback', postback],
  ['order', order],
  ['reaction', reaction],
  ['delivery', deliveryReceipt],
  ['read', read],
  ['referral', referral],
  ['optin', optin],
  ['account_linking', accountLinking],
  ['response_feedback', () => notModelled],
  ...['pass_thread_control', 'take_thread_control', 'request_thread_control', 'app_roles', 'policy_enforcement'].map(
    (name) => [name, accountItem(name)] as const,
  ),
]);

/** Changes that are no items, by their field. */
const changeReaders: ReadonlyMap<string, ContextReader> = new Map([
  ['comments', comment],
  ['live_comments', comment],
  ['mentions', mention],
  ['business_integrity', accountChange('business_integrity')],
  ['story_insights', () => notModelled],
  ['feed', () => notModelled],
]);

/** The names of subscriptions whose items come as changes from the dashboard's test button, and from nowhere else. */
const itemField = /^(?:messages|message_\w+|messaging_\w+|standby|response_feedback|send_cart)$/;

/** What every item has and what therefore says nothing of its kind. */
const envelopeNames: readonly string[] = ['sender', 'recipient', 'timestamp'];

const channels: ReadonlyMap<unknown, Context['channel']> = new Map([
  ['page', 'messenger'],
  ['instagram', 'instagram'],
]);

/** The items and changes of all entries. Messenger and Instagram share the envelope: `object` says which it is. */
export function normalize(payload: unknown, delivery: Delivery): readonly ProviderEvent[] {
  const { object, entry } = isRecord(payload) ? payload : {};
  const channel = channels.get(object);
  if (channel === undefined || !Array.isArray(entry)) {
    return [unknownEvent(payload, { providerEvent: typeof object === 'string' ? object : '' })];
  }
  return entry.flatMap((item: unknown) => readEntry(item, channel, delivery));
}

function readEntry(entry: unknown, channel: Context['channel'], delivery: Delivery): readonly ProviderEvent[] {
  if (!isRecord(entry)) return [unknownEvent(entry, { providerEvent: '' })];
  const { id, time } = entryFields.parse(entry);
  const context: Context = { channel, account: id || undefined, time, mode: undefined };
  const events = [
    ...listOf(entry.messaging).flatMap((item) => readItems(item, item, context, delivery)),
    ...listOf(entry.standby).flatMap((item) => readItems(item, item, { ...context, mode: 'standby' }, delivery)),
    ...listOf(entry.changes).flatMap((change) => readChange(change, context, delivery)),
  ];
  const unread = [entry.messaging, entry.standby, entry.changes].some(
    (list) => list !== undefined && list !== null && !Array.isArray(list),
  );
  return events.length > 0 && !unread ? events : [...events, unreadable(entry, '', context)];
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/**
 * The events of one item: of each kind that it is of, should it be of several.
 *
 * @param raw - the vendor's object that holds the item
 */
function readItems(raw: unknown, item: unknown, context: Context, delivery: Delivery): readonly ProviderEvent[] {
  const fields = isRecord(item) ? item : {};
  const readers = Array.from(itemReaders).filter(([name]) => fields[name] !== undefined && fields[name] !== null);
  if (readers.length === 0) {
    const name = Object.keys(fields).find((key) => !envelopeNames.includes(key)) ?? '';
    return [unreadable(raw, name, context)];
  }
  return readers.flatMap(([name, reader]) =>
    readPart(raw, item, { name: variantOf(name, fields), reader: reader(context), context, delivery }),
  );
}

/** A message that is more than a message is called after what it is. */
function variantOf(name: string, { message: content }: Readonly<Record<string, unknown>>): string {
  if (name !== 'message' || !isRecord(content)) return name;
  const flag = ['is_deleted', 'is_echo', 'is_unsupported'].find((flag) => content[flag] === true);
  return flag === undefined ? name : `${name}.${flag}`;
}

function readChange(change: unknown, context: Context, delivery: Delivery): readonly ProviderEvent[] {
  const { field, value } = isRecord(change) ? change : {};
  const name = typeof field === 'string' ? field : '';
  if (itemField.test(name)) return readItems(change, value, { ...context, mode: 'test' }, delivery);
  const reader = changeReaders.get(name)?.(context);
  return readPart(change, value, { name, reader, context, delivery });
}

/** Reads a part of the vendor's object, which stays in `raw` as a whole. */
function readPart(
  raw: unknown,
  part: unknown,
  about: { name: string; reader: EventReader | undefined; context: Context; delivery: Delivery },
): readonly ProviderEvent[] {
  const { name, reader, context, delivery } = about;
  const events = readItem(raw, delivery, {
    providerEvent: name,
    reader: reader && ((_, origin) => reader(part, origin)),
  });
  return events.map((event) => (event.type === 'unknown' ? inContext(event, context) : event));
}

const unreadable = (raw: unknown, name: string, context: Context): ProviderEvent =>
  inContext(unknownEvent(raw, { providerEvent: name }), context);

/** Also of what cannot be read, it is known whom it is for. */
const inContext = (event: ProviderEvent, context: Context): ProviderEvent => ({
  ...event,
  key: keyIn(context, hashKey(context, event.providerEvent, event.raw)),
  account: context.account,
  mode: context.mode,
  occurredAt: toIsoTime(context.time),
});
