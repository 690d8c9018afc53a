import {
  chatwoot,
  type Delivery,
  identifier,
  type JsonObject,
  type JsonValue,
  kapso,
  type Provider,
  readsData,
  type Samples,
  standardWebhooks,
} from '@chathooks/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const withId = z.object({ id: identifier });

const vendors: readonly { vendor: string; provider: Provider; samples: Samples }[] = [
  { vendor: 'kapso', provider: kapso({ secret: 'secret' }), samples: kapso.samples },
  { vendor: 'chatwoot', provider: chatwoot({ secret: 'secret' }), samples: chatwoot.samples },
  {
    vendor: 'standard-webhooks',
    provider: standardWebhooks({
      secret: standardWebhooks.samples.secret,
      events: {
        'contact.created': readsData(withId, ({ id }) => [{ type: 'contact.created', data: { contact: { id } } }]),
        'message.received': readsData(withId, ({ id }) => [
          { type: 'message.inbound', data: { message: { id, direction: 'inbound', kind: 'text' } } },
          { type: 'contact.updated', data: { contact: { id } } },
        ]),
      },
    }),
    samples: standardWebhooks.samples,
  },
];

/** With the headers of the vendor: they name events and deliveries. */
function deliveryOf({ headers, secret }: Samples, payload: JsonObject, event: string, request = event): Delivery {
  const sent = headers(Buffer.from(JSON.stringify(payload)), {
    secret,
    now: 1781079330_000,
    event,
    url: 'https://example.com/',
  });
  const ids = { 'x-idempotency-key': request, 'x-chatwoot-delivery': request, 'webhook-id': request };
  const all: Record<string, string> = { ...sent, ...ids };
  return { receivedAt: '2026-06-10T09:00:00.000Z', connection: undefined, header: (name) => all[name] };
}

type Path = readonly string[];
const pathsOf = (value: JsonValue, path: Path = []): Path[] =>
  typeof value !== 'object' || value === null
    ? [path]
    : [path, ...Object.entries(value).flatMap(([name, field]) => pathsOf(field, [...path, name]))];

/** Puts something else in the place of one field, or leaves the field out. */
function broken(value: JsonValue, [name, ...rest]: Path, mutant: JsonValue | undefined): JsonValue | undefined {
  if (name === undefined || typeof value !== 'object' || value === null) return mutant;
  const fields = Object.entries(value).flatMap(([key, field]) => {
    const changed = key === name ? broken(field, rest, mutant) : field;
    return changed === undefined ? [] : [[key, changed] as const];
  });
  return Array.isArray(value) ? fields.map(([, field]) => field) : Object.fromEntries(fields);
}

const mutants = fc.constantFrom<(JsonValue | undefined)[]>(undefined, null, '', 'text', 7, 1.5, true, [], [null], {});
const breaking = fc.record({ place: fc.nat(), mutant: mutants });

/** @param index - no two items are given the same id */
function breakField(
  payload: JsonObject,
  { place, mutant }: { place: number; mutant: JsonValue | undefined },
  index = 0,
): JsonObject {
  const paths = pathsOf(payload).filter((path) => path.length > 0);
  const own = typeof mutant === 'number' ? mutant + index * 10 : mutant === 'text' ? `text${index}` : mutant;
  return broken(payload, paths[place % paths.length] ?? [], own) as JsonObject;
}

/** The same with other ids and times: another event of the same kind. */
const another = (payload: JsonObject): JsonObject =>
  JSON.parse(
    JSON.stringify(payload, (name, value: unknown) => {
      if (!/(^|_)id$|_at$/.test(name)) return value;
      if (typeof value === 'number') return value + 1000;
      return typeof value === 'string' ? value.replace(/.$/, (last) => (last === 'Z' ? '.500Z' : `${last}9`)) : value;
    }),
  );

/** What a batch holds. */
const itemsOf = ({ batch, data }: JsonObject): readonly unknown[] =>
  batch === true && Array.isArray(data) ? data : [];

const keysOf = (events: ReturnType<Provider['normalize']>) => events.map(({ key }) => key);

describe.each(vendors)('$vendor', ({ provider, samples }) => {
  const named = Object.entries(samples.events);

  it('makes something of every delivery, under keys of its own, whichever field is broken', () => {
    const property = fc.property(fc.constantFrom(...named), fc.constantFrom(...named), breaking, (one, two, change) => {
      const [[name, { payload }], [otherName, other]] = [one, two];
      const sent = breakField(payload, change);
      const events = provider.normalize(sent, deliveryOf(samples, sent, name));
      expect(events.length).toBeGreaterThan(0);
      for (const event of events) {
        expect([sent, ...itemsOf(sent)]).toContain(event.raw);
        if (event.type === 'unknown') expect(event.data.reason).not.toBe('normalize_failed');
      }
      const untouched = name === otherName ? another(other.payload) : other.payload;
      const others = provider.normalize(untouched, deliveryOf(samples, untouched, otherName, 'another'));
      expect(keysOf(others).filter((key) => keysOf(events).includes(key))).toEqual([]);
    });
    fc.assert(property, { numRuns: 2000 });
  });
});

describe('a batch of Kapso', () => {
  const provider = kapso({ secret: 'secret' });
  const { samples } = kapso;
  const alone = Object.entries<{ payload: JsonObject }>(samples.events).filter(([, { payload }]) => !payload.batch);
  const eventOf = (name: string) => name.split('.').slice(0, 3).join('.');

  it('has an event for each item, never two items under one key, whichever field is broken', () => {
    const names = alone.map(([name]) => name);
    const property = fc.property(
      fc.constantFrom(...names),
      fc.array(breaking, { minLength: 2, maxLength: 6 }),
      (name, changes) => {
        const type = eventOf(name);
        const payloads = alone.flatMap(([other, { payload }]) => (eventOf(other) === type ? [payload] : []));
        let next: JsonObject[] = [...payloads];
        const items = changes.map((change, index) => {
          const [payload, ...rest] = next;
          next = [...rest, another(payload ?? {})];
          return breakField(payload ?? {}, change, index);
        });
        const batch = { type, batch: true, data: items };
        const events = provider.normalize(batch, deliveryOf(samples, batch, name));
        const owners = new Map<string, unknown>();
        for (const event of events) {
          if (event.type === 'unknown') expect(event.data.reason).not.toBe('normalize_failed');
          const owner = owners.get(event.key);
          // What is broken into the same is the same.
          if (owner !== undefined) expect(event.raw).toEqual(owner);
          owners.set(event.key, event.raw);
        }
        for (const item of items) expect(events.some(({ raw }) => raw === item)).toBe(true);
      },
    );
    fc.assert(property, { numRuns: 2000 });
  });
});
