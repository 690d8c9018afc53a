import {
  type ChatEvent,
  catalog,
  createReceiver,
  type EventReader,
  eventTypes,
  memoryDedup,
  notModelled,
  type Provider,
  readItem,
  wexio,
} from '@chathooks/core';
import { createTestClock, deliver } from '@chathooks/testing';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { codeOf, recordLogs, send, shop, signed } from './harness.ts';

const clock = createTestClock();

/** Sends a body with a valid signature. */
async function receive(body: string | Uint8Array, limits = {}) {
  const events: ChatEvent[] = [];
  const logs = recordLogs();
  const receiver = createReceiver({
    providers: [wexio({ secret: 'wexio-test-secret' })],
    clock,
    limits,
    dedup: memoryDedup({ maxEntries: 100, clock }),
    logger: logs.logger,
    onEvent: (event) => void events.push(event),
  });
  const reply = await send(receiver, deliver.wexio.body(body, { now: clock.now() }));
  return { status: reply.status, code: codeOf(reply), events, logs };
}

const sample = (changes = {}) => new TextDecoder().decode(deliver.wexio('message.inbound.created', changes).body);
const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('a verified body', () => {
  it.each([
    ['empty', ''],
    ['white space', ' \n'],
    ['truncated', sample().slice(0, -1)],
    ['cut in the middle', sample().slice(0, 100)],
    ['followed by something', `${sample()}x`],
    ['no JSON', 'type=message'],
    ['JSON with a trailing comma', '{"a":1,}'],
    ['JSON with NaN', '{"a":NaN}'],
    ['JSON with a raw line break in a text', '"a\nb"'],
    ['invalid UTF-8', Uint8Array.of(0x22, 0xc3, 0x28, 0x22)],
    ['cut in the middle of a character', Buffer.from('"é').subarray(0, 2)],
    ['a surrogate encoded as UTF-8', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22)],
    ['UTF-16', Buffer.from(`\ufeff${sample()}`, 'utf16le')],
    ['65 levels deep', nested(65)],
    ['10,000 levels deep', nested(10_000)],
    ['500,000 levels deep', nested(500_000)],
    ['10,000 levels deep inside an event', sample().replace('"attempt":1', `"attempt":${nested(10_000)}`)],
    ['never closed', '['.repeat(100_000)],
  ])('that is %s is refused with 400', async (_, body) => {
    const { status, code, events } = await receive(body);
    expect([status, code]).toEqual([400, 'invalid_body']);
    expect(events).toEqual([]);
  });

  it.each([
    ['an array', '[]'],
    ['an array of events', `[${sample()}]`],
    ['a text', '"message.inbound.created"'],
    ['a number', '1e400'],
    ['true', 'true'],
    ['null', 'null'],
    ['an empty object', '{}'],
    ['64 levels deep', nested(64)],
    ['an event of another name', '{"id":"1","type":"toString"}'],
    ['an event named like a property of every object', '{"id":"1","type":"__proto__"}'],
    ['an event without data', '{"id":"1","type":"message.inbound.created"}'],
    ['an event whose fields have other types', '{"id":1,"type":"message.inbound.created","data":"x"}'],
    ['an event with a name that is no text', '{"id":"1","type":["message.inbound.created"]}'],
  ])('that is %s goes to onUnknown', async (_, body) => {
    const { status, events } = await receive(body);
    expect(status).toBe(200);
    expect(events).toMatchObject([{ type: 'unknown', raw: JSON.parse(body) }]);
  });

  it('may nest as deep as the limit says', async () => {
    expect((await receive(nested(5), { depth: 5 })).status).toBe(200);
    expect((await receive(nested(6), { depth: 5 })).status).toBe(400);
  });

  it('may hold many brackets without being deep', async () => {
    expect((await receive(`[${'[],'.repeat(10_000)}"[[[[["]`)).status).toBe(200);
  });

  it('may begin with a byte order mark', async () => {
    const { status, events } = await receive(`\ufeff${sample()}`);
    expect(status).toBe(200);
    expect(events).toMatchObject([{ type: 'message.inbound' }]);
  });

  it('may hold a lone surrogate, which reaches the handler', async () => {
    const { events } = await receive(sample().replace('Is the shop', '\\ud83d the shop'));
    expect(events).toMatchObject([
      { type: 'message.inbound', data: { message: { text: expect.stringMatching(/^\ud83d the/) } } },
    ]);
  });

  it('of which a key is there twice counts with its last value, as JSON.parse has it', async () => {
    const { events } = await receive(sample().replace('"id":"evt_in_1"', '"id":"first","id":"last"'));
    expect(events).toMatchObject([{ id: 'wexio:last' }]);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('cannot reach prototypes by the key %s', async (key) => {
    const poison = `"${key}":{"polluted":true,"prototype":{"polluted":true}}`;
    const inside = sample().replaceAll('{"', `{${poison},"`);
    const { status, events } = await receive(inside);
    expect(status).toBe(200);
    expect(events).toHaveLength(1);
    expect({}).not.toHaveProperty('polluted');
    expect(Object.getPrototypeOf(events[0]?.data)).toBe(Object.prototype);
    expect(events[0]?.data).not.toHaveProperty('polluted');
  });

  it('keeps what the vendor sent untouched in raw', async () => {
    const body = sample({ extra: { nested: [1, null, 'x'] } });
    const { events } = await receive(body);
    expect(events[0]?.raw).toEqual(JSON.parse(body));
  });

  it('over the limit is refused with 413 by the number of its events', async () => {
    const receiver = createReceiver({ providers: [shop()], logger: false, limits: { events: 2 } });
    const list = (length: number) =>
      signed(JSON.stringify({ notes: Array.from({ length }, (_, id) => ({ id: `${id}` })) }));
    expect((await send(receiver, list(2))).status).toBe(200);
    const reply = await send(receiver, list(3));
    expect([reply.status, codeOf(reply)]).toEqual([413, 'batch_too_large']);
  });

  it('that the provider cannot normalize goes to onUnknown and is not lost', async () => {
    const logs = recordLogs();
    const events: ChatEvent[] = [];
    const receiver = createReceiver({
      providers: [shop()],
      logger: logs.logger,
      onUnknown: (event) => void events.push(event),
    });
    expect((await send(receiver, signed('{"notes":7}'))).status).toBe(200);
    expect((await send(receiver, signed('{"notes":8}'))).status).toBe(200);
    expect(events).toMatchObject([
      { data: { reason: 'normalize_failed' }, raw: { notes: 7 } },
      { data: { reason: 'normalize_failed' }, raw: { notes: 8 } },
    ]);
    expect(logs.lines.map(({ level }) => level)).toEqual(['error', 'error']);
  });

  it('of which one item cannot be normalized loses neither that one nor its neighbours', async () => {
    const logs = recordLogs();
    const events: ChatEvent[] = [];
    const reader: EventReader = (item) => {
      if (item === 'broken') throw new Error('a fault in the provider');
      return [{ type: 'ping', key: String(item), data: {} }];
    };
    const normalize: Provider['normalize'] = (payload, delivery) =>
      [payload].flat().flatMap((item) => readItem(item, delivery, { providerEvent: 'note', reader }));
    const receiver = createReceiver({
      providers: [shop({ normalize })],
      logger: logs.logger,
      onEvent: (event) => void events.push(event),
    });
    expect((await send(receiver, signed('["one","broken","two"]'))).status).toBe(200);
    expect(events.map(({ type, raw }) => [type, raw])).toEqual([
      ['ping', 'one'],
      ['unknown', 'broken'],
      ['ping', 'two'],
    ]);
    expect(events[1]).not.toHaveProperty('error');
    expect(events[1]?.data).toEqual({ reason: 'normalize_failed' });
    expect(logs.text()).toContain('a fault in the provider');
  });

  it('that is known but has no place in the model goes to onUnknown, without a warning', async () => {
    const logs = recordLogs();
    const normalize: Provider['normalize'] = (payload, delivery) =>
      readItem(payload, delivery, { providerEvent: 'typing', reader: notModelled });
    const seen = vi.fn();
    const receiver = createReceiver({ providers: [shop({ normalize })], logger: logs.logger });
    await send(receiver, signed('{"typing":1}'));
    receiver.on('unknown', seen);
    await send(receiver, signed('{"typing":2}'));
    expect(seen.mock.lastCall?.[0]).toMatchObject({ providerEvent: 'typing', data: { reason: 'not_modelled' } });
    expect(logs.lines).toEqual([]);
  });

  it('is not mixed up with a promise, which parse must not return', async () => {
    const logs = recordLogs();
    const onUnknown = vi.fn();
    const parse = async (body: Uint8Array) => JSON.parse(Buffer.from(body).toString());
    const receiver = createReceiver({ providers: [shop({ parse })], logger: logs.logger, onUnknown });
    for (const body of ['{"notes":[]}', 'no JSON']) {
      const reply = await send(receiver, signed(body));
      expect([reply.status, codeOf(reply)]).toEqual([500, 'internal_error']);
    }
    expect(logs.lines[0]?.message).toContain('parse of "shop" returned a promise');
    expect(onUnknown).not.toHaveBeenCalled();
  });

  it('without an event id is told apart by its content', async () => {
    const events: ChatEvent[] = [];
    const receiver = createReceiver({
      providers: [shop()],
      logger: false,
      onEvent: (event) => void events.push(event),
    });
    await send(receiver, signed('{"notes":[{"id":""}]}'));
    await send(receiver, signed('{"notes":[{"id":"","chat":"other"}]}'));
    await send(receiver, signed('{"notes":[{"id":""}]}'));
    expect(events).toHaveLength(2);
  });

  it('with a very long event id gets a short one that differs by the last letter', async () => {
    const events: ChatEvent[] = [];
    const receiver = createReceiver({
      providers: [shop()],
      logger: false,
      onEvent: (event) => void events.push(event),
    });
    const long = 'x'.repeat(10_000);
    for (const id of [`${long}1`, `${long}2`, `${long}1`])
      await send(receiver, signed(JSON.stringify({ notes: [{ id }] })));
    expect(events).toHaveLength(2);
    for (const { id } of events) expect(id.length).toBeLessThan(100);
  });
});

describe('whatever is in a verified body', () => {
  const eventNames = deliver.wexio.events;
  const samples = eventNames.map((name) => JSON.parse(new TextDecoder().decode(deliver.wexio(name).body)));

  /** A real payload in which one value, anywhere, is replaced. */
  const damaged = fc
    .record({
      payload: fc.constantFrom(...samples),
      steps: fc.array(fc.nat(), { maxLength: 5 }),
      value: fc.jsonValue(),
    })
    .map(({ payload, steps, value }) => replaceAt(payload, steps, value));

  it('is answered 200 and reaches a handler, or is answered 400', async () => {
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      fc.json().map((text) => Buffer.from(text)),
      damaged.map((payload) => Buffer.from(JSON.stringify(payload))),
      fc.tuple(fc.constantFrom(...samples), fc.nat(), fc.nat(255)).map(([payload, at, byte]) => {
        const bytes = Buffer.from(JSON.stringify(payload));
        bytes[at % bytes.length] = byte;
        return bytes;
      }),
    );
    await fc.assert(
      fc.asyncProperty(body, async (bytes) => {
        const { status, events } = await receive(bytes);
        expect([200, 400]).toContain(status);
        expect(events.length > 0).toBe(status === 200);
        for (const event of events) {
          expect(eventTypes).toContain(event.type);
          expect(catalog[event.type].safeParse(event.data).error).toBeUndefined();
        }
      }),
      { numRuns: 1000 },
    );
  });
});

function replaceAt(payload: unknown, steps: readonly number[], value: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || typeof payload !== 'object' || payload === null) return value;
  const keys = Object.keys(payload);
  const key = keys[step % keys.length];
  if (key === undefined) return value;
  const copy: Record<string, unknown> = { ...payload };
  copy[key] = replaceAt(copy[key], rest, value);
  return Array.isArray(payload) ? Object.values(copy) : copy;
}
