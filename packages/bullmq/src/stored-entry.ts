import { createHash, randomBytes } from 'node:crypto';
import type { InboxEntry } from '@chathooks/core';

const processId = randomBytes(9).toString('base64url');
let stored = 0;

/**
 * The name of the list in which an entry waits: one for each ordering key, one for each event without. Hashed, since keys
 * may be long; should two share a hash, they only wait for each other.
 */
function laneOf({ event: { id, orderingKey } }: InboxEntry): string {
  return digest(orderingKey === undefined ? `event ${id}` : `key ${orderingKey}`);
}

/** The name under which an event is set aside: BullMQ allows neither colons nor whole numbers there. */
export const failedJobId = (eventId: string): string => `event-${digest(eventId)}`;

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** An entry as it is stored. */
export interface StoredEntry {
  /** In which list. */
  readonly lane: string;
  readonly orderingKey: string | undefined;
  /** Its JSON, behind an id that no other has, even if the same event is put twice. */
  readonly text: string;
}

/** Makes a {@link StoredEntry}. */
export const encodeEntry = (entry: InboxEntry): StoredEntry => ({
  lane: laneOf(entry),
  orderingKey: entry.event.orderingKey,
  text: `${processId}${(++stored).toString(36)} ${JSON.stringify(entry)}`,
});

/** Reads the text of a {@link StoredEntry}. `undefined` when it is none. */
export function decodeEntry(text: string): { readonly id: string; readonly entry: InboxEntry } | undefined {
  const space = text.indexOf(' ');
  try {
    const entry: unknown = JSON.parse(text.slice(space + 1));
    return isEntry(entry) ? { id: text.slice(0, space), entry } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value is what {@link encodeEntry} was given: tells it from what others may have put there. */
export function isEntry(value: unknown): value is InboxEntry {
  return (
    isObject(value) &&
    typeof value.secretName === 'string' &&
    isObject(value.event) &&
    typeof value.event.id === 'string'
  );
}

/** Whether a value has properties to look at. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
