import { ChathooksError } from '@chathooks/core';
import type { RedisClientLike } from './clients.ts';

/** A client that was opened for a URL. It never connects a second time. */
export interface OpenedClient {
  readonly client: RedisClientLike;
  /** Resolves when it can be used. */
  connect(): Promise<unknown>;
  /** Ends it at once. What waits for an answer is rejected. */
  destroy(): void;
}

/** How to open one. */
export interface OpenOptions {
  readonly url: string;
  readonly timeoutMs: number;
  /** Is told why the connection is of no more use. May be called more than once. */
  readonly onFailure: (reason: Error) => void;
}

/** Makes a client that is not connected yet. */
export type OpenClient = (options: OpenOptions) => OpenedClient;

/**
 * Loads ioredis or, where that is not installed, node-redis.
 *
 * @throws ChathooksError `missing_dependency`
 */
export async function loadClient(): Promise<OpenClient> {
  const load = (await loadIfInstalled('ioredis', loadIoredis)) ?? (await loadIfInstalled('redis', loadNodeRedis));
  if (load) return load;
  throw new ChathooksError(
    'missing_dependency',
    'redisDedup was given a url, but neither ioredis nor redis is installed: `npm i ioredis`, or hand over a client',
  );
}

async function loadIfInstalled(name: string, load: () => Promise<OpenClient>): Promise<OpenClient | undefined> {
  try {
    return await load();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const missing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
    // What is installed but lacks a package of its own is broken, which must show.
    if (missing && error instanceof Error && error.message.includes(`'${name}'`)) return undefined;
    throw error;
  }
}

async function loadIoredis(): Promise<OpenClient> {
  const { Redis } = await import('ioredis');
  return ({ url, timeoutMs, onFailure }) => {
    const client = new Redis(url, {
      lazyConnect: true,
      connectTimeout: timeoutMs,
      disconnectTimeout: 0, // what waits for an answer is rejected only then
      retryStrategy: () => null,
    });
    client.on('error', onFailure);
    client.on('end', () => onFailure(new Error('the connection was closed')));
    return { client, connect: () => client.connect(), destroy: () => client.disconnect() };
  };
}

async function loadNodeRedis(): Promise<OpenClient> {
  const { createClient } = await import('redis');
  return ({ url, timeoutMs, onFailure }) => {
    const client = createClient({
      url,
      disableOfflineQueue: true,
      socket: { connectTimeout: timeoutMs, reconnectStrategy: false },
    });
    client.on('error', onFailure);
    return {
      client,
      connect: () => client.connect(),
      destroy() {
        if (client.isOpen) client.destroy();
      },
    };
  };
}
