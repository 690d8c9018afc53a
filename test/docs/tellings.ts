import { type ChatEvent, catalog } from '@chathooks/core';
import type { z } from 'zod';
import { isArray, isObject, unwrap, type VendorSamples } from './model.ts';
import { envelope, intermediaries, type Thing, things } from './things.ts';

/** How a vendor tells of a thing. */
export interface Telling {
  readonly vendor: string;
  /** Fields of all its events about it. */
  readonly always: ReadonlySet<string>;
  /** Fields of at least one of them. */
  readonly ever: ReadonlySet<string>;
}

/** The vendors that tell of a thing, and what they tell of it. */
export function tellingsOf({ type, when = () => true }: Thing, vendors: readonly VendorSamples[]): readonly Telling[] {
  return vendors.flatMap(({ vendor, events }) => {
    const told = events.filter((event) => event.type === type && when(event)).map(fieldsIn);
    if (told.length === 0) return [];
    const ever = new Set(told.flatMap((fields) => [...fields]));
    return [{ vendor, ever, always: new Set([...ever].filter((field) => told.every((fields) => fields.has(field)))) }];
  });
}

/** The fields beyond any baseline, and the platforms that fill them. A part of the message counts as one field. */
export function furtherFields(vendors: readonly VendorSamples[]): ReadonlyMap<string, ReadonlySet<string>> {
  const baseline = new Set(things.flatMap((thing) => thing.baseline));
  const found = new Map<string, Set<string>>();
  for (const thing of things) {
    for (const { vendor, ever } of tellingsOf(thing, vendors)) {
      if (intermediaries.has(vendor)) continue;
      for (const path of ever) {
        const field = further(path);
        if (!field || baseline.has(field) || [...baseline].some((known) => known.startsWith(`${field}.`))) continue;
        found.set(field, (found.get(field) ?? new Set()).add(vendor));
      }
    }
  }
  return new Map([...found].sort(([one], [other]) => placeOf(one) - placeOf(other)));
}

/** What a path is called in the guide: of a person each field, of anything else within a message the whole. */
function further(path: string): string | undefined {
  const [part = '', field, detail] = path.split('.');
  if (part === 'message' && (field === 'from' || field === 'to')) return detail && `${part}.${field}.${detail}`;
  if (['message', 'chat', 'contact', 'recipient'].includes(part)) return field && `${part}.${field}`;
  return part;
}

const places = ['message', 'message.from', 'message.to', 'chat', 'contact', 'recipient'];
const placeOf = (field: string) => {
  const place = places.indexOf(field.slice(0, Math.max(field.lastIndexOf('.'), 0)));
  return place === -1 ? places.length : place;
};

/** The fields that are filled: those of the envelope that a vendor may leave out, and those of `data` by their path, `message.from.id`. */
function fieldsIn(event: ChatEvent): Set<string> {
  const found = new Set(envelope.filter((field) => field in event));
  const walk = (schema: z.core.$ZodType, value: unknown, path: string) => {
    const type = unwrap(schema);
    if (path !== '') found.add(path);
    if (Array.isArray(value) && isArray(type)) for (const item of value) walk(type.def.element, item, path);
    if (!isObject(type) || typeof value !== 'object' || value === null) return;
    for (const [field, inner] of Object.entries(type.shape)) {
      const content: unknown = Reflect.get(value, field);
      if (content !== undefined) walk(inner, content, path === '' ? field : `${path}.${field}`);
    }
  };
  walk(catalog[event.type], event.data, '');
  return found;
}
