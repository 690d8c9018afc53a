import * as crypto from 'node:crypto';
import type { z } from 'zod';
import type { Awaitable } from '../awaitable.ts';
import { ChathooksError } from '../errors.ts';
import type { EventData, EventType } from '../events/catalog.ts';
import type { ChatEvent, EventMode } from '../events/event.ts';
import type { InboundRequest, Reply } from '../http.ts';
import type { Verifier } from '../signatures/verifier.ts';

/** What a normalizer may know of a delivery beside its payload. */
export interface Delivery {
  /** ISO-8601 UTC, by our clock. */
  readonly receivedAt: string;
  readonly connection: string | undefined;
  /** Looks a header up by its lower-case name. */
  header(name: string): string | undefined;
}

type NormalizedRecord = {
  readonly [T in EventType]: {
    readonly type: T;
    readonly data: EventData[T];
    /** Tells this event from every other one of the provider, and is the same on every redelivery. */
    readonly key: string;
    /** The vendor's tenant, workspace or phone-number id. */
    readonly account?: string | undefined;
    /** ISO-8601 UTC, see `toIsoTime`. */
    readonly occurredAt?: string | undefined;
    /** What the event is about: events that share it are handled in turn. Usually the chat. */
    readonly ordering?: string | undefined;
    /** @defaultValue `'live'` */
    readonly mode?: EventMode | undefined;
  };
};

/** What a provider makes of one thing that the vendor tells. */
export type NormalizedEvent = NormalizedRecord[EventType];

/** A {@link NormalizedEvent} with where it came from. */
export type ProviderEvent = NormalizedEvent & {
  /** The vendor's own name of the event. */
  readonly providerEvent: string;
  /** The vendor's own object for this event, untouched. */
  readonly raw: unknown;
  /** What went wrong while it was read, for the log. */
  readonly error?: unknown;
};

/** How a vendor checks a URL with a GET before it sends anything. */
export interface Handshake {
  /** Proves that the vendor asks. @defaultValue everybody is answered */
  readonly verifier?: Verifier;
  /** @throws {@link ChathooksError} what the vendor is to be refused with */
  reply(request: InboundRequest): Awaitable<Reply>;
}

/** A vendor's dialect: how its requests are verified, parsed, normalized and answered. Made by {@link defineProvider}. */
export interface Provider {
  /** Part of the URL and of every event id. */
  readonly name: string;
  readonly verifier: Verifier;
  /** Content types that are let in, without parameters; a request without one is let in too. */
  readonly contentTypes: readonly string[];
  /** How large a delivery of the vendor may be. A receiver's own `limits.bodyBytes` goes before it. @defaultValue 1 MiB */
  readonly bodyBytes?: number;
  /** Answers the GET with which the vendor checks the URL. @defaultValue 405 */
  readonly handshake?: Handshake;
  /** Reads the verified body, at once: no promise. @defaultValue strict UTF-8 JSON */
  parse?(body: Uint8Array, delivery: Delivery): unknown;
  /** Turns a parsed body into events. What it cannot read must come out as `unknown`, see {@link unknownEvent}. */
  normalize(payload: unknown, delivery: Delivery): readonly ProviderEvent[];
  /** What the vendor wants to hear. @defaultValue 200 with `{"ok":true}` */
  readonly success?: Reply;
  /**
   * The reply that carries what a handler gave to `context.reply`, for vendors that act on what they hear.
   *
   * @param event - what the handler was given
   * @returns `undefined` where the vendor takes no answer to such an event
   * @defaultValue none: such a vendor takes no answers
   * @throws {@link ChathooksError} `invalid_reply` when the vendor could not read it
   */
  toReply?(content: unknown, event: ChatEvent): Reply | undefined;
}

/** Options that every vendor's factory takes. */
export interface ProviderSettings {
  /** Names the provider in URLs and event ids; to be set when one vendor is mounted twice. @defaultValue the vendor's name */
  readonly name?: string;
  /** Content types to let in, for a vendor, or a proxy, that sends another one. @defaultValue `['application/json']` */
  readonly contentTypes?: readonly string[];
}

/** What {@link defineProvider} takes. */
export type ProviderDefinition = Omit<Provider, 'contentTypes'> & {
  /** @defaultValue `['application/json']` */
  readonly contentTypes?: readonly string[] | undefined;
};

/**
 * Defines a provider.
 *
 * @throws {@link ChathooksError} `invalid_option` when the name would not do as a part of a URL
 * @example
 * ```ts
 * const acme = defineProvider({
 *   name: 'acme',
 *   verifier: hmac({ secret: process.env.ACME_SECRET!, header: 'x-acme-signature' }),
 *   normalize: byEventName({
 *     name: (payload) => payload.kind,
 *     events: {
 *       'note.added': reads(noteAdded, ({ id, from, text }) => [
 *         { type: 'message.inbound', key: id, data: { message: { id, direction: 'inbound', kind: 'text', text, from: { id: from } } } },
 *       ]),
 *     },
 *   }),
 * });
 * ```
 */
