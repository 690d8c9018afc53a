import { createHmac } from 'node:crypto';
import { createReceiver, defineProvider, hmac, timestampedHmac, unknownEvent, wexio } from '@chathooks/core';
import { createTestClock, deliver } from '@chathooks/testing';
import { describe, expect, it, vi } from 'vitest';
import { codeOf, recordLogs, type Sent, send, shop, signed } from './harness.ts';

const clock = createTestClock();
const nowSeconds = clock.now() / 1000;
const secret = 'wexio-test-secret';

function wexioReceiver() {
  const logs = recordLogs();
  const handler = vi.fn();
  const receiver = createReceiver({ providers: [wexio({ secret })], clock, logger: logs.logger, onEvent: handler });
  return { receiver, handler, reason: () => logs.lines.at(-1)?.details.reason, logs };
}

const delivery = () => deliver.wexio('message.inbound.created', {}, { now: clock.now() });
const sign = (timestamp: number | string, body: Uint8Array = delivery().body, key = secret) =>
  createHmac('sha256', key).update(`${timestamp}.`).update(body).digest('hex');
const good = sign(nowSeconds);

async function expectRefused(header: string | undefined, reason: string) {
  const { receiver, handler, ...seen } = wexioReceiver();
  const reply = await send(receiver, delivery(), { 'x-wexio-signature': header });
  expect(seen.reason()).toBe(reason);
  expect(reply.status).toBe(401);
  expect(JSON.parse(reply.body)).toEqual({
    title: 'The request could not be verified',
    status: 401,
    code: 'verification_failed',
  });
  expect(handler).not.toHaveBeenCalled();
}

async function expectAccepted(header: string) {
  const { receiver, handler } = wexioReceiver();
  expect((await send(receiver, delivery(), { 'x-wexio-signature': header })).status).toBe(200);
  expect(handler).toHaveBeenCalledOnce();
}

describe('a timestamped signature', () => {
  it('lets the delivery in when it fits', () => expectAccepted(`t=${nowSeconds},v1=${good}`));

  it.each([
    ['no header', undefined],
    ['an empty header', ''],
  ])('is missing with %s', (_, header) => expectRefused(header, 'missing_header'));

  it.each([
    ['no parts', 'nonsense'],
    ['nothing in the parts', 't=,v1='],
    ['no timestamp', `v1=${good}`],
    ['no signature', `t=${nowSeconds}`],
    ['a timestamp that is no number', `t=yesterday,v1=${good}`],
    ['a negative timestamp', `t=-5,v1=${good}`],
    ['a timestamp with a fraction', `t=${nowSeconds}.5,v1=${good}`],
    ['a timestamp in hexadecimal', `t=0x5f5e100,v1=${good}`],
    ['an endless timestamp', `t=${'9'.repeat(400)},v1=${good}`],
    ['two timestamps', `t=${nowSeconds},t=${nowSeconds},v1=${good}`],
    ['a signature that is too short', `t=${nowSeconds},v1=${good.slice(2)}`],
    ['a signature that is too long', `t=${nowSeconds},v1=${good}00`],
    ['a signature that is not hexadecimal', `t=${nowSeconds},v1=${'g'.repeat(64)}`],
    ['a signature of another version', `t=${nowSeconds},v0=${good}`],
    ['a bare signature', good],
    ['the header sent twice', `t=${nowSeconds},v1=${good}, t=${nowSeconds},v1=${good}`],
    ['a hundred thousand commas before it', `${','.repeat(100_000)}t=${nowSeconds},v1=${good}`],
  ])('is malformed with %s', (_, header) => expectRefused(header, 'malformed'));

  it('is not searched for among a hundred others', () =>
    expectRefused(`t=${nowSeconds},${`v1=${'0'.repeat(64)},`.repeat(100)}v1=${good}`, 'mismatch'));

  it('is stale beyond five minutes', async () => {
    await expectAccepted(`t=${nowSeconds - 300},v1=${sign(nowSeconds - 300)}`);
    await expectRefused(`t=${nowSeconds - 301},v1=${sign(nowSeconds - 301)}`, 'stale');
    await expectRefused(`t=0,v1=${sign(0)}`, 'stale');
  });

  it('is refused when it is ahead of our clock by more than five minutes', async () => {
    await expectAccepted(`t=${nowSeconds + 300},v1=${sign(nowSeconds + 300)}`);
    await expectRefused(`t=${nowSeconds + 301},v1=${sign(nowSeconds + 301)}`, 'future');
    await expectRefused(`t=999999999999999,v1=${sign('999999999999999')}`, 'future');
  });

  it.each([
    ['made with another secret', `t=${nowSeconds},v1=${sign(nowSeconds, delivery().body, 'guess')}`],
    ['made for another timestamp', `t=${nowSeconds},v1=${sign(nowSeconds - 1)}`],
    ['made for another body', `t=${nowSeconds},v1=${sign(nowSeconds, Buffer.from('{}'))}`],
    ['of the body alone', `t=${nowSeconds},v1=${createHmac('sha256', secret).update(delivery().body).digest('hex')}`],
    ['of zeros', `t=${nowSeconds},v1=${'0'.repeat(64)}`],
  ])('does not fit when it is %s', (_, header) => expectRefused(header, 'mismatch'));

  it('may be written with capitals, spaces, in any order and beside others', async () => {
    await expectAccepted(`t=${nowSeconds},v1=${good.toUpperCase()}`);
    await expectAccepted(` v1=${good} , t=${nowSeconds} `);
    await expectAccepted(`t=${nowSeconds},v0=abc,v1=${'0'.repeat(64)},v1=${good}`);
  });

  it('protects every byte of the body', async () => {
    const { receiver, handler } = wexioReceiver();
    const { body, ...rest } = delivery();
    for (let index = 0; index < body.length; index++) {
      const forged = Uint8Array.from(body);
      forged[index] = (forged[index] ?? 0) ^ 1;
      expect((await send(receiver, { ...rest, body: forged })).status, `byte ${index}`).toBe(401);
    }
    for (const forged of [
      body.subarray(1),
      body.subarray(0, -1),
      Buffer.concat([body, Buffer.from(' ')]),
      Buffer.alloc(0),
    ]) {
      expect((await send(receiver, { ...rest, body: Uint8Array.from(forged) })).status).toBe(401);
    }
    expect(handler).not.toHaveBeenCalled();
  });

  it('can have another layout, unit, algorithm, signed text and tolerance', async () => {
    const verifier = timestampedHmac({
      secret,
      header: 'X-Signature',
      layout: 'ts=…,sha512=…',
      algorithm: 'sha512',
      signedContent: 'v0:{body}:{timestamp}',
      timestampUnit: 'milliseconds',
      toleranceSeconds: 10,
    });
    const receiver = createReceiver({ providers: [shop({ verifier })], clock, logger: false });
    const at = (ms: number) => {
      const { headers: _, ...sent } = signed('{"notes":[]}');
      const signature = createHmac('sha512', secret).update('v0:').update(sent.body).update(`:${ms}`).digest('hex');
      return send(receiver, { ...sent, headers: { 'x-signature': `ts=${ms},sha512=${signature}` } });
    };
    expect((await at(clock.now() - 10_000)).status).toBe(200);
    expect((await at(clock.now() - 10_001)).status).toBe(401);
  });

  it.each([
    ['a layout without names', { layout: '=…,=…' as const }],
    ['a layout of three parts', { layout: 't=…,v1=…,v2=…' as const }],
    ['signed content without the body', { signedContent: '{timestamp}' }],
    ['signed content with two bodies', { signedContent: '{timestamp}{body}{body}' }],
    ['signed content without the timestamp', { signedContent: '{body}' }],
    ['no tolerance', { toleranceSeconds: 0 }],
    ['a tolerance that is no number', { toleranceSeconds: Number.NaN }],
  ])('cannot be set up with %s', (_, options) => {
    expect(() => timestampedHmac({ secret, header: 'x', ...options })).toThrow(
      expect.objectContaining({ code: 'invalid_option' }),
    );
  });
});

