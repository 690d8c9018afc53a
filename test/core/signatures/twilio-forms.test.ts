import { parseForm, twilioSignature } from '@chathooks/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeForm, message, type Parameters, receivingTwilio, sign, signedText } from './twilio-harness.ts';

const url = 'https://app.example.com/webhooks/twilio';

/** Texts that forms have to encode, and texts that a careless joining would mix up. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('a', 'b', '=', '&', '+', '%', ' ', '%41', '\u0000', '\ufeff', '💬', 'é'),
    maxLength: 6,
  }),
  fc.constantFrom('__proto__', 'constructor', 'toString', '', 'Body'),
);
const parameters: fc.Arbitrary<Parameters> = fc.array(fc.tuple(text, text), { maxLength: 20 });

/** `+` or `%20`, escapes in either case, and more escapes than needed. */
const spellings = [
  encodeForm,
  (list: Parameters) => encodeForm(list).replaceAll('+', '%20'),
  (list: Parameters) => encodeForm(list).replace(/%[\dA-F]{2}/g, (code) => code.toLowerCase()),
  (list: Parameters) => list.map((pair) => pair.map(escapeAll).join('=')).join('&'),
];
const escapeAll = (part: string) =>
  Array.from(Buffer.from(part), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

async function verify(body: string | Uint8Array, signature: string, called = url) {
  const verifier = twilioSignature({ secret: 'token' });
  const headers: Readonly<Record<string, string>> = { 'x-twilio-signature': signature };
  const bytes = Buffer.from(body);
  const request = {
    method: 'POST',
    url: called,
    path: '/webhooks/twilio',
    header: (name: string) => headers[name],
    body: () => bytes,
  };
  const found = await verifier.verify({ request, body: bytes, connection: undefined, pathSecret: undefined, now: 0 });
  return found.ok ? 'verified' : found.reason;
}

describe('a form', () => {
  it('is accepted with any parameters, in any order and spelling', async () => {
    const property = fc.asyncProperty(
      parameters,
      fc.constantFrom(...spellings),
      fc.nat(),
      async (list, write, seed) => {
        const shuffled = list.map((pair, index) => ({ pair, place: (index * 7919 + seed) % 31 }));
        const sent = shuffled.sort((a, b) => a.place - b.place).map(({ pair }) => pair);
        expect(await verify(write(sent), sign(signedText(url, list)))).toBe('verified');
      },
    );
    await fc.assert(property, { numRuns: 500 });
  });

  it('is refused with any parameter changed, added or taken away', async () => {
    const changes = [
      (list: Parameters, place: number, other: string): Parameters => list.with(place, [list[place]?.[0] ?? '', other]),
      (list: Parameters, place: number, other: string): Parameters => list.with(place, [other, list[place]?.[1] ?? '']),
      (list: Parameters, place: number): Parameters => list.toSpliced(place, 1),
      (list: Parameters, place: number, other: string): Parameters => list.toSpliced(place, 0, [other, other]),
    ];
    const property = fc.asyncProperty(
      parameters.filter(({ length }) => length > 0),
      fc.constantFrom(...changes),
      fc.nat(),
      text,
      async (list, change, place, other) => {
        const changed = change(list, place % list.length, other);
        // Nothing parts names from values: some changes leave the signed text as it is.
        fc.pre(signedText(url, changed) !== signedText(url, list));
        expect(await verify(encodeForm(changed), sign(signedText(url, list)))).toBe('mismatch');
      },
    );
    await fc.assert(property, { numRuns: 500 });
  });

  it('is refused at another URL', async () => {
    const signature = sign(signedText(url, message));
    expect(await verify(encodeForm(message), signature)).toBe('verified');
    for (const other of [`${url}?`, `${url}/`, `${url}?a=1`, url.replace('app', 'api'), url.replace('https', 'http')]) {
      expect(await verify(encodeForm(message), signature, other)).toBe('mismatch');
    }
  });

  it('may have a thousand parameters and no more', async () => {
    const list = Array.from({ length: 1000 }, (_, index): [string, string] => [`name${index}`, 'x']);
    expect(await verify(encodeForm(list), sign(signedText(url, list)))).toBe('verified');
    for (const count of [1001, 100_000]) {
      const longer = Array.from({ length: count }, (_, index): [string, string] => [`n${index}`, '']);
      expect(await verify(encodeForm(longer), sign(signedText(url, longer)))).toBe('malformed');
    }
  });

  it.each([
    ['an escape that ends too soon', 'MessageSid=SM1&Body=%4'],
    ['an escape of no digits', 'MessageSid=SM1&Body=%zz'],
    ['an escape in a name', 'MessageSid=SM1&%=1'],
    ['escaped bytes that are no UTF-8', 'MessageSid=SM1&Body=%ff'],
    ['an escaped surrogate', 'MessageSid=SM1&Body=%ED%A0%80'],
    ['an overlong form of a letter', 'MessageSid=SM1&Body=%C1%81'],
    ['bytes that are no UTF-8', Buffer.concat([Buffer.from('MessageSid=SM1&Body='), Buffer.of(0xff)])],
  ])('is refused with %s, whatever was signed', async (_, body) => {
    const lenient = [...new URLSearchParams(body.toString())].map(([name, value]): [string, string] => [name, value]);
    expect(await verify(body, sign(signedText(url, lenient)))).toBe('mismatch');
    expect(await verify(body, sign(url + body.toString()))).toBe('mismatch');
  });

  it('becomes an object of texts and lists, in which no name is special', async () => {
    const body = 'a=1&b=&__proto__=x&a=2&c&constructor=y&&=empty&d=%26+%2B';
    const form = parseForm(Buffer.from(body));
    expect(Object.entries(form)).toEqual([
      ['a', ['1', '2']],
      ['b', ''],
      ['__proto__', 'x'],
      ['c', ''],
      ['constructor', 'y'],
      ['', 'empty'],
      ['d', '& +'],
    ]);
    expect(Object.getPrototypeOf(form)).toBe(Object.prototype);
    expect(parseForm(Buffer.of())).toEqual({});
    // A byte order mark is a part of what was signed.
    expect(Object.keys(parseForm(Buffer.from('\ufeffa=1')))).toEqual(['\ufeffa']);
  });

  it('goes through a receiver with whatever it holds', async () => {
    const parameters: Parameters = [...message, ['__proto__', 'polluted'], ['Tag', 'b'], ['Tag', 'a']];
    const { send, events } = receivingTwilio();
    expect(await send({ signedUrl: url, parameters })).toBe(200);
    expect(events).toMatchObject([{ type: 'message.inbound', raw: { Tag: ['b', 'a'] } }]);
    expect(JSON.stringify(events)).toContain('"__proto__":"polluted"');
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('a refusal', () => {
  it('tells nobody a token, a signature or what was written', async () => {
    const { send, text, events } = receivingTwilio({
      authToken: ['token', 'other-token'],
      publicUrl: 'https://me:s3cret@x.example',
    });
    const signature = sign(signedText(url, message), 'third-token');
    for (const body of [
      encodeForm(message),
      `${encodeForm(message)}&Body=%f`,
      'x='.repeat(5000),
      'a&'.repeat(100_000),
    ]) {
      expect(await send({ signedUrl: url, body, headers: { 'x-twilio-signature': signature } })).toBe(401);
    }
    const json = { 'content-type': 'application/json', 'x-twilio-signature': signature };
    expect(await send({ signedUrl: url, body: '{"Body":"Is it open?"}', headers: json })).toBe(401);
    for (const secret of ['token', 's3cret', signature, '5005550010', 'Is it open', 'Is+it']) {
      expect(text().replaceAll('x-twilio-signature', '')).not.toContain(secret);
    }
    expect(events).toEqual([]);
  });

  it('meets JSON whose URL names another hash beside the right one', async () => {
    const { send, reason } = receivingTwilio();
    const headers = { 'content-type': 'application/json' };
    const right = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';
    const json = { headers, parameters: [], body: '{}' };
    expect(await send({ signedUrl: `${url}?bodySHA256=${right}`, ...json })).toBe(200);
    const both = `${url}?bodySHA256=${right}&bodySHA256=${right.replace('4', '5')}`;
    expect(await send({ signedUrl: both, ...json })).toBe(401);
    expect(reason()).toBe('mismatch');
  });

  it('is 400 for JSON that was signed and cannot be read', async () => {
    const { send } = receivingTwilio();
    const headers = { 'content-type': 'application/json' };
    const signedUrl = `${url}?bodySHA256=021fb596db81e6d02bf3d2586ee3981fe519f275c0ac9ca76bbcf2ebb4097d96`;
    expect(await send({ signedUrl, headers, parameters: [], body: '{' })).toBe(400);
  });
});
