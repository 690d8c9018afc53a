import { type ChatEvent, createReceiver, hasErrorCode, viber } from '@chathooks/core';
import { deliver } from '@chathooks/testing';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { codeOf, send } from '../harness.ts';

/** A JSON text, and what is to be read of it. */
type Told = readonly [text: string, value: unknown];

const edge = 2n ** 53n;
const integer = fc.oneof(
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
  fc.bigInt({ min: edge - 3n, max: edge + 3n }),
  fc.bigInt({ min: -edge - 3n, max: -edge + 3n }),
);
const tellInteger = (value: bigint): Told => [`${value}`, -edge < value && value < edge ? Number(value) : `${value}`];
const tell = (value: unknown): Told => [JSON.stringify(value), value];
const other: fc.Arbitrary<Told> = fc.oneof(
  fc.double({ noNaN: true, min: -1, max: 1 }).map((value): Told => [`${value}`, Number(`${value}`)]),
  fc.constantFrom<unknown[]>(true, false, null, '', 1.5e300, -1e21).map(tell),
  fc.string({ unit: 'binary' }).map(tell),
  integer.map((value) => tell(`${value}`)),
  integer.map((value) => tell(`{"a":${value},"`)),
);
const listOf = (item: fc.Arbitrary<Told>): fc.Arbitrary<Told> =>
  fc.array(item, { maxLength: 4 }).map((items) => {
    const texts = items.map(([text]) => text);
    return [`[${texts.join(' , ')}]`, items.map(([, value]) => value)];
  });
const objectOf = (field: fc.Arbitrary<Told>): fc.Arbitrary<Told> => {
  const name = fc.oneof(fc.string(), integer.map(String), fc.constantFrom('__proto__', 'a', '0'));
  return fc.array(fc.tuple(name, field), { maxLength: 4 }).map((fields) => {
    const texts = fields.map(([key, [text]]) => `${JSON.stringify(key)}: ${text}`);
    return [`{${texts.join(',')}}`, Object.fromEntries(fields.map(([key, [, value]]) => [key, value]))];
  });
};

const authToken = viber.samples.secret;

/** Sends a body with a valid signature. */
async function receive(body: string | Uint8Array) {
  const events: ChatEvent[] = [];
  const receiver = createReceiver({
    providers: [viber({ authToken })],
    logger: false,
    onEvent: (event) => void events.push(event),
  });
  return { reply: await send(receiver, deliver.viber.body(body)), events };
}

/** What is read of a JSON text. */
async function read(json: string): Promise<unknown> {
  const { events } = await receive(`{"event":"probe","value":${json}}`);
  return Object(events[0]?.raw).value;
}

