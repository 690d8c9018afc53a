import { LRUCache } from 'lru-cache';
import type { Awaitable } from '../awaitable.ts';
import { ChathooksError } from '../errors.ts';
import type { UnverifiedRequest } from './verifier.ts';

/** A secret, with a name to find it by in the log; without one it is called by its place: `secret 1`. */
export type Secret = string | { readonly name: string; readonly value: string };

/** What a secret look-up is asked for. */
export interface SecretQuery {
  /** The account that the URL names: `acme` in `/webhooks/wexio/acme`. */
  readonly connection: string | undefined;
  /** Looks a request header up by its lower-case name. Not yet verified: use it to choose a secret, for nothing else. */
  readonly header: (name: string) => string | undefined;
}

/**
 * Where a verifier takes its secret from: one secret, a list (the old and the new one during a rotation), or a function.
 *
 * @remarks
 * A function's answer is kept per connection, for {@link secretCacheMs}; nothing means there is no such account and
 * is kept for {@link missingSecretCacheMs}. A look-up that reads a header is made anew for every request, since another
 * request of that connection may carry another header: cache inside it. When it throws, the request is answered 503.
 */
export type SecretSource =
  | Secret
  | readonly Secret[]
  | ((query: SecretQuery) => Awaitable<Secret | readonly Secret[] | undefined | null>);

/** How long a looked-up secret is kept: one minute. */
export const secretCacheMs = 60_000;
/** How long it is kept that there is no secret: five seconds. */
export const missingSecretCacheMs = 5_000;

const cachedConnections = 1_000;

/** A secret in the form that a signature builder works with. */
export interface PreparedSecret<K> {
  readonly name: string;
  readonly text: string;
  readonly key: K;
}

/** The secrets of a verifier, prepared. */
export interface PreparedSecrets<K> {
  /** The secrets for a request; empty when there are none. */
  find(input: UnverifiedRequest): Awaitable<readonly PreparedSecret<K>[]>;
  /** The secrets that do not depend on the request. */
  readonly fixed: readonly PreparedSecret<K>[];
}

/**
 * Turns a {@link SecretSource} into a look-up of prepared keys. Fixed secrets are prepared here, once.
 *
 * @param purpose - what the secret is for, named in errors
 * @param prepare - makes the key from the secret's text
 * @throws {@link ChathooksError} `missing_secret` when a fixed secret is missing or empty
 */
export function prepareSecrets<K>(
  source: SecretSource,
  purpose: string,
  prepare: (secret: string) => K,
): PreparedSecrets<K> {
  const prepareAll = (secrets: Secret | readonly Secret[]): readonly PreparedSecret<K>[] =>
    toList(secrets).map((secret, index) => {
      const { name, value } = typeof secret === 'string' ? { name: `secret ${index + 1}`, value: secret } : secret;
      return { name, text: value, key: prepare(value) };
    });
  if (typeof source === 'function') {
    return { find: cachedLookup(source, (secrets) => prepareAll(checked(secrets, purpose))), fixed: [] };
  }
  const fixed = prepareAll(checked(source, purpose));
  return { find: () => fixed, fixed };
}

function cachedLookup<K>(
  look: Extract<SecretSource, (query: SecretQuery) => unknown>,
  prepare: (secrets: Secret | readonly Secret[]) => readonly PreparedSecret<K>[],
): PreparedSecrets<K>['find'] {
  type Keys = readonly PreparedSecret<K>[];
  interface Asked {
    readonly keys: Promise<Keys>;
    /** Whether the answer is for this request only. */
    readHeader: boolean;
  }
  const found = new LRUCache<string, { readonly keys: Keys; readonly until: number }>({ max: cachedConnections });
  // Apart from the others: whoever makes up connections must not push out those that exist.
  const missing = new LRUCache<string, number>({ max: cachedConnections });
  const inFlight = new Map<string, Asked>();

  const ask = ({ request, connection }: UnverifiedRequest): Asked => {
    const header = (name: string) => {
      asked.readHeader = true;
      return request.header(name);
    };
    const keys = Promise.resolve()
      .then(() => look({ connection, header }))
      .then((secrets) => (secrets === undefined || secrets === null || isEmptyList(secrets) ? [] : prepare(secrets)));
    const asked: Asked = { keys, readHeader: false };
    return asked;
  };

  const find = async (input: UnverifiedRequest, cacheKey: string): Promise<Keys> => {
    const shared = inFlight.get(cacheKey);
    if (shared) {
      const [answer] = await Promise.allSettled([shared.keys]);
      // Neither what another request's header led to, nor how it failed, says anything about this one.
      if (shared.readHeader) return ask(input).keys;
      if (answer.status === 'rejected') throw answer.reason;
      return answer.value;
    }
    const asked = ask(input);
    inFlight.set(cacheKey, asked);
    try {
      const keys = await asked.keys;
      if (asked.readHeader) return keys;
      if (keys.length > 0) found.set(cacheKey, { keys, until: input.now + secretCacheMs });
      else missing.set(cacheKey, input.now + missingSecretCacheMs);
      return keys;
    } finally {
      inFlight.delete(cacheKey);
    }
  };

  return (input) => {
    const cacheKey = input.connection === undefined ? '' : `/${input.connection}`;
    const known = found.get(cacheKey);
    if (known && known.until > input.now) return known.keys;
    if ((missing.get(cacheKey) ?? Number.NEGATIVE_INFINITY) > input.now) return [];
    return find(input, cacheKey);
  };
}

const isEmptyList = (secrets: Secret | readonly Secret[]) => Array.isArray(secrets) && secrets.length === 0;

const toList = (secrets: Secret | readonly Secret[]): readonly Secret[] =>
  typeof secrets === 'object' && !('value' in secrets) ? secrets : [secrets];

/** JavaScript callers pass `process.env.X` unchecked, so what the types promise is looked at once more. */
function checked(secrets: unknown, purpose: string): Secret | readonly Secret[] {
  const list: readonly unknown[] = Array.isArray(secrets) ? secrets : [secrets];
  const valid = list.filter(isSecret);
  if (valid.length > 0 && valid.length === list.length) return valid;
  const seen = list.length === 0 ? 'an empty list' : list.map(describe).join(', ');
  throw new ChathooksError(
    'missing_secret',
    `No secret for ${purpose}: got ${seen}, expected a non-empty string. Is the environment variable set?`,
  );
}

function isSecret(secret: unknown): secret is Secret {
  if (typeof secret === 'string') return secret !== '';
  if (typeof secret !== 'object' || secret === null) return false;
  return 'name' in secret && typeof secret.name === 'string' && 'value' in secret && isSecret(secret.value);
}

const describe = (secret: unknown) =>
  secret === '' ? 'an empty string' : isSecret(secret) ? 'a secret' : secret === null ? 'null' : typeof secret;
