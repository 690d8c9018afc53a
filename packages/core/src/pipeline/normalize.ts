import * as crypto from 'node:crypto';
import { ChathooksError } from '../errors.ts';
import type { ChatEvent } from '../events/event.ts';
import { present } from '../events/present.ts';
import type { Logger } from '../logger.ts';
import { contentKey, type Delivery, type Provider, type ProviderEvent } from '../providers/provider.ts';

/** Longer keys are hashed: stores limit the length of theirs. */
const maxKeyLength = 256;

/** What normalizing needs. */
export interface NormalizeOptions {
  readonly logger: Logger;
  /** How many events a delivery may hold. */
  readonly maxEvents: number;
}

/**
 * Turns a parsed body into events. A provider that throws loses nothing: the payload is delivered as `unknown`.
 *
 * @throws {@link ChathooksError} `batch_too_large`
 */
export function normalize(
  provider: Provider,
  payload: unknown,
  delivery: Delivery,
  { logger, maxEvents }: NormalizeOptions,
): ChatEvent[] {
  const events = read(provider, payload, delivery, logger);
  if (events.length > maxEvents) {
    throw new ChathooksError('batch_too_large', `A delivery holds ${events.length} events, the limit is ${maxEvents}`);
  }
  const scope = scopeOf(provider.name, delivery.connection);
  return events.map((event) => toChatEvent(event, provider, delivery, scope));
}

function read(provider: Provider, payload: unknown, delivery: Delivery, logger: Logger): readonly ProviderEvent[] {
  try {
    return provider.normalize(payload, delivery);
  } catch (error) {
    logger.error(
      { provider: provider.name, error },
      'The provider could not normalize a delivery: it goes to onUnknown',
    );
    const key = contentKey('', payload);
    return [{ type: 'unknown', data: { reason: 'normalize_failed' }, key, providerEvent: '', raw: payload }];
  }
}

/** Ids of one connection never meet those of another: a tenant must not be able to hide another one's events. */
const scopeOf = (provider: string, connection: string | undefined) =>
  connection === undefined ? `${provider}:` : `${provider}:${encodeURIComponent(connection)}:`;

function toChatEvent(event: ProviderEvent, provider: Provider, delivery: Delivery, scope: string): ChatEvent {
  const { type, data, key, account, occurredAt, ordering } = event;
  const chatEvent = present({
    id: scope + (key.length > maxKeyLength ? crypto.createHash('sha256').update(key).digest('hex') : key),
    type,
    provider: provider.name,
    providerEvent: event.providerEvent,
    connection: delivery.connection,
    account,
    occurredAt,
    receivedAt: delivery.receivedAt,
    orderingKey: ordering === undefined ? undefined : scope + ordering,
    mode: event.mode ?? 'live',
    data,
    raw: event.raw,
  });
  // `type` and `data` belong together in the event they were taken from, which the compiler cannot follow.
  return chatEvent as ChatEvent;
}
