import type { JsonObject, JsonValue } from '@chathooks/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ofEntry, onMessenger, platforms } from './messenger-envelope.ts';

const page = '900000000000001';
const lists = ['messaging', 'standby', 'changes'] as const;
type Listed = readonly [list: (typeof lists)[number], item: JsonObject];

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objectsIn = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** The items and changes of all samples, each in its list. */
const itemsOf = (samples: readonly JsonObject[]): readonly Listed[] =>
  samples.flatMap(({ entry }) =>
    objectsIn(entry).flatMap((one) =>
      lists.flatMap((list) => objectsIn(one[list]).map((item): Listed => [list, item])),
    ),
  );

const entryOf = (items: readonly Listed[]): JsonObject => ({
  id: page,
  time: 1781079330250,
  ...Object.fromEntries(lists.map((list) => [list, items.filter(([its]) => its === list).map(([, item]) => item)])),
});

/** Every way to a value in an item. */
function pathsOf(value: JsonValue, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  // Without this flag, nothing tells a deletion from the message that had the id first.
  const fields = Object.entries(value).filter(([name]) => name !== 'is_deleted');
  const below = fields.flatMap(([name, field]) => pathsOf(field, [...path, name]));
  return path.length === 0 ? below : [path, ...below];
}

/** The item with another value in one place, or none. */
function changed(value: JsonValue, [name, ...rest]: readonly string[], other: JsonValue | undefined): JsonValue {
  if (name === undefined || typeof value !== 'object' || value === null) return other ?? null;
  const fields = Object.entries(value).flatMap(([key, field]): [string, JsonValue][] => {
    if (key !== name) return [[key, field]];
    if (rest.length > 0) return [[key, changed(field, rest, other)]];
    return other === undefined ? [] : [[key, other]];
  });
  return Array.isArray(value) ? fields.map(([, field]) => field) : Object.fromEntries(fields);
}

describe.each(platforms)('a batch of all that $channel sends', (platform) => {
  const items = itemsOf(Object.values(platform.samples.events).map(({ payload }) => payload));

  it('loses nothing, whatever becomes of single fields, and tells all of it apart', () => {
    const mutants = fc.constantFrom<(JsonValue | undefined)[]>(undefined, null, '', 'other', 7, true, [], {});
    const mutation = fc.tuple(fc.nat(items.length - 1), fc.nat(), mutants);
    const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 8 }), (mutations) => {
      const broken = [...items];
      for (const [index, place, other] of mutations) {
        const [list, item] = items[index] ?? ['messaging', {}];
        const paths = pathsOf(item);
        const mutant = changed(item, paths[place % paths.length] ?? [], other);
        // Two ids made into one are the same thing.
        if (isObject(mutant) && !idsOf(mutant).includes('other')) broken[index] = [list, mutant];
      }
      const events = ofEntry(platform, entryOf(broken));
      const owners = new Map<string, unknown>();
      for (const { key, raw, type, data } of events) {
        if (type === 'unknown') expect(data.reason).not.toBe('normalize_failed');
        expect(owners.get(key) ?? raw, `two things share the key ${key}`).toEqual(raw);
        owners.set(key, raw);
      }
      const told = new Set(events.map(({ raw }) => raw));
      for (const [, item] of broken) expect(told.has(item)).toBe(true);
    });
    fc.assert(property, { numRuns: 300 });
  });
});

/** What tells a message or a comment. */
function idsOf(item: JsonObject): readonly unknown[] {
  return Object.values(item).flatMap((part) => {
    if (!isObject(part)) return [];
    const { mid, id, mids, comment_id, media_id } = part;
    return [mid, id, comment_id, media_id, ...(Array.isArray(mids) ? mids : [])].map((value) =>
      typeof value === 'number' ? 'other' : value,
    );
  });
}

describe('what has no id and no time of its own', () => {
  const keyAt = (time: number, entry: JsonObject) => ofEntry(onMessenger, { id: '9', time, ...entry })[0]?.key;

  it.each<[string, JsonObject]>([
    ['a change of the account', { changes: [{ field: 'business_integrity', value: { status: 'restricted' } }] }],
    ['a change that is not known', { changes: [{ field: 'page_weather', value: { sky: 'clear' } }] }],
    ['an item that is not known', { messaging: [{ sender: { id: '7' }, game_play: { score: 1 } }] }],
    ['a policy', { messaging: [{ policy_enforcement: { action: 'block' } }] }],
    ['a referral', { messaging: [{ sender: { id: '7' }, referral: { ref: 'x' } }] }],
    ['an opt-in', { messaging: [{ sender: { id: '7' }, optin: { ref: 'x' } }] }],
    ['a cart', { messaging: [{ sender: { id: '7' }, order: { products: [] } }] }],
    ['a postback', { messaging: [{ sender: { id: '7' }, postback: { payload: 'x' } }] }],
    ['a reaction', { messaging: [{ sender: { id: '7' }, reaction: { mid: 'm_1', action: 'react', emoji: '👍' } }] }],
    ['an edit', { messaging: [{ sender: { id: '7' }, message_edit: { mid: 'm_1', text: 'Hi' } }] }],
  ])('is another event when it comes again later: %s', (_, entry) => {
    expect(keyAt(1781079330250, entry)).toBe(keyAt(1781079330250, entry));
    expect(keyAt(1781079330250, entry)).not.toBe(keyAt(1781165730250, entry));
  });

  it('is the same event at whatever time the entry is sent, if it has its own', () => {
    const entry = { messaging: [{ sender: { id: '7' }, timestamp: 1781079330000, referral: { ref: 'x' } }] };
    expect(keyAt(1781079330250, entry)).toBe(keyAt(1781165730250, entry));
  });
});
