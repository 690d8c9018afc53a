import * as crypto from 'node:crypto';

/** Longer keys are hashed: stores limit the length of theirs. */
const maxKeyLength = 256;

/**
 * Puts a key below its provider and connection: `wexio:key`, `wexio/acme:key`. Keys of one connection never meet those of
 * another, nor those without one: a tenant must not be able to hide another one's events.
 */
export function scopedKey(provider: string, connection: string | undefined, key: string): string {
  const scope = connection === undefined ? provider : `${provider}/${encodeURIComponent(connection)}`;
  return `${scope}:${key.length > maxKeyLength ? crypto.createHash('sha256').update(key).digest('hex') : key}`;
}
