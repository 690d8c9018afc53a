import { createHash, randomBytes } from 'node:crypto';
import { ChathooksError, type Claim, type DedupStore, hasErrorCode } from '@chathooks/core';
import { isClient, type RedisClientLike, type RunScript, type Script, scriptRunner } from './clients.ts';
import { createConnection } from './connection.ts';
import * as scripts from './scripts.ts';

interface CommonOptions {
  /**
   * What every key begins with. Stores with the same prefix share what they remember.
   *
   * @defaultValue `'chathooks:'`
   */
  readonly prefix?: string;
}

/** A store over a client of your own: it is used, and never closed. */
export interface RedisDedupClientOptions extends CommonOptions {
  /** A client of ioredis (`Redis`, `Cluster`) or node-redis (connected; also a cluster, a pool or a sentinel). */
  readonly client: RedisClientLike;
  readonly url?: never;
  readonly timeoutMs?: never;
}

/** A store with a connection of its own, made with ioredis or, where that is not installed, with node-redis. */
export interface RedisDedupUrlOptions extends CommonOptions {
  /** `redis://user:password@host:6379/0`, or `rediss://` for TLS. Opened by the first call, closed by `close`. */
  readonly url: string;
  /**
   * How long the server may take to accept a connection, or leave all calls without an answer, before the connection
   * is given up, and what waits for it fails. In milliseconds.
   *
   * @defaultValue 2000
   */
  readonly timeoutMs?: number;
  readonly client?: never;
}

/** Options of {@link redisDedup}. */
export type RedisDedupOptions = RedisDedupClientOptions | RedisDedupUrlOptions;

/** Longer keys are hashed: then their length does not matter to the memory of the server. */
const longestKey = 64;

/**
 * A dedup store in Redis, for many processes. Every call is one atomic round trip, every key expires, and the
 * server's clock decides.
 *
 * @throws ChathooksError `invalid_option`; its methods: `store_unavailable` when Redis cannot be reached or refuses, and
 * `missing_dependency` when there is a `url` but neither ioredis nor redis is installed
 * @example
 * ```ts
 * const receiver = createReceiver({
 *   providers: [wexio({ secret: process.env.WEXIO_SECRET! })],
 *   dedup: redisDedup({ url: process.env.REDIS_URL! }),
 *   onMessageInbound: async ({ data }) => { await crm.addMessage(data.message); },
 * });
 * ```
 */
export function redisDedup(options: RedisDedupOptions): DedupStore {
  const { prefix = 'chathooks:' } = options;
  if (typeof prefix !== 'string') throw invalid(`prefix is a ${typeof prefix}, expected a string`);
  const { run, close } = connectionOf(options);

  // Nobody can guess what is random here, and nobody else begins with it: counting does the rest.
  const who = `${randomBytes(12).toString('base64url')}.`;
  let claims = 0;
  // No token, not even a made-up one, is the mark of a key that is done.
  const holder = (token: string) => `=${token}`;

  const keyOf = (kind: 'e' | 'r', key: string) =>
    key.length <= longestKey
      ? `${prefix}${kind}:${key}`
      : `${prefix}${kind}#${createHash('sha256').update(key).digest('base64url').slice(0, 32)}`;

  const ask = (script: Script, key: string, ...args: string[]) =>
    run(script, key, ...args).then(Number, (error: unknown) => {
      throw unavailable(error);
    });

  return {
    async claim(key, { leaseMs }): Promise<Claim> {
      claims += 1;
      const token = who + claims.toString(36);
      const answer = await ask(scripts.claim, keyOf('e', key), holder(token), milliseconds(leaseMs));
      const state = scripts.claimAnswers[answer];
      if (state === undefined) throw unavailable(new Error(`it answered ${answer}, expected 0, 1 or 2`));
      return state === 'fresh' ? { state, token } : { state };
    },
    extend: async (key, token, { leaseMs }) =>
      (await ask(scripts.extend, keyOf('e', key), holder(token), milliseconds(leaseMs))) === 1,
    complete: async (key, token, { rememberMs }) =>
      (await ask(scripts.complete, keyOf('e', key), holder(token), milliseconds(rememberMs))) === 1,
    async release(key, token) {
      await ask(scripts.release, keyOf('e', key), holder(token));
    },
    advance: async (key, rank, { rememberMs }) =>
      (await ask(scripts.advance, keyOf('r', key), String(rank), milliseconds(rememberMs))) === 1,
    close,
  };
}

function connectionOf(options: RedisDedupOptions): { readonly run: RunScript; close(): void } {
  const { client, url, timeoutMs = 2_000 } = options;
  if ((client === undefined) === (url === undefined)) {
    throw invalid(`there is ${client ? 'a client and a url' : 'no client and no url'}, expected one of them`);
  }
  if (client !== undefined) {
    if (!isClient(client))
      throw invalid('client has neither evalsha nor evalSha, expected one of ioredis or node-redis');
    return { run: scriptRunner(client), close() {} };
  }
  if (url === undefined || !/^rediss?:\/\//.test(url)) {
    throw invalid('url does not begin with redis:// or rediss://; for other connections, hand over a client');
  }
  if (!Number.isFinite(timeoutMs) || timeoutMs <= 0) {
    throw invalid(`timeoutMs is ${timeoutMs}, expected a number above 0`);
  }
  return createConnection({ url, timeoutMs });
}

/** As Redis takes it: whole, above 0, and not so large that adding it to the time would overflow. */
const milliseconds = (ms: number) => String(Math.min(Math.ceil(ms), Number.MAX_SAFE_INTEGER));

const invalid = (message: string) => new ChathooksError('invalid_option', `redisDedup: ${message}`);

function unavailable(error: unknown): ChathooksError {
  if (hasErrorCode(error)) return error;
  if (!(error instanceof Error)) return new ChathooksError('store_unavailable', `Redis cannot be used: ${error}`);
  // Where several addresses were tried in vain, the message is empty.
  const reason = error.message === '' && 'code' in error ? error.code : error.message;
  // ioredis says of a command that was refused what it was: its key may hold a phone number.
  const cause = 'command' in error ? undefined : { cause: error };
  return new ChathooksError('store_unavailable', `Redis cannot be used: ${reason}`, cause);
}
