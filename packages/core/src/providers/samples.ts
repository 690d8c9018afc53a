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
  /** Values of environment variables that fit the examples. @defaultValue the secret for each */
  readonly environment?: Readonly<Record<string, string>>;
  /** Writes a payload as the vendor does. @defaultValue JSON */
  encode?(payload: JsonObject): string;
  /** The GET with which the vendor checks a URL, and the body that it expects. */
  readonly handshake?: { readonly query: string; readonly reply: string };
  readonly events: Readonly<Record<Name, Sample>>;
  /**
   * The headers that the vendor sends with a body.
   *
   * @param options.now - milliseconds since the epoch
   * @param options.event - which of `events` the body is made from, for vendors that name it in a header; none for a
   * body that is none of them
   * @param options.url - where the body goes, for vendors that sign the URL
   */
  headers(
    body: Uint8Array,
    options: {
      readonly secret: string;
      readonly now: number;
      readonly event?: string | undefined;
      readonly url: string;
    },
  ): Record<string, string>;
}
