import { createHash, randomUUID } from 'node:crypto';
import type { InboxEntry } from '@chathooks/core';

/**
 * What a job holds. The entry is JSON in a string: `jsonb` refuses U+0000 and lone surrogates, which vendors do send, and
 * forgets which number or key it was given.
 */
export interface JobData {
  readonly entry: string;
  /** How many times it was taken without being tried. */
  readonly untried?: number;
}

/** A job of the queue. */
export interface EntryJob {
  readonly id: string;
  readonly singletonKey: string;
  readonly data: JobData;
}

/** The jobs that hold these entries, in this order. */
export function toJobs(entries: readonly InboxEntry[]): EntryJob[] {
  const ids = orderedIds(entries.length);
  return ids.map((id, index) => {
    const entry = entries[index];
    return { id, singletonKey: keyOf(entry?.event.orderingKey) ?? id, data: { entry: JSON.stringify(entry) } };
  });
}

/** What a job holds, or nothing if it is none of ours. */
export function readJob(data: unknown): (JobData & { readonly parsed: InboxEntry }) | undefined {
  if (!isRecord(data) || typeof data.entry !== 'string') return;
  const parsed = readEntry(data.entry);
  const untried = typeof data.untried === 'number' ? data.untried : 0;
  return parsed && { entry: data.entry, untried, parsed };
}

/** The entry in a text, or nothing if there is none. */
export function readEntry(text: string): InboxEntry | undefined {
  const value = parseJson(text);
  return isEntry(value) ? value : undefined;
}

/** The value of a text in JSON, or nothing if it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Looks at what the inbox itself relies on: the rest was checked before it was stored. */
function isEntry(value: unknown): value is InboxEntry {
  if (!isRecord(value) || typeof value.secretName !== 'string' || !isRecord(value.event)) return false;
  const { id, type, orderingKey } = value.event;
  const keyed = orderingKey === undefined || typeof orderingKey === 'string';
  return typeof id === 'string' && typeof type === 'string' && keyed;
}

/**
 * The key of a job: hashed, because ordering keys may hold any character, be longer than an index takes, and be somebody's
 * phone number, which operators need not see in a list of jobs.
 */
const keyOf = (orderingKey: string | undefined) =>
  orderingKey === undefined ? undefined : digest(orderingKey).toString('base64url');

/** The id that an event's job has where there is only one per event: a UUID made of the event's own. */
export function jobIdOf(eventId: string): string {
  return toUuid(digest(eventId).toString('hex'));
}

/** UTF-16 tells also those texts apart that are no Unicode. */
const digest = (text: string) => createHash('sha256').update(text, 'utf16le').digest();

/**
 * Ids that grow: pg-boss stamps all jobs of an insert with one time, and orders those with the same by their id. They begin
 * with the time so that those that are together in an index are used together.
 */
function orderedIds(count: number): readonly string[] {
  const time = Date.now().toString(16).padStart(12, '0');
  return Array.from({ length: count }, (_, index) => {
    const place = index.toString(16).padStart(6, '0');
    const random = randomUUID().slice(-12);
    return toUuid(`${time}_${place.slice(0, 3)}_${place.slice(3)}${random}`);
  });
}

/** A UUID of version 8, whose bits are free but for six. */
const toUuid = (hex: string) =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-b${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
