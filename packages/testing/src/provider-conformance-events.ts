import assert from 'node:assert/strict';
import { type ChatEvent, catalog, type EventType, type JsonValue } from '@chathooks/core';
import type { ProviderSubject } from './provider-conformance.ts';
import { encodePayload, type Received, receiving, testTime, urlOf } from './provider-conformance-receiving.ts';
import type { TestRunner } from './test-runner.ts';

/** The cases of normalization. */
export function describeEvents({ describe, it }: TestRunner, subject: ProviderSubject): void {
  const { samples, batch, alwaysNew = [] } = subject;
  const { secret } = samples;
  const redeliver = subject.redeliver ?? ((payload) => payload);

  const receiver = (now: number) => {
    const provider = subject.create(secret);
    const receive = receiving(provider, now);
    const url = urlOf(provider.name);
    return async (payload: JsonValue, event?: string) => {
      const body = encodePayload(samples, payload);
      return expectHandled(await receive({ body, headers: samples.headers(body, { secret, now, event, url }) }));
    };
  };
  const eventsOf = (payload: JsonValue, event?: string, now = testTime) => receiver(now)(payload, event);
  const typesOf = (events: readonly ChatEvent[]) => events.map(({ type }) => type);

  describe('events', () => {
    for (const [name, { payload, types }] of Object.entries(samples.events)) {
      it(`makes ${types.join(' and ')} of ${name}`, async () => {
        const events = await eventsOf(payload, name);
        assert.deepEqual(typesOf(events), types);
        for (const event of events) {
          assertFitsCatalog(event);
          assertSurvivesJson(event);
          assert.notEqual(event.providerEvent, '');
        }
      });

      it(`keeps fields of ${name} that nobody reads`, async () => {
        const extended = await eventsOf({ ...payload, chathooks_extra: 'on top' }, name);
        assert.deepEqual(typesOf(extended), types);
        for (const { raw } of await eventsOf(extend(payload), name)) {
          assert.ok(JSON.stringify(raw).includes('"chathooks_extra":"kept"'), 'the field is not in raw');
        }
      });

      if (alwaysNew.includes(name)) {
        it(`takes every ${name} for a new one`, async () => {
          const [first] = await eventsOf(payload, name);
          const [second] = await eventsOf(payload, name, testTime + 1000);
          assert.notEqual(first?.id, second?.id);
        });
      } else {
        it(`knows ${name} again when it is redelivered`, async () => {
          const receive = receiver(testTime);
          const events = await receive(payload, name);
          assert.deepEqual(await receive(redeliver(payload), name), []);
          const later = await eventsOf(redeliver(payload), name, testTime + 3_600_000);
          assert.deepEqual(idsOf(later), idsOf(events));
        });
      }
    }

    it('gives every event an id of its own, under its name', async () => {
      const all = await Promise.all(
        Object.entries(samples.events).map(([name, { payload }]) => eventsOf(payload, name)),
      );
      const ids = all.flatMap(idsOf);
      assert.deepEqual(
        ids.filter((id, index) => ids.indexOf(id) !== index),
        [],
      );
      const scope = `${subject.create(secret).name}:`;
      assert.ok(ids.every((id) => id.startsWith(scope) && id.length > scope.length));
    });

    it('passes on an event that it does not know, as unknown', async () => {
      const [event, ...others] = await eventsOf(subject.unknownEvent);
      assert.deepEqual(others, []);
      assert.equal(event?.type, 'unknown');
      assert.deepEqual(event.data, { reason: 'unknown_event' });
      assert.deepEqual(event.raw, subject.unknownItem ?? subject.unknownEvent);
      assert.deepEqual(idsOf(await eventsOf(subject.unknownEvent, undefined, testTime + 1000)), [event.id]);
    });

    it('passes on what is no event at all, as unknown', async () => {
      // A form can say no more than names and values.
      const nothing: JsonValue[] = samples.encode
        ? [{}, { data: '' }]
        : [null, true, 0, '', 'text', [], [[]], {}, { data: {} }];
      for (const payload of nothing) {
        const events = await eventsOf(payload);
        assert.deepEqual(typesOf(events), ['unknown'], JSON.stringify(payload));
        assert.deepEqual(events[0]?.raw, payload);
      }
    });

    if (batch) {
      it(`makes ${batch.types.length} events of a request that holds as many`, async () => {
        const events = await eventsOf(batch.payload);
        assert.deepEqual(typesOf(events), batch.types);
        assert.equal(new Set(idsOf(events)).size, events.length);
        events.forEach(assertFitsCatalog);
      });
    }
  });
}

/**
 * Asserts that an event's `data` is what the `catalog` says of its type, with nothing beyond it.
 *
 * @throws AssertionError
 */
export function assertFitsCatalog({ type, data }: { readonly type: EventType; readonly data: unknown }): void {
  const result = catalog[type].safeParse(data);
  assert.ok(result.success, `data does not fit ${type}: ${result.error?.message}`);
  assert.deepEqual(result.data, data, `data has more than ${type} has`);
}

/**
 * Asserts that an event is plain JSON: the same after it crossed a queue.
 *
 * @throws AssertionError
 */
export function assertSurvivesJson(event: object): void {
  assert.deepEqual(JSON.parse(JSON.stringify(event)), event);
}

function expectHandled({ status, events, log }: Received): readonly ChatEvent[] {
  assert.equal(status, 200, log);
  return events;
}

const idsOf = (events: readonly ChatEvent[]) => events.map(({ id }) => id);

/** Adds a field to every object of a payload. */
function extend(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(extend);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, field]) => [name, extend(field)] as const);
  return { ...Object.fromEntries(fields), chathooks_extra: 'kept' };
}
