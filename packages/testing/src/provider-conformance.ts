import type { JsonObject, Provider, Sample, Samples, SecretSource } from '@chathooks/core';
import { describeEvents } from './provider-conformance-events.ts';
import { describeVerification } from './provider-conformance-verification.ts';
import type { TestRunner } from './test-runner.ts';

/** A signed request that our code had no part in: printed by the vendor, recorded, or computed by other means. */
export interface SignatureVector {
  readonly secret: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** When it was sent, in milliseconds since the epoch, for schemes that sign a time. @defaultValue any time */
  readonly now?: number;
}

/** The provider under test. */
export interface ProviderSubject {
  /** Names the suite in the report. */
  readonly name: string;
  /** Makes the provider. The suite passes good and bad secrets. */
  create(secret: SecretSource): Provider;
  /** An example of every event of the vendor, and how it signs. */
  readonly samples: Samples;
  /** At least one. */
  readonly vectors: readonly [SignatureVector, ...SignatureVector[]];
  /** A payload with an event name that the vendor does not have. */
  readonly unknownEvent: JsonObject;
  /** The vendor's own object for the event in {@link ProviderSubject.unknownEvent}. @defaultValue the whole payload */
  readonly unknownItem?: JsonObject;
  /** Makes a secret out of a short text, for vendors whose secrets have a form. @defaultValue the text */
  secretFrom?(text: string): string;
  /**
   * What a request proves: `body`, that the vendor sent these bytes; `parameters`, that it sent these form parameters to
   * this URL; `sender`, only that the sender knows a secret.
   *
   * @defaultValue `'body'`
   */
  readonly proves?: 'body' | 'parameters' | 'sender';
  /** How old, or how far ahead, a signed time may be. @defaultValue none: the scheme signs no time */
  readonly toleranceSeconds?: number;
  /**
   * What must be refused as malformed, beside what goes for every scheme: what is wrong, and how to make it from a
   * good value of a signature header.
   */
  readonly malformed?: Readonly<Record<string, (value: string) => string>>;
  /** What the vendor changes in a payload when it sends it again. @defaultValue nothing */
  redeliver?(payload: JsonObject): JsonObject;
  /** Samples that are handled each time they arrive, because nothing tells a redelivery from a new event. @defaultValue none */
  readonly alwaysNew?: readonly string[];
  /** A request with several events, for vendors that batch. @defaultValue none */
  readonly batch?: Sample;
}

/**
 * Checks that a provider verifies and normalizes as it must: it fails closed over exact bytes, loses no event, and makes
 * events that fit the `catalog`.
 *
 * @example
 * ```ts
 * import { describe, it } from 'vitest';
 *
 * providerConformance({ describe, it }, {
 *   name: 'acme',
 *   create: (secret) => acme({ secret }),
 *   samples: acme.samples,
 *   vectors: [{ secret: 's3cret', headers: { 'x-acme-signature': '9f86…' }, body: '{"kind":"note.added"}' }],
 *   unknownEvent: { kind: 'note.folded' },
 * });
 * ```
 */
export function providerConformance(runner: TestRunner, subject: ProviderSubject): void {
  runner.describe(`${subject.name} keeps the contract of a provider`, () => {
    describeVerification(runner, subject);
    describeEvents(runner, subject);
  });
}