export function defineProvider(definition: ProviderDefinition): Provider {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(definition.name)) {
    throw new ChathooksError(
      'invalid_option',
      `The provider name is "${definition.name}", expected lower-case letters, digits and hyphens, like "acme-chat"`,
    );
  }
  return { ...definition, contentTypes: definition.contentTypes ?? ['application/json'] };
}

/** Why nothing was made of a payload. */
export interface Unreadable {
  /** `not_modelled`: nothing in our model stands for it. */
  readonly reason: 'invalid_payload' | 'not_modelled';
  /** What did not fit, without the values. */
  readonly issues?: { readonly path: string; readonly message: string }[];
}

/** A reader of one kind of vendor event. */
export type EventReader = (payload: unknown, delivery: Delivery) => readonly NormalizedEvent[] | Unreadable;

/**
 * Reads one kind of vendor event: checks the payload against a schema and turns it into events.
 *
 * @param schema - only what is read; other fields stay in `raw`
 * @param toEvents - gets the payload as read, the delivery, and the payload as it came, for keys made of all its content
 */
export function reads<S extends z.ZodType>(
  schema: S,
  toEvents: (payload: z.output<S>, delivery: Delivery, raw: unknown) => readonly NormalizedEvent[],
): EventReader {
  return (payload, delivery) => {
    const result = schema.safeParse(payload);
    if (result.success) return toEvents(result.data, delivery, payload);
    const issues = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
    return { reason: 'invalid_payload', issues };
  };
}

/** The reader of vendor events that our model has nothing for: they go to `onUnknown`, and no warning is logged. */
export const notModelled: EventReader = () => ({ reason: 'not_modelled' });

/**
 * Reads one of the things that a delivery tells, whatever becomes of the others: for vendors that batch.
 *
 * @param item - the vendor's own object, which becomes `raw`
 * @param about.reader - none for what is in no table
 * @param about.key - for what cannot be read. Default a hash of `item`
 * @returns what the reader makes of it; one `unknown` if there is no reader, if the item does not fit, or if the reader throws
 */
export function readItem(
  item: unknown,
  delivery: Delivery,
  about: {
    readonly providerEvent: string;
    readonly reader: EventReader | undefined;
    readonly key?: string | undefined;
  },
): readonly ProviderEvent[] {
  const { providerEvent, key } = about;
  try {
    const read = about.reader?.(item, delivery);
    if (!read || 'reason' in read) return [unknownEvent(item, { providerEvent, key, ...read })];
    return read.map((event) => ({ ...event, providerEvent, raw: item }));
  } catch (error) {
    return [{ ...unknownEvent(item, { providerEvent, key, reason: 'normalize_failed' }), error }];
  }
}

/** A vendor's events by name. */
export interface EventTable {
  /** The name in a payload, or in a header. The value is used only if it is a string. */
  name(payload: Readonly<Record<string, unknown>>, delivery: Delivery): unknown;
  /**
   * The vendor's event id, to deduplicate events that cannot be read. Used only if it is a string and not empty.
   *
   * @defaultValue a hash of the payload, which must then be the same on every redelivery
   */
  id?(payload: Readonly<Record<string, unknown>>, delivery: Delivery): unknown;
  readonly events: Readonly<Record<string, EventReader>>;
  /** A reader for names that cannot be listed. */
  other?(name: string): EventReader | undefined;
}

/**
 * The `normalize` of a vendor that sends one named event per request. Events that are not in the table, and payloads
 * that do not fit, come out as `unknown`.
 */
export function byEventName(table: EventTable): Provider['normalize'] {
  const readers = new Map(Object.entries(table.events));
  return (payload, delivery) => {
    const fields = isRecord(payload) ? payload : {};
    const name = table.name(fields, delivery);
    const providerEvent = typeof name === 'string' ? name : '';
    const reader = readers.get(providerEvent) ?? table.other?.(providerEvent);
    const id = table.id?.(fields, delivery);
    const key = typeof id === 'string' && id !== '' ? id : undefined;
    return readItem(payload, delivery, { providerEvent, reader, key });
  };
}

/** A verified event that nothing else could be made of. */
export function unknownEvent(
  raw: unknown,
  about: {
    readonly providerEvent: string;
    /** @defaultValue a hash of `raw` */
    readonly key?: string | undefined;
    /** @defaultValue `'unknown_event'` */
    readonly reason?: Unreadable['reason'] | 'normalize_failed' | undefined;
    readonly issues?: Unreadable['issues'] | undefined;
  },
): ProviderEvent {
  const { providerEvent, reason = 'unknown_event', issues } = about;
  const key = about.key ?? contentKey(providerEvent, raw);
  return { type: 'unknown', data: issues ? { reason, issues } : { reason }, providerEvent, key, raw };
}

/** A dedup key for what has no id: the event's name and a hash of its content. */
export function contentKey(name: string, content: unknown): string {
  // JSON.parse keeps the order of keys, so equal bytes give equal text.
  const text = JSON.stringify(content) ?? '';
  return `${name}:sha256-${crypto.createHash('sha256').update(text).digest('hex')}`;
}

/** Tells a JSON object from everything else. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