describe('a plain signature', () => {
  const body = Buffer.from('{"notes":[]}');
  const hmacOf = (algorithm: string, encoding: 'hex' | 'base64', key = 'key') =>
    createHmac(algorithm, key).update(body).digest(encoding);

  async function tryHeader(options: Partial<Parameters<typeof hmac>[0]>, value: string | undefined) {
    const logs = recordLogs();
    const verifier = hmac({ secret: 'key', header: 'X-Signature', ...options });
    const receiver = createReceiver({ providers: [shop({ verifier })], logger: logs.logger });
    const reply = await send(receiver, { path: '/webhooks/shop', headers: { 'x-signature': value }, body });
    return { status: reply.status, reason: logs.lines[0]?.details.reason, message: logs.lines[0]?.message };
  }

  it.each([
    ['SHA-256 in hex', {}, hmacOf('sha256', 'hex')],
    ['SHA-256 in capital hex', {}, hmacOf('sha256', 'hex').toUpperCase()],
    ['SHA-256 in base64', { encoding: 'base64' as const }, hmacOf('sha256', 'base64')],
    ['SHA-1 in hex', { algorithm: 'sha1' as const }, hmacOf('sha1', 'hex')],
    ['SHA-1 in base64', { algorithm: 'sha1' as const, encoding: 'base64' as const }, hmacOf('sha1', 'base64')],
    ['SHA-512 in base64', { algorithm: 'sha512' as const, encoding: 'base64' as const }, hmacOf('sha512', 'base64')],
    ['a prefix', { prefix: 'sha256=' }, `sha256=${hmacOf('sha256', 'hex')}`],
  ])('fits as %s', async (_, options, header) => {
    expect(await tryHeader(options, header)).toMatchObject({ status: 200 });
  });

  it.each([
    ['missing', {}, undefined, 'missing_header'],
    ['empty', {}, '', 'missing_header'],
    ['truncated', {}, hmacOf('sha256', 'hex').slice(1), 'malformed'],
    ['hex where base64 is expected', { encoding: 'base64' as const }, hmacOf('sha256', 'hex'), 'malformed'],
    ['base64 where hex is expected', {}, hmacOf('sha256', 'base64'), 'malformed'],
    [
      'base64 without its padding',
      { encoding: 'base64' as const },
      hmacOf('sha256', 'base64').replace('=', ''),
      'malformed',
    ],
    ['sent twice', {}, `${hmacOf('sha256', 'hex')}, ${hmacOf('sha256', 'hex')}`, 'malformed'],
    ['of another algorithm', {}, hmacOf('sha512', 'hex'), 'malformed'],
    ['followed by a line break', {}, `${hmacOf('sha256', 'hex')}\n`, 'malformed'],
    ['made with another secret', {}, hmacOf('sha256', 'hex', 'other'), 'mismatch'],
  ])('is refused when it is %s', async (_, options, header, reason) => {
    expect(await tryHeader(options, header)).toMatchObject({ status: 401, reason });
  });

  it('is refused with a hint when its prefix is missing or another one', async () => {
    const bare = hmacOf('sha256', 'hex');
    expect((await tryHeader({ prefix: 'sha256=' }, bare)).message).toContain('its prefix is not "sha256="');
    expect((await tryHeader({}, `sha256=${bare}`)).message).toContain('its prefix is not ""');
    expect((await tryHeader({ prefix: 'sha256=' }, 'sha256=beef')).message).toContain(
      'another length, alphabet or encoding',
    );
  });

  it('fits the vector that GitHub documents', async () => {
    const provider = defineProvider({
      name: 'github',
      verifier: hmac({ secret: "It's a Secret to Everybody", header: 'x-hub-signature-256', prefix: 'sha256=' }),
      contentTypes: ['text/plain'],
      parse: (bytes) => new TextDecoder().decode(bytes),
      normalize: (payload) => [unknownEvent(payload, { providerEvent: 'greeting' })],
    });
    const onUnknown = vi.fn();
    const receiver = createReceiver({ providers: [provider], logger: false, onUnknown });
    const sent: Sent = {
      path: '/webhooks/github',
      headers: {
        'content-type': 'text/plain',
        'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
      },
      body: Buffer.from('Hello, World!'),
    };
    expect((await send(receiver, sent)).status).toBe(200);
    expect(onUnknown.mock.lastCall?.[0].raw).toBe('Hello, World!');
    expect(codeOf(await send(receiver, { ...sent, body: Buffer.from('Hello, World?') }))).toBe('verification_failed');
  });
});

