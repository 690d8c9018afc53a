import * as crypto from 'node:crypto';
import { ChathooksError } from '../errors.ts';
import { equalInConstantTime, hmacKey } from './hmac-key.ts';
import type { StandardSignature } from './standard-webhooks-headers.ts';

/** A key of the Standard Webhooks specification, prepared. */
export interface StandardKey {
  /** The version of the signatures that it is for. */
  readonly version: StandardSignature['version'];
  /** Whether one of the signatures is this key's, over `before + body`. Those of another version are not looked at. */
  fits(before: string, body: Uint8Array, signatures: readonly StandardSignature[]): boolean;
}

/** What the specification asks of a symmetric key. */
const symmetricBytes = { least: 24, most: 64 };
const publicKeyBytes = 32;

/**
 * Prepares a key from its text.
 *
 * @param text - `whsec_` and base64, or base64 alone: symmetric. `whpk_` and base64: the sender's public key
 * @throws {@link ChathooksError} `invalid_option`, without the text
 */
export function standardWebhooksKey(text: string): StandardKey {
  if (text.startsWith('whsk_')) {
    throw unusable(
      'it begins with whsk_, which is a private key of the sender',
      'the public one, which begins with whpk_',
    );
  }
  if (text.startsWith('whpk_')) {
    const bytes = decode(text.slice('whpk_'.length));
    if (bytes.length !== publicKeyBytes) {
      throw unusable(`its public key has ${bytes.length} bytes`, `the ${publicKeyBytes} bytes of an Ed25519 key`);
    }
    return asymmetric(bytes);
  }
  const bytes = decode(text.startsWith('whsec_') ? text.slice('whsec_'.length) : text);
  const { least, most } = symmetricBytes;
  if (bytes.length < least || bytes.length > most) {
    throw unusable(`it decodes to ${bytes.length} bytes`, `${least} to ${most}`);
  }
  return symmetric(bytes);
}

function symmetric(bytes: Uint8Array): StandardKey {
  const key = hmacKey('sha256', bytes);
  return {
    version: 'v1',
    fits(before, body, signatures) {
      const own = signatures.filter(({ version }) => version === 'v1');
      if (own.length === 0) return false;
      const expected = key(before, body, '', 'base64');
      return own.some(({ signature }) => equalInConstantTime(expected, signature));
    },
  };
}

function asymmetric(bytes: Buffer): StandardKey {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') };
  const key = crypto.createPublicKey({ key: jwk, format: 'jwk' });
  return {
    version: 'v1a',
    fits(before, body, signatures) {
      const own = signatures.filter(({ version }) => version === 'v1a');
      if (own.length === 0) return false;
      const signed = Buffer.concat([Buffer.from(before), body]);
      return own.some(({ signature }) => crypto.verify(null, signed, key, Buffer.from(signature, 'base64')));
    },
  };
}

/** Buffer.from would skip what is no base64, and make another key of it. */
function decode(base64: string): Buffer {
  if (base64 !== base64.trim()) throw unusable('it begins or ends with white space or a line break', 'none: remove it');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.replace(/=+$/, '').length % 4 === 1) {
    throw unusable('it is not base64', 'whsec_ or whpk_ and base64, as the sender shows it');
  }
  return Buffer.from(base64, 'base64');
}

const unusable = (seen: string, expected: string) =>
  new ChathooksError('invalid_option', `The secret of Standard Webhooks cannot be used: ${seen}, expected ${expected}`);
