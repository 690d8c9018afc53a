import { type JsonObject, type JsonValue, whatsappCloud } from '@chathooks/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delivered, eventsOf, groupChat, messageOf } from './whatsapp-cloud-envelope.ts';

type Path = readonly string[];
type Substitute = (index: number) => JsonValue | undefined;

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listIn = (value: JsonValue | undefined): readonly JsonValue[] => (Array.isArray(value) ? value : []);

/** Every change of every sample: a field, and a value with items. */
const changes = Object.values<{ payload: JsonObject }>(whatsappCloud.samples.events)
  .flatMap(({ payload }) => listIn(payload.entry))
  .flatMap((entry) => (isObject(entry) ? listIn(entry.changes) : []))
  .filter(isObject);

const pathsIn = (value: JsonValue, path: Path = []): Path[] =>
  typeof value !== 'object' || value === null
    ? [path]
    : [path, ...Object.entries(value).flatMap(([name, field]) => pathsIn(field, [...path, name]))];

/** Puts something in the place of a field, or takes the field away. */
function replace(value: JsonValue, [name, ...rest]: Path, by: JsonValue | undefined): JsonValue | undefined {
  if (name === undefined) return by;
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).flatMap(([key, field]) => {
    const changed = key === name ? replace(field, rest, by) : field;
    return changed === undefined ? [] : [[key, changed] as const];
  });
  return Array.isArray(value) ? fields.map(([, field]) => field) : Object.fromEntries(fields);
}

/** The same about something else: with other ids. */
const another = (item: JsonValue): JsonValue =>
  JSON.parse(
    JSON.stringify(item, (name, value: unknown) => {
      if (!/(^|_)(id|from|to|number|previous|current)$/.test(name)) return value;
      if (typeof value === 'number') return value + 1000;
      return typeof value === 'string' ? `${value}9` : value;
    }),
  );

/** What is in the place of a field; of two items, not the same number or text, which would be the same id. */
const substitutes = fc.constantFrom<Substitute[]>(
  () => undefined,
  () => null,
  () => '',
  (index) => `x${index}`,
  (index) => 7 + index,
  () => true,
  () => [],
  () => ({}),
  () => [null],
  () => [{}],
);

/** The lists of a value that hold items. */
const itemLists = (value: JsonObject) =>
  Object.entries(value).flatMap(([name, list]) => (name !== 'contacts' && Array.isArray(list) ? [name] : []));
const batches = changes.filter(({ value }) => isObject(value) && itemLists(value).length > 0);

const holds = (raw: unknown, item: unknown): boolean =>
  raw === item || (typeof raw === 'object' && raw !== null && Object.values(raw).some((inner) => holds(inner, item)));

/** The smallest things that must come out. */
function thingsIn(list: string, item: JsonValue): readonly unknown[] {
  if (list !== 'history' || !isObject(item)) return [item];
  const threads = Array.isArray(item.threads) ? item.threads : [item.threads].filter(isObject);
  const messages = threads.flatMap((thread) => (isObject(thread) ? listIn(thread.messages) : [thread]));
  return messages.length > 0 ? messages : [];
}

describe('A batch of WhatsApp', () => {
  it('has every item, none under the key of another, whichever field of two is broken', () => {
    const property = fc.property(
      fc.constantFrom(...batches),
      fc.nat(),
      fc.nat(),
      substitutes,
      (change, at, place, by) => {
        const value = isObject(change.value) ? change.value : {};
        const lists = itemLists(value);
        const list = lists[at % lists.length] ?? '';
        const items = listIn(value[list]);
        const item = items[at % items.length] ?? null;
        const paths = pathsIn(item);
        const path = paths[place % paths.length] ?? [];
        const broken = [item, another(item)].map((each, index) => replace(each, path, by(index)) ?? null);
        const batch = [...items, ...broken];
        const entry = { id: 'account-1', changes: [{ ...change, value: { ...value, [list]: batch } }] };
        const events = eventsOf({ object: 'whatsapp_business_account', entry: [entry] });
        const raws = events.map(({ raw }) => raw);
        for (const thing of batch.flatMap((each) => thingsIn(list, each))) {
          expect(raws.some((raw) => holds(raw, thing))).toBe(true);
        }
        const owners = new Map<string, unknown>();
        for (const event of events) {
          if (event.type === 'unknown') expect(event.data.reason).not.toBe('normalize_failed');
          const owner = owners.get(event.key);
          const isSame = JSON.stringify(owner) === JSON.stringify(event.raw);
          // The first of the two is the item itself, but for the broken field: it may have its key.
          const isCopy = [owner, event.raw].every((raw) => holds([...items, broken[0]], raw));
          if (owner !== undefined && !isSame && !isCopy) throw new Error(`Two are ${event.key}`);
          owners.set(event.key, event.raw);
        }
      },
    );
    fc.assert(property, { numRuns: 3000 });
  });
});

