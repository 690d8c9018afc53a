import { ChathooksError } from '../errors.ts';
import type { ChatEvent } from '../events/event.ts';
import type { Logger } from '../logger.ts';
import { contentKey, type Delivery, type Provider, type ProviderEvent, unknownEvent } from '../providers/provider.ts';
import { scopedKey } from './keys.ts';

/** What normalizing needs. */
export interface NormalizeOptions {
  readonly logger: Logger;
  /** How many events a delivery may hold. */
  readonly maxEvents: number;
}

/**
 * Reads what a parsed body tells. A provider that throws loses nothing: the payload is delivered as `unknown`.
 *
 * @throws {@link ChathooksError} `batch_too_large`
 */
export function normalize(
  provider: Provider,
  payload: unknown,
  delivery: Delivery,
  { logger, maxEvents }: NormalizeOptions,
): readonly ProviderEvent[] {
  const events = read(provider, payload, delivery, logger);
  if (events.length > maxEvents) {
    throw new ChathooksError('batch_too_large', `A delivery holds ${events.length} events, the limit is ${maxEvents}`);
  }
  return events;
}

function read(provider: Provider, payload: unknown, delivery: Delivery, logger: Logger): readonly ProviderEvent[] {
  try {
    const events = provider.normalize(payload, delivery);
    for (const { error } of events) if (error !== undefined) reportFailure(provider, error, logger);
    return events;
  } catch (error) {
    reportFailure(provider, error, logger);
    return [unknownEvent(payload, { providerEvent: '', reason: 'normalize_failed' })];
  }
}

function reportFailure({ name }: Provider, error: unknown, logger: Logger): void {
  logger.error({ provider: name, error }, 'The provider could not normalize an event: it goes to onUnknown');
}

/** The event that handlers are given: what the provider told, with where and when it was received. */
export function toChatEvent(event: ProviderEvent, { name }: Provider, { connection, receivedAt }: Delivery): ChatEvent {
  const { type, data, account, occurredAt, ordering } = event;
  // An empty key would make all events without an id duplicates of the first.
  const key = event.key === '' ? contentKey(event.providerEvent, event.raw) : event.key;
  const chatEvent: Mutable<Omit<ChatEvent, 'type' | 'data'>> & Pick<ProviderEvent, 'type' | 'data'> = {
    id: scopedKey(name, connection, key),
    type,
    provider: name,
    providerEvent: event.providerEvent,
    receivedAt,
    mode: event.mode ?? 'live',
    data,
    raw: event.raw,
  };
  if (connection !== undefined) chatEvent.connection = connection;
  if (account !== undefined) chatEvent.account = account;
  if (occurredAt !== undefined) chatEvent.occurredAt = occurredAt;
  if (ordering !== undefined) chatEvent.orderingKey = scopedKey(name, connection, ordering);
  // `type` and `data` belong together in the event they were taken from, which the compiler cannot follow.
  return chatEvent as ChatEvent;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
