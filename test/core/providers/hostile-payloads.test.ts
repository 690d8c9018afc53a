import type { Delivery, JsonObject, JsonValue, Provider } from '@chathooks/core';
import { assertFitsCatalog, assertSurvivesJson } from '@chathooks/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { vendors } from '../../vendors.ts';

/** Payloads with fields that no sample has, by vendor. */
const richer: Readonly<Record<string, readonly JsonObject[]>> = {
  wexio: [
    {
      id: 'evt_rich',
      type: 'message.outbound.updated',
      data: {
        chat: { id: 'chat_1', title: 'Garden club', photoUrl: 'https://cdn.example/p.jpg', archivedAt: null },
        message: {
          id: 'msg_1',
          chatId: 'chat_1',
          direction: 'OUTBOUND',
          type: 'IMAGE',
          media: [{ url: 'https://cdn.example/1.jpg' }],
          failedAt: '2026-06-10T08:15:30.000Z',
          errorCode: 131026,
          errorMessage: 'Message undeliverable',
          raw: { providerMessageId: 'wamid.1' },
        },
        contact: { peopleId: 'people_1', tags: ['vip'], systemFields: { stage: 'lead' }, customFields: { vip: true } },
        previous: { failedAt: null, text: 'before', media: [] },
      },
    },
  ],
};
const delivery: Delivery = { receivedAt: '2026-06-10T09:00:00.000Z', connection: undefined, header: () => undefined };

type Path = readonly (string | number)[];

function pathsOf(value: JsonValue, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, field]) => pathsOf(field, [...path, name]))];
}

/** Puts a value in the place of another, or takes the other away. */
function mutate(value: JsonValue, [name, ...rest]: Path, mutant: JsonValue | undefined): JsonValue | undefined {
  if (name === undefined || typeof value !== 'object' || value === null) return mutant;
  const fields = Object.entries(value).flatMap(([key, field]) => {
    const changed = key === String(name) ? mutate(field, rest, mutant) : field;
    return changed === undefined ? [] : [[key, changed] as const];
  });
  return Array.isArray(value) ? fields.map(([, field]) => field) : Object.fromEntries(fields);
}

const anyText = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) });
const mutant = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 4, arbitrary: fc.json().map((text): JsonValue => JSON.parse(text)) },
  { weight: 4, arbitrary: anyText },
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom<JsonValue[]>(
    null,
    '',
    'x'.repeat(100_000),
    '9'.repeat(100),
    '['.repeat(100_000),
    '2026-99-99T99:99:99Z',
    '+275760-09-13T00:00:00.001Z',
    8.64e15,
    -1,
    'location',
    'contacts',
    '{"latitude":1,"longitude":2,"name":null}',
    '[{"__proto__":1}]',
    '[]',
    JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
    JSON.parse('{"__proto__":"text","toString":null,"length":-1}'),
    [null, [], {}],
  ),
);

/** Every value in a payload, and the payload itself. */
function* valuesIn(value: unknown): Generator<unknown> {
  yield value;
  if (typeof value === 'object' && value !== null) for (const field of Object.values(value)) yield* valuesIn(field);
}

const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0;

/** Reads a payload as it comes off the wire, and checks what becomes of it. */
function expectEvents(provider: Provider, broken: JsonValue): void {
  const received: unknown = JSON.parse(JSON.stringify(broken));
  const events = provider.normalize(received, delivery);
  const parts = new Set(valuesIn(received));
  if (events.length === 0) expect([...parts].some(isEmptyList), 'only an empty batch tells nothing').toBe(true);
  const keys = new Map<unknown, string[]>();
  for (const event of events) {
    assertFitsCatalog(event);
    assertSurvivesJson(event.data);
    expect(event.key).toMatch(/./);
    expect(parts.has(event.raw), 'raw is the vendor’s own object').toBe(true);
    expect(event.occurredAt ?? delivery.receivedAt).toMatch(/^[-+\d]+T[\d:.]+Z$/);
    if (event.type === 'unknown') expect(event.data.reason).not.toBe('normalize_failed');
    // Two items of a batch may be broken into the same.
    if (event.raw instanceof Object) keys.set(event.raw, [...(keys.get(event.raw) ?? []), event.key]);
  }
  for (const ofOneItem of keys.values()) expect(new Set(ofOneItem).size).toBe(ofOneItem.length);
  expect({}).not.toHaveProperty('polluted');
}

describe.each(vendors)('$vendor', ({ vendor, samples, deliveries }) => {
  const provider = deliveries.provider();
  const payloads = [...Object.values(samples.events).map(({ payload }) => payload), ...(richer[vendor] ?? [])];

  it('makes of every broken payload events that fit the catalog, or an unknown one, and never throws', () => {
    const property = fc.property(
      fc.constantFrom(...payloads),
      fc.array(fc.tuple(fc.nat(), mutant), { minLength: 1, maxLength: 4 }),
      (payload, mutations) => {
        let broken: JsonValue = payload;
        for (const [place, value] of mutations) {
          const paths = pathsOf(broken);
          broken = mutate(broken, paths[place % paths.length] ?? [], value) ?? {};
        }
        expectEvents(provider, broken);
      },
    );
    fc.assert(property, { numRuns: 1000 });
  });

  it('reads every payload in which a single field is none, empty, or an object that is no text', () => {
    const values = [undefined, null, '', JSON.parse('{"toString":null,"valueOf":null}')];
    for (const payload of payloads) {
      for (const path of pathsOf(payload)) {
        for (const value of values) expectEvents(provider, mutate(payload, path, value) ?? {});
      }
    }
  });
});