describe('What WhatsApp tells of several', () => {
  const text = { type: 'text', text: { body: 'hi' } };

  it('is a change of identity for each account', () => {
    const item = { user_id: { previous: 'UA.1', current: 'UA.9' } };
    const entryOf = (id: string) => ({ id, changes: [{ field: 'user_id_update', value: { user_id_update: [item] } }] });
    const events = eventsOf({ object: 'whatsapp_business_account', entry: ['1', '2'].map(entryOf) });
    expect(events.map(({ type, account }) => [type, account])).toEqual([
      ['contact.identityChanged', '1'],
      ['contact.identityChanged', '2'],
    ]);
    expect(new Set(events.map(({ key }) => key)).size).toBe(2);
  });

  it('is a status for each member of a group, whichever id the member is known by', () => {
    const status = { id: 'wamid.1', status: 'read', recipient_id: 'group-1', recipient_type: 'group' };
    const names = ['id', 'user_id', 'parent_user_id'].map((name) => `recipient_participant_${name}`);
    const statuses = [...names, 'participant_recipient_id'].flatMap((name, index) =>
      [1, 2].map((member) => ({ ...status, [name]: `UA.${index}${member}` })),
    );
    const events = eventsOf(delivered({ statuses }));
    expect(new Set(events.map(({ key }) => key)).size).toBe(8);
    for (const event of events) expect(event).toMatchObject({ data: { partial: true, chat: groupChat } });
  });

  it('is a status for each member of a group, though nothing says of whom', () => {
    const status = { id: 'wamid.1', status: 'read', recipient_id: 'group-1', recipient_type: 'group' };
    const statuses = [{ ...status, recipient_participant_id: {} }, { ...status, timestamp: '1781079330' }, status];
    const keysOf = () => eventsOf(delivered({ statuses })).map(({ key }) => key);
    expect(new Set(keysOf()).size).toBe(3);
    expect(keysOf()).toEqual(keysOf());
  });

  it('says of which account it is also where it cannot be read', () => {
    const entry = {
      id: 'account-1',
      changes: [
        { field: 'standby', value: { messages: [text], things: [{}] } },
        { field: 'standby', value: {} },
        { field: 'consumer_profile', value: {} },
        { field: 'history', value: { history: [{}] } },
        { field: 'calls', value: { calls: [{ id: 'c', event: 'connect' }] } },
      ],
    };
    const events = eventsOf({ object: 'whatsapp_business_account', entry: [entry] });
    expect(events.map(({ type, account, mode }) => [type, account, mode])).toEqual([
      ['unknown', 'account-1', 'standby'],
      ['unknown', 'account-1', 'standby'],
      ['unknown', 'account-1', 'standby'],
      ['unknown', 'account-1', undefined],
      ['unknown', 'account-1', 'history'],
      ['unknown', 'account-1', undefined],
    ]);
  });

  it('is all of a history in which one thing stands where a list should be', () => {
    const message = { ...text, id: 'wamid.1', from: '380670000001' };
    const item = {
      metadata: { phase: 0 },
      threads: { id: '380670000001', messages: [message] },
      errors: { code: 1 },
    };
    expect(eventsOf(delivered({ history: [item] }, 'history')).map(({ raw }) => raw)).toEqual([
      message,
      item.errors,
      item.metadata,
    ]);
  });

  it('is a message of no known type where its type is empty', () => {
    expect(messageOf({ type: '' })).toMatchObject({ kind: 'unknown' });
  });
});
