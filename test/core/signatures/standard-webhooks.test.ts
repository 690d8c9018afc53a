import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import {
  hmac,
  type SecretSource,
  standardWebhooksSignature,
  type UnverifiedRequest,
  type Verification,
  type Verifier,
} from '@chathooks/core';
import { describe, expect, it, vi } from 'vitest';

const now = 1781079330_000;
const seconds = now / 1000;
const id = 'msg_1';
const body = Buffer.from('{"type":"contact.created","data":{"name":"Jürgen"}}');

const secretOf = (letter: string) => `whsec_${Buffer.from(letter.repeat(32)).toString('base64')}`;
const [secret, other] = [secretOf('a'), secretOf('b')];
const keyPair = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return { privateKey, text: `whpk_${Buffer.from(x, 'base64url').toString('base64')}` };
};
const pair = keyPair();

const content = (attempt: { id?: string; timestamp?: string } = {}) =>
  `${attempt.id ?? id}.${attempt.timestamp ?? seconds}.${body}`;
const v1 = (text: string, signed = content()) =>
  `v1,${createHmac('sha256', Buffer.from(text.replace('whsec_', ''), 'base64'))
    .update(signed)
    .digest('base64')}`;
const v1a = (key: KeyObject, signed = content()) => `v1a,${sign(null, Buffer.from(signed), key).toString('base64')}`;

const set = (signature: string, changes: Record<string, string | undefined> = {}, prefix = 'webhook') => ({
  [`${prefix}-id`]: id,
  [`${prefix}-timestamp`]: String(seconds),
  [`${prefix}-signature`]: signature,
  ...changes,
});

function inputOf(headers: Record<string, string | undefined>, sent: Uint8Array = body): UnverifiedRequest {
  const path = '/webhooks/crm';
  const request = { method: 'POST', url: path, path, header: (name: string) => headers[name], body: () => sent };
  return { request, body: sent, connection: undefined, pathSecret: undefined, now };
}
const verify = (source: SecretSource, headers: Record<string, string | undefined>) =>
  standardWebhooksSignature({ secret: source }).verify(inputOf(headers));
const refused = (reason: string) => expect.objectContaining({ ok: false, reason });
const accepted = (name = 'secret 1'): Verification => ({ ok: true, secret: name });

describe('a symmetric signature', () => {
  it('is accepted with and without the prefix of the secret', async () => {
    expect(await verify(secret, set(v1(secret)))).toEqual(accepted());
    expect(await verify(secret.replace('whsec_', ''), set(v1(secret)))).toEqual(accepted());
    expect(await verify(secret.replace(/=+$/, ''), set(v1(secret)))).toEqual(accepted());
  });

  it('covers the id and the time', async () => {
    expect(await verify(secret, set(v1(secret), { 'webhook-id': 'msg_2' }))).toEqual(refused('mismatch'));
    const later = { 'webhook-timestamp': String(seconds + 1) };
    expect(await verify(secret, set(v1(secret), later))).toEqual(refused('mismatch'));
  });

  it('is found among others, of other keys and of versions that nobody knows', async () => {
    const list = [v1(other), 'v2,AAAA', v1(secret), 'v1x,anything'].join(' ');
    expect(await verify(secret, set(list))).toEqual(accepted());
    expect(await verify(secret, set([v1(other), 'v2,AAAA'].join(' ')))).toEqual(refused('mismatch'));
  });

  it('is found beside versions of a form that is not known yet', async () => {
    for (const unknown of ['v2', 'v2,a,b', 'v3;x=1', '']) {
      expect(await verify(secret, set(`${unknown} ${v1(secret)}`))).toEqual(accepted());
    }
  });

  it('is taken from any of several keys, and tells which', async () => {
    const keys = [
      { name: 'old', value: other },
      { name: 'new', value: secret },
    ];
    expect(await verify(keys, set(v1(secret)))).toEqual(accepted('new'));
    expect(await verify(keys, set(v1(other)))).toEqual(accepted('old'));
    expect(await verify(keys, set(v1(secretOf('c'))))).toEqual(refused('mismatch'));
  });
});

describe('an asymmetric signature', () => {
  it('is accepted with the public key, alone or beside a symmetric one', async () => {
    expect(await verify(pair.text, set(v1a(pair.privateKey)))).toEqual(accepted());
    expect(await verify([secret, pair.text], set(v1a(pair.privateKey)))).toEqual(accepted('secret 2'));
    expect(await verify([secret, pair.text], set(`${v1a(pair.privateKey)} ${v1(secret)}`))).toEqual(accepted());
  });

  it('is refused when it is another key’s, or of another body', async () => {
    expect(await verify(pair.text, set(v1a(keyPair().privateKey)))).toEqual(refused('mismatch'));
    const changed = inputOf(set(v1a(pair.privateKey)), Buffer.from('{}'));
    expect(await standardWebhooksSignature({ secret: pair.text }).verify(changed)).toEqual(refused('mismatch'));
  });
});

