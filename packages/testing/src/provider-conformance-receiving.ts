import { inspect } from 'node:util';
import {
  type ChatEvent,
  createReceiver,
  type JsonObject,
  type JsonValue,
  type Provider,
  type Samples,
} from '@chathooks/core';
import { createTestClock } from './clock.ts';

/** A request to a provider under test. */
export interface SentRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** What came of a request. */
export interface Received {
  readonly status: number | undefined;
  readonly reply: string;
  readonly events: readonly ChatEvent[];
  /** Names of the secrets that the events were verified with. */
  readonly secretNames: readonly string[];
  /** Why verification failed. */
  readonly reason: unknown;
  /** Everything that a logger could make of what was logged. */
  readonly log: string;
}

/** The time of the tests: a whole second, so that signed times are exact. */
export const testTime = Date.UTC(2026, 5, 10, 9);

/** Opens a receiver of one provider, that keeps what it remembers between requests. */
export function receiving(provider: Provider, now = testTime): (request: SentRequest) => Promise<Received> {
  let events: ChatEvent[] = [];
  let secretNames: string[] = [];
  let lines: object[] = [];
  const record = (details: object, message: string) => void lines.push({ ...details, message });
  const receiver = createReceiver({
    providers: [provider],
    clock: createTestClock({ now }),
    logger: { warn: record, error: record },
    onEvent(event, { secretName }) {
      events.push(event);
      secretNames.push(secretName);
    },
  });
  return async ({ headers, body }) => {
    events = [];
    secretNames = [];
    lines = [];
    const path = `/webhooks/${provider.name}`;
    const header = (name: string) => headers[name];
    const url = urlOf(provider.name);
    const reply = await receiver.handle({ method: 'POST', url, path, header, body: () => body });
    const reason = lines.flatMap((line) => ('reason' in line ? [line.reason] : []))[0];
    const log = inspect(lines, { depth: null, maxArrayLength: null, maxStringLength: null });
    return { status: reply?.status, reply: reply?.body ?? '', events, secretNames, reason, log };
  };
}

/** Where the requests to a provider go. */
export const urlOf = (name: string): string => `http://localhost/webhooks/${name}`;

/** The bytes of a text. */
export const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A payload as the vendor writes it. */
export function encodePayload({ encode: write }: Samples, payload: JsonValue): Uint8Array {
  return encode(write && isObject(payload) ? write(payload) : JSON.stringify(payload));
}

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
