import type { InboxEntry } from '@chathooks/core';
import { type Prepare, textOf } from './sqlite.ts';

const sql = {
  add: 'INSERT INTO payloads (number, entry) VALUES (?, ?)',
  find: 'SELECT entry FROM payloads WHERE number = ?',
  remove: 'DELETE FROM payloads WHERE number = ?',
};

/** The events themselves. */
export interface Payloads {
  /** Within a transaction. */
  add(number: number, text: string): void;
  /** @throws Error when it is not what was written, or not there any more */
  read(number: number): InboxEntry;
  /** Within a transaction. */
  remove(number: number): void;
}

/** Makes {@link Payloads}. */
export function createPayloads(prepare: Prepare): Payloads {
  const add = prepare(sql.add);
  const find = prepare(sql.find);
  const remove = prepare(sql.remove);
  return {
    add: (number, text) => void add.run(number, text),
    read: (number) => parseEntry(textOf(find.get(number)?.entry)),
    remove: (number) => void remove.run(number),
  };
}

/** An entry on its way into the file. */
export interface NewEntry {
  readonly id: string;
  readonly lane: string | null;
  /** JSON. */
  readonly text: string;
}

/** Makes rows of an entry. */
export function toNewEntry(entry: InboxEntry): NewEntry {
  const { id, orderingKey = null } = entry.event;
  return { id, lane: orderingKey, text: JSON.stringify(entry) };
}

/**
 * Reads an entry.
 *
 * @throws Error when it is not what was written
 */
export function parseEntry(text: string): InboxEntry {
  const entry: unknown = JSON.parse(text);
  if (isEntry(entry)) return entry;
  throw new TypeError('An entry in the file holds no event, expected what put() has stored');
}

/** The file is written by {@link toNewEntry} only: this tells damage, it does not check events. */
function isEntry(value: unknown): value is InboxEntry {
  if (typeof value !== 'object' || value === null || !('event' in value) || !('secretName' in value)) return false;
  const { event, secretName } = value;
  return typeof secretName === 'string' && typeof event === 'object' && event !== null && 'id' in event;
}
