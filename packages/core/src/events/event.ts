import type { EventData, EventType } from './catalog.ts';

/**
 * Not everything that a vendor sends is news: `history` is a backfill, `standby` a copy for an observer,
 * `test` comes from the vendor's test button.
 */
export type EventMode = 'live' | 'history' | 'standby' | 'test';

/** One normalized fact. Plain JSON, so that it crosses a queue unchanged. */
export interface EventOf<T extends EventType> {
  /** `<provider>:<dedup key>`, with the connection in between if there is one; the same on every redelivery. */
  readonly id: string;
  /** What happened: `message.inbound`. Tells what is in `data`. */
  readonly type: T;
  /** The name that the provider is mounted under: `wexio`. */
  readonly provider: string;
  /** The vendor's own name of the event: `message.inbound.created`. */
  readonly providerEvent: string;
  /** The last part of the URL, in apps with many accounts of one provider. */
  readonly connection?: string;
  /** The vendor's tenant, workspace or phone-number id. */
  readonly account?: string;
  /** ISO-8601 UTC by the vendor's clock; absent when the vendor sends no time. */
  readonly occurredAt?: string;
  /** ISO-8601 UTC by our clock. */
  readonly receivedAt: string;
  /** Events that share it are handled one at a time, in the order in which they arrived. */
  readonly orderingKey?: string;
  /** `live` is news, see {@link EventMode}. */
  readonly mode: EventMode;
  /** What there is to know, in the same form for all vendors. */
  readonly data: EventData[T];
  /** The vendor's own object for this event, untouched. */
  readonly raw: unknown;
}

type EventRecord = { readonly [T in EventType]: EventOf<T> };

/**
 * A normalized event: of one type, `ChatEvent<'message.inbound'>`, or of any, `ChatEvent`, told apart by `type`.
 */
export type ChatEvent<T extends EventType = EventType> = EventRecord[T];
