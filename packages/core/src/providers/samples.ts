import type { EventType } from '../events/catalog.ts';

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}
/** What JSON can say. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** An example of one vendor event. */
export interface Sample {
  /** The vendor's payload, with made-up values. */
  readonly payload: JsonObject;
  /** The events that it is normalized to. */
  readonly types: readonly EventType[];
}

/** Examples of all events of a vendor, and how the vendor signs them. */
export interface Samples<Name extends string = string> {
  /** The secret that the examples are signed with unless another is given. */
  readonly secret: string;
  readonly events: Readonly<Record<Name, Sample>>;
  /**
   * The headers that the vendor sends with a body.
   *
   * @param options.now - milliseconds since the epoch
   * @param options.event - which of `events` the body is made from, for vendors that name it in a header; none for a
   * body that is none of them
   */
  headers(
    body: Uint8Array,
    options: { readonly secret: string; readonly now: number; readonly event?: string | undefined },
  ): Record<string, string>;
}
