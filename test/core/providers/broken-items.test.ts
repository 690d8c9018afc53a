import { type Delivery, type JsonObject, type JsonValue, line, type Provider, telegram, viber } from '@chathooks/core';
import { assertFitsCatalog } from '@chathooks/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const delivery: Delivery = { receivedAt: '2026-06-10T09:00:00.000Z', connection: undefined, header: () => undefined };

type Path = readonly string[];

/** Where there is something in a value, itself left out. */
function pathsIn(value: JsonValue, path: Path = []): readonly Path[] {
  const inner =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, field]) => pathsIn(field, [...path, name]))
      : [];
  return path.length === 0 ? inner : [path, ...inner];
}

/** Puts something in the place of a field, or takes the field away. */
function replace(value: JsonValue, [name, ...rest]: Path, by: JsonValue | undefined): JsonValue | undefined {
  if (name === undefined) return by;
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(
    ([key, field]) => [key, key === name ? replace(field, rest, by) : field] as const,
  );
  const kept = fields.filter((field): field is readonly [string, JsonValue] => field[1] !== undefined);
  return Array.isArray(value) ? kept.map(([, field]) => field) : Object.fromEntries(kept);
}

const substitute = fc.constantFrom<(JsonValue | undefined)[]>(undefined, null, '', 7, true, 'x', [], {}, [null], [{}]);
const breaks = fc.array(fc.tuple(fc.nat(), substitute), { minLength: 1, maxLength: 2 });

function broken(item: JsonObject, how: readonly (readonly [number, JsonValue | undefined])[]): JsonValue {
  return how.reduce<JsonValue>((value, [place, by]) => {
    const paths = pathsIn(value);
    return paths.length === 0 ? value : (replace(value, paths[place % paths.length] ?? [], by) ?? {});
  }, item);
}

function normalize(provider: Provider, payload: unknown) {
  const events = provider.normalize(payload, delivery);
  for (const event of events) {
    assertFitsCatalog(event);
    if (event.type === 'unknown') expect(event.data.reason).not.toBe('normalize_failed');
  }
  expect(new Set(events.map(({ key }) => key)).size).toBe(events.length);
  return events;
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const runs = { numRuns: 1000 };

describe.each([
  ['Telegram', telegram({ secretToken: 'secret', botId: 555000999 }), telegram.samples],
  ['Viber', viber({ authToken: 'token' }), viber.samples],
] as const)('%s', (_, provider, samples) => {
  const payloads = Object.values(samples.events).map(({ payload }): JsonObject => payload);
  const keysOf = new Map(payloads.map((payload) => [payload, normalize(provider, payload).map(({ key }) => key)]));

  it('loses nothing that comes with a field missing or of another kind, and takes it for nothing else', () => {
    const property = fc.property(fc.constantFrom(...payloads), breaks, (payload, how) => {
      const events = normalize(provider, broken(payload, how));
      expect(events.length).toBeGreaterThan(0);
      const others = payloads.filter((other) => other !== payload).flatMap((other) => keysOf.get(other) ?? []);
      for (const { key } of events) expect(others).not.toContain(key);
    });
    fc.assert(property, runs);
  });
});

describe('LINE', () => {
  const provider = line({ channelSecret: 'secret' });
  const items = Object.values(line.samples.events).flatMap(({ payload }) => [payload.events].flat().filter(isObject));
  const withoutId = items.map(({ webhookEventId: _, ...item }) => item);

  it.each([
    ['with ids', items],
    ['without ids', withoutId],
  ])('loses no item of a batch %s, and takes none for another, whichever is broken', (_, all) => {
    const property = fc.property(fc.nat({ max: all.length - 1 }), breaks, (place, how) => {
      const batch = all.map((item, index) => (index === place ? broken(item, how) : item));
      const raws = normalize(provider, { destination: 'U', events: batch }).map(({ raw }) => raw);
      for (const item of batch) expect(raws).toContain(item);
    });
    fc.assert(property, runs);
  });
});
