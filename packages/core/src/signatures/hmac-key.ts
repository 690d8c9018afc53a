import * as crypto from 'node:crypto';

/** Hash functions that vendors sign with. */
export type HmacAlgorithm = 'sha1' | 'sha256' | 'sha512';
/** How a signature is written. */
export type SignatureEncoding = 'hex' | 'base64';

/** Computes the HMAC of `before + body + after`. Prepared once per secret. */
export type HmacKey = (before: string, body: Uint8Array, after: string, encoding: SignatureEncoding) => string;

const blockBytes = { sha1: 64, sha256: 64, sha512: 128 } as const;
/** Length of a digest in bytes. */
export const digestBytes = { sha1: 20, sha256: 32, sha512: 64 } as const;

/** Beyond it, copying the message costs more than setting up an HMAC object. */
const oneShotBytes = 16 * 1024;
const scratch = Buffer.alloc(blockBytes.sha512 + oneShotBytes);

/**
 * Prepares a key: `HMAC(k, m) = H(k ⊕ opad ‖ H(k ⊕ ipad ‖ m))` with both pads made here, so that a small message costs
 * two one-shot hashes and no HMAC object.
 */
export function hmacKey(algorithm: HmacAlgorithm, secret: string | Uint8Array): HmacKey {
  const key = crypto.createSecretKey(Buffer.from(secret));
  const streamed: HmacKey = (before, body, after, encoding) =>
    crypto.createHmac(algorithm, key).update(before).update(body).update(after).digest(encoding);
  // Not every runtime with node:crypto has the one-shot hash.
  if (typeof crypto.hash !== 'function') return streamed;

  const block = blockBytes[algorithm];
  const padded = Buffer.alloc(block);
  const bytes = Buffer.from(secret);
  (bytes.length > block ? crypto.createHash(algorithm).update(bytes).digest() : bytes).copy(padded);
  const innerPad = padded.map((byte) => byte ^ 0x36);
  const outer = Buffer.alloc(block + digestBytes[algorithm]);
  outer.set(padded.map((byte) => byte ^ 0x5c));

  return (before, body, after, encoding) => {
    // A UTF-16 unit takes at most three bytes in UTF-8.
    if ((before.length + after.length) * 3 + body.length > oneShotBytes) return streamed(before, body, after, encoding);
    scratch.set(innerPad);
    let end = block + (before === '' ? 0 : scratch.write(before, block));
    scratch.set(body, end);
    end += body.length;
    if (after !== '') end += scratch.write(after, end);
    outer.write(crypto.hash(algorithm, scratch.subarray(0, end), 'hex'), block, 'hex');
    return crypto.hash(algorithm, outer, encoding);
  };
}

/** Compares two texts in a time that depends on their lengths only. */
export function equalInConstantTime(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  return crypto.timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** Tells whether a text has the form of a signature. */
export function signatureForm(algorithm: HmacAlgorithm, encoding: SignatureEncoding): RegExp {
  const bytes = digestBytes[algorithm];
  if (encoding === 'hex') return new RegExp(`^[0-9a-f]{${bytes * 2}}$`, 'i');
  const padding = (3 - (bytes % 3)) % 3;
  return new RegExp(`^[A-Za-z0-9+/]{${Math.ceil((bytes * 4) / 3)}}={${padding}}$`);
}