describe('the log of a mismatch names its likely cause', () => {
  const messageOf = async (options: Parameters<typeof createReceiver>[0], sent: Sent) => {
    const logs = recordLogs();
    const receiver = createReceiver({ ...options, clock, logger: logs.logger });
    expect((await send(receiver, sent)).status).toBe(401);
    return logs.lines.at(-1)?.message;
  };

  it('a line break at the end of the secret', async () => {
    expect(await messageOf({ providers: [wexio({ secret: `${secret}\n` })] }, delivery())).toContain(
      'white space or a line break',
    );
  });

  it('a line break at the end of a secret that was looked up', async () => {
    expect(await messageOf({ providers: [wexio({ secret: () => `${secret}\n` })] }, delivery())).toContain(
      'line break',
    );
  });

  it('the secret of another provider', async () => {
    const providers = [wexio({ secret: 'another' }), wexio({ name: 'wexio-eu', secret: ['older', secret] })];
    expect(await messageOf({ providers }, delivery())).toContain('signed with the secret of the provider "wexio-eu"');
  });

  it('JSON that was rewritten on its way', async () => {
    const compact = signed('{"notes":[],"a":"é/"}');
    const rewritten = Buffer.from('{ "notes" : [ ], "a": "\\u00e9\\/" }');
    expect(await messageOf({ providers: [shop()] }, { ...compact, body: rewritten })).toContain(
      'the JSON was rewritten',
    );
  });

  it('and else asks for the secret', async () => {
    const forged = { ...signed('{}'), body: Buffer.from('not JSON') };
    expect(await messageOf({ providers: [shop()] }, forged)).toBe(
      'the signature in x-shop-signature does not fit the body; is the secret the one that the vendor has for this URL? (verification_failed)',
    );
    const another = { ...signed('{}'), body: Buffer.from('{"notes":[]}') };
    expect(await messageOf({ providers: [shop()] }, another)).toContain('is the secret the one');
  });

  it('and does not search for it in large bodies', async () => {
    const large = { ...signed('{}'), body: Buffer.from(`{}${' '.repeat(70_000)}`) };
    expect(await messageOf({ providers: [shop()] }, large)).not.toContain('rewritten');
  });

  it('and a search that fails does not change the answer', async () => {
    let calls = 0;
    const lookUp = ({ header }: { header(name: string): string | undefined }) => {
      header('x-tenant');
      if (++calls > 1) throw new Error('The second look-up fails');
      return 'another';
    };
    expect(await messageOf({ providers: [wexio({ secret: lookUp })] }, delivery())).toContain('does not fit the body');
  });
});
