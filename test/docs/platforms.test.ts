import type { ChatEvent, Person } from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import { readVendors } from './model.ts';
import { tellingsOf } from './tellings.ts';
import { exceptionOf, exceptions, intermediaries, things } from './things.ts';

const vendors = await readVendors();
const platforms = vendors.filter(({ vendor }) => !intermediaries.has(vendor));

describe('the same thing on every platform', () => {
  it.each(things)('$type: $what', (thing) => {
    const missing = tellingsOf(thing, platforms).flatMap(({ vendor, always }) =>
      thing.baseline
        .filter((field) => !always.has(field) && !exceptionOf(vendor, thing, field))
        .map((field) => `${vendor}: ${field}`),
    );
    expect(missing).toEqual([]);
  });

  it.each(exceptions)('$vendor really $reason', (exception) => {
    const missing = things.flatMap((thing) =>
      tellingsOf(thing, platforms)
        .filter(({ vendor }) => vendor === exception.vendor)
        .flatMap(({ always }) => thing.baseline.filter((field) => !always.has(field)))
        .filter((field) => exceptionOf(exception.vendor, thing, field) === exception),
    );
    for (const field of exception.fields) {
      expect(missing.filter((name) => name.startsWith(field)).length, field).toBeGreaterThan(0);
    }
  });

  it('is told by some vendor, or is no row of the guide', () => {
    expect(things.filter((thing) => tellingsOf(thing, vendors).length === 0)).toEqual([]);
  });
});

const dataOf = ({ data }: ChatEvent): Readonly<Record<string, unknown>> => ({ ...data });
const messageOf = ({ type, data }: ChatEvent) =>
  type.startsWith('message.') && 'message' in data ? data.message : undefined;

/** Every object in an event's data, below what is the vendor's own. */
function* objectsIn(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield { ...value };
  for (const [field, inner] of Object.entries(value)) {
    if (field !== 'payload' && field !== 'contacts' && field !== 'fields') yield* objectsIn(inner);
  }
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const forms: Readonly<Record<string, RegExp>> = {
  phone: /^\+[1-9]\d{4,}$/,
  sha256: /^[\da-f]{64}$/,
  language: /^[a-z]{2,3}(-[\da-z]+)*$/,
  country: /^[A-Z]{2}$/,
  currency: /^[A-Z]{3}$/,
  channel: /^[a-z]+$/,
  kind: /^[a-z][\da-z_]*$/,
};
const times = ['sentAt', 'editedAt', 'deletedAt', 'createdAt', 'updatedAt', 'archivedAt', 'before', 'at', 'expiresAt'];

describe.each(vendors)('$vendor', ({ vendor, events }) => {
  it('writes phones, times, tags and digests in the form of the model', () => {
    for (const event of events) {
      expect(event.occurredAt ?? event.receivedAt).toMatch(isoTime);
      for (const part of objectsIn(event.data)) {
        for (const [field, form] of Object.entries(forms)) {
          if (typeof part[field] === 'string') expect(part[field], `${event.providerEvent}: ${field}`).toMatch(form);
        }
        for (const field of times) {
          if (typeof part[field] === 'string') expect(part[field], `${event.providerEvent}: ${field}`).toMatch(isoTime);
        }
      }
    }
  });

  it('tells inbound from outbound, and nobody by an empty person', () => {
    for (const event of events) {
      const { type, providerEvent } = event;
      const message = messageOf(event);
      if (type === 'message.inbound') expect(message?.direction, providerEvent).toBe('inbound');
      if (type === 'message.outbound') expect(message?.direction, providerEvent).toBe('outbound');
      const people: readonly (Person | undefined)[] = [message?.from, message?.to];
      for (const person of people) if (person) expect(Object.keys(person), providerEvent).not.toEqual([]);
    }
  });

  it('says of every attachment where it is', () => {
    for (const event of events) {
      for (const { id, url } of messageOf(event)?.media ?? []) expect(id ?? url, event.providerEvent).toBeTruthy();
    }
  });

  if (intermediaries.has(vendor)) return;

  it('names the chat of a message twice, in the same way, and handles what belongs to it in turn', () => {
    for (const event of events) {
      const { chat } = dataOf(event);
      if (typeof chat !== 'object' || chat === null || !('id' in chat)) continue;
      const message = messageOf(event);
      if (message) expect(message.chatId, event.providerEvent).toBe(chat.id);
      if (event.type.startsWith('message.') || event.type.startsWith('chat.')) {
        // A chat that gets another id is still the same to what waits.
        const before = event.type === 'chat.updated' ? event.data.previous?.id : undefined;
        const keys = [chat.id, before].map((id) => `${vendor}:${id}`);
        expect(keys, event.providerEvent).toContain(event.orderingKey);
      }
    }
  });

  it('knows a person by the id of the platform, and both sides of a message', () => {
    for (const event of events) {
      const message = messageOf(event);
      const customer = message?.direction === 'inbound' ? message.from : message?.to;
      if (customer?.id !== undefined) expect(customer.channelUserId, event.providerEvent).toBe(customer.id);
    }
  });
});
