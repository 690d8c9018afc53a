import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import {
  type DedupStore,
  defineProvider,
  hmac,
  type InboundRequest,
  type Logger,
  memoryDedup,
  type Provider,
  type ProviderDefinition,
  type ProviderEvent,
  type Receiver,
  type Reply,
} from '@chathooks/core';
import type { SignedDelivery, TestClock } from '@chathooks/testing';
import { expect } from 'vitest';

/** A request as it comes off the wire. */
export interface Sent {
  readonly method?: string;
  /** With a query, if there is one. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

export function requestOf({ method = 'POST', path, headers, body }: Sent): InboundRequest {
  const [withoutQuery = ''] = path.split('?', 1);
  return { method, url: path, path: withoutQuery, header: (name) => headers[name], body: () => body };
}

/** Sends a delivery, with some headers changed, and expects an answer. */
export async function send(receiver: Receiver, sent: Sent, headers: Sent['headers'] = {}): Promise<Reply> {
  const reply = await receiver.handle(requestOf({ ...sent, headers: { ...sent.headers, ...headers } }));
  if (!reply) throw new Error(`${sent.path} is not answered`);
  return reply;
}

export const codeOf = (reply: Reply): unknown => JSON.parse(reply.body).code;

/** Keeps what is logged. */
export function recordLogs() {
  const lines: { level: string; message: string; details: Record<string, unknown> }[] = [];
  const record = (level: string) => (details: object, message: string) => {
    lines.push({ level, message, details: { ...details } });
  };
  const logger: Logger = { debug: record('debug'), warn: record('warn'), error: record('error') };
  return {
    logger,
    lines,
    /** Everything that any logger could make of it, causes and stacks of errors included. */
    text: () => inspect(lines, { depth: Number.POSITIVE_INFINITY, maxStringLength: null, maxArrayLength: null }),
  };
}

/** A promise that the test settles. */
export function deferred<T = void>() {
  let resolve: (value: T) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

/** Gives all promises that are ready their turn. */
export const promisesRan = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A timer that was set for work which is now done may still run out; it must not set another. */
export async function expectNoTimers(clock: TestClock): Promise<void> {
  await clock.advance(60_000);
  expect(clock.pending).toBe(0);
}

/** What the shop tells: a message, or the status of one. */
export interface Note {
  readonly id: string;
  /** Notes of one chat are handled in turn. */
  readonly chat?: string;
  readonly status?: 'sent' | 'delivered' | 'read' | 'failed';
  /** The message that the status is about. */
  readonly message?: string;
}

export const shopSecret = 'shop-secret';

/** A provider that sends many events at once: `{ notes: [ … ] }`. */
export function shop(definition: Partial<ProviderDefinition> = {}): Provider {
  return defineProvider({
    name: 'shop',
    verifier: hmac({ secret: shopSecret, header: 'x-shop-signature' }),
    normalize: (payload) => (payload as { notes: Note[] }).notes.map(toEvent),
    ...definition,
  });
}

function toEvent(note: Note): ProviderEvent {
  const common = { key: note.id, ordering: note.chat, providerEvent: 'note', raw: note };
  if (note.status) {
    return { ...common, type: 'message.status', data: { messageId: note.message ?? 'm1', status: note.status } };
  }
  return { ...common, type: 'message.inbound', data: { message: { id: note.id, direction: 'inbound', kind: 'text' } } };
}

/** A signed delivery of the shop. */
export function notes(list: readonly Note[], path = '/webhooks/shop'): SignedDelivery {
  return signed(JSON.stringify({ notes: list }), path);
}

/** Any body, signed by the shop. */
export function signed(text: string | Uint8Array, path = '/webhooks/shop', secret = shopSecret): SignedDelivery {
  const body = Uint8Array.from(Buffer.from(text));
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json', 'x-shop-signature': signature },
    body,
  };
}

/** What a store that is down does, and what it does when it answers with promises. */
export const down = () => {
  throw new Error('The store is down');
};
export const rejecting = async () => down();

/** A store whose answers can be replaced. */
export function storeWith(methods: Partial<DedupStore>): DedupStore {
  return { ...memoryDedup(), ...methods };
}
