import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { hmacKey } from '../../../packages/core/src/signatures/hmac-key.ts';

describe('hmacKey', () => {
  const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));

  // RFC 4231, test cases 1, 2, 3, 6 and 7.
  it.each([
    {
      key: hex('0b'.repeat(20)),
      message: Buffer.from('Hi There'),
      sha256: 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
      sha512:
        '87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854',
    },
    {
      key: 'Jefe',
      message: Buffer.from('what do ya want for nothing?'),
      sha256: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
      sha512:
        '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
    },
    {
      key: hex('aa'.repeat(20)),
      message: hex('dd'.repeat(50)),
      sha256: '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
      sha512:
        'fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb',
    },
    {
      key: hex('aa'.repeat(131)),
      message: Buffer.from('Test Using Larger Than Block-Size Key - Hash Key First'),
      sha256: '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
      sha512:
        '80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598',
    },
    {
      key: hex('aa'.repeat(131)),
      message: Buffer.from(
        'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
      ),
      sha256: '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
      sha512:
        'e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58',
    },
  ])('agrees with RFC 4231: $sha256', ({ key, message, sha256, sha512 }) => {
    expect(hmacKey('sha256', key)('', message, '', 'hex')).toBe(sha256);
    expect(hmacKey('sha512', key)('', message, '', 'hex')).toBe(sha512);
    expect(hmacKey('sha256', key)('', message, '', 'base64')).toBe(Buffer.from(sha256, 'hex').toString('base64'));
  });

  const algorithm = fc.constantFrom('sha1' as const, 'sha256' as const, 'sha512' as const);
  const encoding = fc.constantFrom('hex' as const, 'base64' as const);
  const text = fc.oneof(
    fc.constant(''),
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('é', '☀', '👋', '\ud800') }),
  );
  const boundary = 16 * 1024;
  const bytes = (length: fc.Arbitrary<number>) =>
    fc
      .tuple(length, fc.nat(255))
      .map(([size, seed]) => Uint8Array.from({ length: size }, (_, index) => index * 31 + seed));
  const secret = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1 }),
    bytes(fc.constantFrom(1, 63, 64, 65, 127, 128, 129, 1000)),
  );
  const body = bytes(fc.oneof(fc.nat(200), fc.integer({ min: boundary - 40, max: boundary + 40 })));

  it('gives what node:crypto gives, for every key, text, body and encoding', () => {
    fc.assert(
      fc.property(algorithm, secret, text, body, text, encoding, (name, key, before, message, after, form) => {
        const expected = createHmac(name, key).update(before).update(message).update(after).digest(form);
        expect(hmacKey(name, key)(before, message, after, form)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('can be used again and again, between other keys', () => {
    const keys = ['a', 'b'].map((name) => ({ name, key: hmacKey('sha256', name) }));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...keys), fc.uint8Array())), (uses) => {
        for (const [{ name, key }, message] of uses) {
          expect(key('', message, '', 'hex')).toBe(createHmac('sha256', name).update(message).digest('hex'));
        }
      }),
    );
  });

  it('gives the same where the runtime has no one-shot hash', async () => {
    vi.resetModules();
    vi.doMock('node:crypto', async (original) => ({ ...(await original<object>()), hash: undefined }));
    const fallback = await import('../../../packages/core/src/signatures/hmac-key.ts');
    vi.doUnmock('node:crypto');
    expect(fallback.hmacKey).not.toBe(hmacKey);
    fc.assert(
      fc.property(algorithm, secret, text, body, encoding, (name, key, before, message, form) => {
        const expected = hmacKey(name, key)(before, message, '', form);
        expect(fallback.hmacKey(name, key)(before, message, '', form)).toBe(expected);
      }),
    );
  });
});