describe('the header', () => {
  it('never chooses the algorithm: what a key is not for does not prove anything', async () => {
    // A public key is public: used as the key of an HMAC it would let everybody sign.
    const forged = v1(pair.text.replace('whpk_', 'whsec_'));
    expect(await verify(pair.text, set(forged))).toEqual(refused('mismatch'));
    expect(await verify(secret, set(v1a(pair.privateKey)))).toEqual(refused('mismatch'));
  });

  it.each([
    ['nothing', ''],
    ['too many signatures', Array.from({ length: 17 }, () => v1(secret)).join(' ')],
    ['more signatures of key pairs than a rotation needs', Array(5).fill(v1a(pair.privateKey)).join(' ')],
    ['two headers in one', `${v1(secret)}, ${v1(secret)}`],
    ['unknown versions only', 'v2,AAAA v3,AAAA'],
    ['no version', v1(secret).slice(3)],
    ['a signature without its padding', v1(secret).replace('=', '')],
    ['base64 for URLs', 'v1,----------------------------------------_-_='],
  ])('is refused with %s', async (_, list) => {
    expect(await verify(secret, set(list))).toEqual(refused(list === '' ? 'missing_header' : 'malformed'));
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('%s must be there', async (name) => {
    for (const value of [undefined, '']) {
      expect(await verify(secret, set(v1(secret), { [name]: value }))).toEqual(refused('missing_header'));
    }
  });
});

describe('the two sets of headers', () => {
  it('are both read', async () => {
    expect(await verify(secret, set(v1(secret), {}, 'svix'))).toEqual(accepted());
  });

  it('are never mixed', async () => {
    const { 'svix-id': _, ...incomplete } = set(v1(secret), {}, 'svix');
    expect(await verify(secret, { ...incomplete, 'webhook-id': id })).toEqual(refused('missing_header'));
  });

  it('are not tried in turn: a complete one of the specification is the one that counts', async () => {
    const both = { ...set(v1(other)), ...set(v1(secret), {}, 'svix') };
    expect(await verify(secret, both)).toEqual(refused('mismatch'));
  });

  it('do not stand in each other’s way where one of them is not complete', async () => {
    expect(await verify(secret, { ...set(v1(secret), {}, 'svix'), 'webhook-id': 'msg_forged' })).toEqual(accepted());
  });
});

describe('what was signed', () => {
  // An id may hold dots, and is signed before the time and the body with dots between them.
  const dotted = `msg_1.${seconds}`;
  const signature = v1(secret, `${dotted}.${seconds}.${body}`);

  it('may be cut elsewhere by a forger, who gains a body that is no JSON, and no other', async () => {
    const moved = inputOf(set(signature), Buffer.from(`${seconds}.${body}`));
    expect(await standardWebhooksSignature({ secret }).verify(moved)).toEqual(accepted());
    expect(() => JSON.parse(String(Buffer.from(moved.body)))).toThrow();
    expect(await verify(secret, set(signature))).toEqual(refused('mismatch'));
    expect(await verify(secret, set(signature, { 'webhook-id': dotted }))).toEqual(accepted());
  });

  it('cannot be cut inside of the body', async () => {
    const text = String(body);
    for (let cut = 1; cut < text.length; cut++) {
      const headers = set(v1(secret), { 'webhook-id': `${id}.${seconds}`, 'webhook-timestamp': text.slice(0, cut) });
      const input = inputOf(headers, Buffer.from(text.slice(cut + 1)));
      expect(await standardWebhooksSignature({ secret }).verify(input)).toEqual(refused('malformed'));
    }
  });
});

describe('the id', () => {
  const signedId = (value: string) => set(v1(secret, content({ id: value })), { 'webhook-id': value });

  it('may have any printable form', async () => {
    for (const value of ['msg_p5jXN8AQM9LWM0D4loKWxJek', 'a.b', '{"a":1}', 'x'.repeat(256)]) {
      expect(await verify(secret, signedId(value))).toEqual(accepted());
    }
  });

  it('is refused when it is over-long, or holds what is not printed', async () => {
    for (const value of ['x'.repeat(257), 'msg\n1', 'msg\u00001', 'msg\u007f', 'msg_é']) {
      expect(await verify(secret, signedId(value))).toEqual(refused('malformed'));
    }
  });
});

describe('the time of the attempt', () => {
  const signedAt = (timestamp: string) => set(v1(secret, content({ timestamp })), { 'webhook-timestamp': timestamp });

  it.each([
    '2026-06-10T08:15:30Z',
    '1781079330e0',
    '0x6a291b22',
    '１７８１０７９３３０',
    `${seconds}\n`,
    `${seconds}.5`,
    `+${seconds}`,
    ` ${seconds}`,
    '-1',
    'NaN',
    '1'.repeat(16),
  ])('is refused as %s', async (timestamp) => {
    expect(await verify(secret, signedAt(timestamp))).toEqual(refused('malformed'));
  });

  it('is held to the tolerance that was set, in both directions', async () => {
    const verifier = standardWebhooksSignature({ secret, toleranceSeconds: 10 });
    const at = (offset: number) => verifier.verify(inputOf(signedAt(String(seconds + offset))));
    expect(await at(-10)).toEqual(accepted());
    expect(await at(10)).toEqual(accepted());
    expect(await at(-11)).toEqual(refused('stale'));
    expect(await at(11)).toEqual(refused('future'));
  });

  it('is looked at before the signature, which costs more', async () => {
    expect(await verify(secret, set('v1,short', { 'webhook-timestamp': '1' }))).toEqual(refused('stale'));
  });

  it('cannot be given a tolerance that is none', () => {
    for (const toleranceSeconds of [0, -1, Number.NaN]) {
      expect(() => standardWebhooksSignature({ secret, toleranceSeconds })).toThrow('invalid_option');
    }
  });
});

describe('a secret', () => {
  const bytes = (count: number) => Buffer.alloc(count, 'k').toString('base64');

  it.each([
    ['a private key', `whsk_${bytes(32)}`, /private key.*whpk_/],
    ['no base64', 'whsec_!!not base64!!', /not base64/],
    ['base64 for URLs', `whsec_${'-_'.repeat(20)}`, /not base64/],
    ['half a group of base64', `whsec_${bytes(30)}A`, /not base64/],
    ['a line break at the end', `${secret}\n`, /line break/],
    ['too short', `whsec_${bytes(23)}`, /23 bytes/],
    ['too long', `whsec_${bytes(65)}`, /65 bytes/],
    ['a public key of another length', `whpk_${bytes(31)}`, /31 bytes/],
  ])('is refused at the start when it is %s, without being quoted', (_, value, message) => {
    for (const source of [value, [secret, value]]) {
      const create = () => standardWebhooksSignature({ secret: source });
      expect(create).toThrow(message);
      expect(create).toThrow(expect.objectContaining({ code: 'invalid_option' }));
      expect(create).not.toThrow(value.trim().slice(6));
    }
  });

  it('may have any length that the specification allows', async () => {
    for (const count of [24, 64]) {
      const value = `whsec_${bytes(count)}`;
      expect(await verify(value, set(v1(value)))).toEqual(accepted());
    }
  });

  it('may be looked up for each connection, and be unknown', async () => {
    const look = vi.fn(async () => [other, secret]);
    expect(await verify(look, set(v1(secret)))).toEqual(accepted('secret 2'));
    expect(await verify(async () => undefined, set(v1(secret)))).toEqual(refused('no_secret'));
    await expect(verify(async () => 'whsk_AAAA', set(v1(secret)))).rejects.toThrow('private key');
    // What is no request of the scheme is refused without a look-up.
    expect(await verify(look, set('v1,short'))).toEqual(refused('malformed'));
    expect(look).toHaveBeenCalledTimes(1);
  });
});

describe('the likely cause of a mismatch', () => {
  const causeOf = (
    source: SecretSource,
    headers: Record<string, string | undefined>,
    others: [string, Verifier][] = [],
  ) => standardWebhooksSignature({ secret: source }).explain?.(inputOf(headers), new Map(others));

  it('is another provider’s secret', async () => {
    const verifier = standardWebhooksSignature({ secret: other });
    const unrelated = hmac({ secret: 'no key of the specification', header: 'x-signature' });
    const others: [string, Verifier][] = [
      ['shop', unrelated],
      ['crm', verifier],
    ];
    expect(await causeOf(secret, set(v1(other)), others)).toContain('"crm"');
  });

  it('is a key of the wrong kind', async () => {
    expect(await causeOf(pair.text, set(v1(secret)))).toContain('v1a');
  });

  it('is JSON that was written anew', async () => {
    const spaced = Buffer.from(JSON.stringify(JSON.parse(body.toString()), null, 2));
    const verifier = standardWebhooksSignature({ secret });
    expect(await verifier.explain?.(inputOf(set(v1(secret)), spaced), new Map())).toContain('rewritten');
  });

  it('is not made up', async () => {
    expect(await causeOf(secret, set(v1(other)))).toBeUndefined();
    expect(await causeOf(secret, set('v1,short'))).toBeUndefined();
  });
});
