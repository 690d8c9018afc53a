import type { IoredisLike, NodeRedisLike, RedisClientLike } from '@chathooks/redis';
import { Cluster, Redis } from 'ioredis';
import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis5';
import { createClient, createCluster } from 'redis';
import { createClient as createClient5, createCluster as createCluster5 } from 'redis5';

/** A client of a user's own. */
export interface OwnClient {
  readonly client: RedisClientLike;
  close(): void;
}

/** How to make the clients of one library. */
export interface ClientKind {
  readonly name: string;
  connect(url: string): Promise<OwnClient>;
  connectCluster(url: string): Promise<OwnClient>;
  /** One that leads nowhere. */
  unreachable(): OwnClient;
}

const nowhere = 'redis://127.0.0.1:1';

interface Ioredis extends IoredisLike {
  on(event: 'error', listener: () => void): unknown;
  disconnect(): void;
}

function ioredis(
  name: string,
  create: (url: string, options: { retryStrategy?: () => null }) => Ioredis,
  createCluster: (url: string) => Ioredis,
): ClientKind {
  const own = (client: Ioredis): OwnClient => {
    client.on('error', () => {}); // calls reject
    return { client, close: () => client.disconnect() };
  };
  return {
    name,
    connect: async (url) => own(create(url, {})),
    connectCluster: async (url) => own(createCluster(url)),
    unreachable: () => own(create(nowhere, { retryStrategy: () => null })),
  };
}

interface NodeRedis extends NodeRedisLike {
  on(event: 'error', listener: () => void): unknown;
  connect(): Promise<unknown>;
  destroy(): void;
}

function nodeRedis(name: string, create: (url: string) => NodeRedis, createCluster: (url: string) => NodeRedis) {
  const connect = async (client: NodeRedis): Promise<OwnClient> => {
    client.on('error', () => {}); // calls reject
    await client.connect();
    return { client, close: () => client.destroy() };
  };
  const kind: ClientKind = {
    name,
    connect: (url) => connect(create(url)),
    connectCluster: (url) => connect(createCluster(url)),
    unreachable: () => ({ client: create(nowhere), close() {} }),
  };
  return kind;
}

export const clientKinds: readonly ClientKind[] = [
  ioredis(
    'ioredis 6',
    (url, options) => new Redis(url, options),
    (url) => new Cluster([url]),
  ),
  ioredis(
    'ioredis 5',
    (url, options) => new Redis5(url, options),
    (url) => new Cluster5([url]),
  ),
  nodeRedis(
    'redis 6',
    (url) => createClient({ url }),
    (url) => createCluster({ rootNodes: [{ url }] }),
  ),
  nodeRedis(
    'redis 5',
    (url) => createClient5({ url }),
    (url) => createCluster5({ rootNodes: [{ url }] }),
  ),
];
