import type { JsonObject, JsonValue } from '@chathooks/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as payloads from '../../../packages/core/src/providers/whatsapp-cloud/payloads.ts';
import * as usual from '../../../packages/core/src/providers/whatsapp-cloud/usual.ts';

const oddities = fc.constantFrom<JsonValue>('', 'x', '0', 0, 7, null, true, false, [], {}, [null], [{}]);

type Fields = Record<string, fc.Arbitrary<JsonValue>>;

/** Objects of these fields, some left out, and few of any other kind; now and then with those that are seldom there. */
const fields = (usualValues: Fields, seldom: Fields = {}, requiredKeys: string[] = []) =>
  fc
    .tuple(
      fc.record(usualValues, { requiredKeys }),
      fc.oneof(
        { weight: 5, arbitrary: fc.constant({}) },
        { weight: 1, arbitrary: fc.record(seldom, { requiredKeys: [] }) },
      ),
      fc.oneof(
        { weight: 1, arbitrary: fc.constant({}) },
        { weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...Object.keys(usualValues)), oddities, { maxKeys: 2 }) },
      ),
    )
    .map((parts): JsonObject => Object.assign({}, ...parts));

const some = fc.string({ minLength: 1 });
const texts = (...names: string[]) => Object.fromEntries(names.map((name) => [name, some]));

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** With fields that JavaScript has on every object, as only JSON can write them. */
const hostile = (item: Readonly<Record<string, unknown>>): unknown =>
  JSON.parse(
    JSON.stringify({ first: 0, constructor: 'x', ...item }).replace(
      '"first":0',
      '"__proto__":{"id":"x","status":"sent"}',
    ),
  );

const { type, errors, ...statusFields } = payloads.status.shape;

const shapes: readonly {
  name: string;
  items: fc.Arbitrary<JsonObject>;
  byHand(item: unknown): unknown;
  bySchema: typeof payloads.status | typeof payloads.contactEntry | typeof payloads.metadata | typeof payloads.entry;
}[] = [
  {
    name: 'a status',
    items: fields(
      {
        ...texts(...Object.keys(statusFields)),
        status: fc.constantFrom('sent', 'delivered', 'read', 'played', 'sent', 'failed', 'deleted', 'x'),
        pricing: fields({ ...texts('pricing_model', 'type', 'category'), billable: fc.boolean() }),
      },
      { type: fc.constantFrom('message', 'call', ''), errors: fc.array(fields(texts('code', 'title', 'message'))) },
      ['id', 'status'],
    ),
    byHand: (item) => usual.parseStatus(item).data,
    bySchema: payloads.status,
  },
  {
    name: 'side data of a person',
    items: fields({
      ...texts(...Object.keys(payloads.contactEntry.shape)),
      profile: fields(texts('name', 'username')),
    }),
    byHand: usual.parseContact,
    bySchema: payloads.contactEntry,
  },
  {
    name: 'a number',
    items: fields(texts(...Object.keys(payloads.metadata.shape))),
    byHand: usual.parseMetadata,
    bySchema: payloads.metadata,
  },
  {
    name: 'an entry',
    items: fields({ id: some, time: fc.oneof(some, fc.nat()) }),
    byHand: usual.parseEntry,
    bySchema: payloads.entry,
  },
];

describe('What is read of WhatsApp by hand, for speed', () => {
  it.each(shapes)('means the same as what the schema says of $name', ({ items, byHand, bySchema }) => {
    const anything = fc.oneof({ weight: 20, arbitrary: items }, { weight: 1, arbitrary: oddities });
    let readByHand = 0;
    const property = fc.property(anything, fc.boolean(), (item, isHostile) => {
      const sent = isHostile && isPlain(item) ? hostile(item) : item;
      const result = byHand(sent);
      if (result === sent) readByHand++;
      // By hand nothing is taken away: what is hostile stays, where nobody reads it.
      const documented = Object.keys(bySchema.shape);
      const read = isPlain(result) ? Object.fromEntries(documented.map((key) => [key, result[key]])) : result;
      expect(read).toEqual(bySchema.safeParse(sent).data);
    });
    fc.assert(property, { numRuns: 5000 });
    expect(readByHand).toBeGreaterThan(100);
  });
});
