import { toIsoTime } from '../../events/time.ts';
import {
  contentKey,
  type Delivery,
  isRecord,
  type Provider,
  type ProviderEvent,
  readItem,
  unknownEvent,
} from '../provider.ts';
import { readers } from './readers.ts';

/** LINE's batches, which are empty when the console checks the URL. Each event is read for itself. */
export const normalize: Provider['normalize'] = (payload, delivery) => {
  const { destination, events }: Fields = isRecord(payload) ? payload : {};
  if (!Array.isArray(events)) return [unknownEvent(payload, { providerEvent: '' })];
  const bot = toId(destination);
  return events.flatMap((item: unknown) => readEvent(item, bot, delivery));
};

type Fields = Readonly<Record<string, unknown>>;

function readEvent(item: unknown, bot: string | undefined, delivery: Delivery): readonly ProviderEvent[] {
  const fields: Fields = isRecord(item) ? item : {};
  const { type, mode, timestamp } = fields;
  const providerEvent = typeof type === 'string' ? type : '';
  const own = isRecord(item) ? keyOf(providerEvent, item) : contentKey(providerEvent, item);
  // Another bot may be told the same to act on: what this one only looks at must not stand for that.
  const key = mode === 'standby' ? `standby:${own}` : own;
  const reader = readers.get(providerEvent)?.({ key, bot });
  const common = {
    account: bot,
    occurredAt: typeof timestamp === 'number' || typeof timestamp === 'string' ? toIsoTime(timestamp) : undefined,
    // A bot on standby is not the one to answer.
    mode: mode === 'standby' ? ('standby' as const) : undefined,
  };
  return readItem(item, delivery, { providerEvent, reader, key }).map((event) => ({ ...event, ...common }));
}

/** The id of the event; without one, that of the message that was sent or taken back, or the content. */
function keyOf(type: string, { deliveryContext: _, ...event }: Fields): string {
  const { webhookEventId, message, unsend } = event;
  const eventId = toId(webhookEventId);
  if (eventId !== undefined) return eventId;
  let messageId: string | undefined;
  if (type === 'message' && isRecord(message)) messageId = toId(message.id);
  if (type === 'unsend' && isRecord(unsend)) messageId = toId(unsend.messageId);
  // `deliveryContext` is left out: it says which try it is.
  return messageId === undefined ? contentKey(type, event) : `${type}:${messageId}`;
}

function toId(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