describe('a message token of Viber', () => {
  const token = '5912345678901234567';

  it('keeps every digit in the id, the key and raw', async () => {
    const body = `{"event":"message","message_token":${token},"message":{"type":"text","text":"hi"}}`;
    const { events } = await receive(body);
    expect(events).toMatchObject([
      {
        id: `viber:message:${token}`,
        data: { message: { id: token } },
        raw: { event: 'message', message_token: token, message: { type: 'text', text: 'hi' } },
      },
    ]);
  });

  it('is told from its neighbour, which a number would make of it', async () => {
    const keys = await Promise.all(
      [token, '5912345678901234568'].map(async (message_token) => {
        const { events } = await receive(`{"event":"seen","message_token":${message_token},"user_id":"u"}`);
        return events[0]?.id;
      }),
    );
    expect(keys).toEqual([`viber:status:${token}:read:u`, 'viber:status:5912345678901234568:read:u']);
  });

  it('is found also where token and time are exchanged', async () => {
    const { events } = await receive(`{"event":"webhook","timestamp":${token},"message_token":1781079330456}`);
    expect(events).toMatchObject([
      { type: 'ping', id: `viber:webhook:${token}`, occurredAt: '2026-06-10T08:15:30.456Z' },
    ]);
  });

  it('is no time because it is short', async () => {
    const { events } = await receive('{"event":"webhook","timestamp":1781079330456,"message_token":241256543215}');
    expect(events).toMatchObject([
      { type: 'ping', id: 'viber:webhook:241256543215', occurredAt: '2026-06-10T08:15:30.456Z' },
    ]);
  });

  it.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', '9007199254740992'],
    ['-9007199254740991', -9007199254740991],
    ['-9007199254740993', '-9007199254740993'],
    ['18446744073709551615', '18446744073709551615'],
    ['9'.repeat(400), '9'.repeat(400)],
    ['[1, 9007199254740993 , {"a":9007199254740995}]', [1, '9007199254740993', { a: '9007199254740995' }]],
    ['"9007199254740993"', '9007199254740993'],
    ['"is it 9007199254740993?"', 'is it 9007199254740993?'],
    ['"\\"9007199254740993\\""', '"9007199254740993"'],
    ['{"9007199254740993":9007199254740993}', { '9007199254740993': '9007199254740993' }],
    ['1234567890.12345678901234567', 1234567890.1234567],
    ['9007199254740993.5', 9007199254740994],
    ['9007199254740993e0', 9007199254740992],
    ['1e30', 1e30],
    ['-0', -0],
    ['1781079330456', 1781079330456],
    ['{"a":9007199254740993,"a":9007199254740995}', { a: '9007199254740995' }],
    ['{"a":9007199254740993,"a":{"b":1}}', { a: { b: 1 } }],
  ])('among other numbers and texts: %s', async (json, expected) => {
    expect(await read(json)).toStrictEqual(expected);
  });

  it('is read as BigInt reads it, wherever it stands, and all else as JSON.parse does', async () => {
    const { json } = fc.letrec<{ json: Told }>((tie) => ({
      json: fc.oneof({ maxDepth: 4 }, integer.map(tellInteger), other, listOf(tie('json')), objectOf(tie('json'))),
    }));
    await fc.assert(
      fc.asyncProperty(json, async ([text, expected]) => {
        expect(await read(text)).toStrictEqual(expected);
      }),
      { numRuns: 1000 },
    );
    expect({}).not.toHaveProperty('a');
  });

  it.each([
    ['invalid UTF-8', Uint8Array.of(...Buffer.from('[9007199254740993,"'), 0xc3, 0x28, ...Buffer.from('"]'))],
    ['an integer with a leading zero', '[09007199254740993]'],
    ['cut off', '{"message_token":9007199254740993'],
    ['nested 500,000 levels deep', `${'['.repeat(500_000)}9007199254740993${']'.repeat(500_000)}`],
  ])('does not help a body that is %s', async (_, body) => {
    const { reply, events } = await receive(body);
    expect([reply.status, codeOf(reply)]).toEqual([400, 'invalid_body']);
    expect(events).toEqual([]);
  });

  it('may follow a byte order mark', async () => {
    const { events } = await receive(`\ufeff{"event":"webhook","message_token":${token}}`);
    expect(events).toMatchObject([{ id: `viber:webhook:${token}` }]);
  });

  it('would be rounded in a runtime without source text: there is no provider then', () => {
    const { parse } = JSON;
    // As Node 20 does it.
    const parseWithout: typeof parse = (text, reviver) =>
      parse(text, reviver && ((key, value) => Reflect.apply(reviver, undefined, [key, value])));
    const spy = vi.spyOn(JSON, 'parse').mockImplementation(parseWithout);
    let thrown: unknown;
    try {
      viber({ authToken });
    } catch (error) {
      thrown = error;
    } finally {
      spy.mockRestore();
    }
    expect(hasErrorCode(thrown, 'internal_error')).toBe(true);
    expect(String(thrown)).toContain('Use Node 22 or later');
  });
});

describe('whatever JSON Viber signs', () => {
  it('is answered 200 and reaches a handler', async () => {
    const text = fc.oneof(
      fc.json(),
      fc.jsonValue().map((value) => JSON.stringify({ event: 'message', message: value })),
    );
    await fc.assert(
      fc.asyncProperty(text, async (body) => {
        const { reply, events } = await receive(body);
        expect(reply.status).toBe(200);
        expect(events).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['null', 'true', '0', '""', '"text"', '[]', '{}', '9007199254740993'])(
    'is unknown when it is %s',
    async (body) => {
      const { events } = await receive(body);
      expect(events).toMatchObject([{ type: 'unknown', raw: body.length > 15 ? body : JSON.parse(body) }]);
    },
  );
});
