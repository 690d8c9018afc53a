/** What is used of a client of ioredis, `Redis` or `Cluster`. */
export interface IoredisLike {
  evalsha(sha1: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>;
  eval(script: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>;
}

/** What is used of a client of node-redis: one client, a cluster, a pool or a sentinel. */
export interface NodeRedisLike {
  evalSha(sha1: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** A client of ioredis or node-redis. */
export type RedisClientLike = IoredisLike | NodeRedisLike;

/** A Lua script that touches one key. */
export interface Script {
  readonly text: string;
  readonly sha1: string;
}

/** Runs a script on a key, in one round trip. */
export type RunScript = (script: Script, key: string, ...args: string[]) => Promise<unknown>;

/** Tells which client it is by the name that each gives to EVALSHA. */
export function isNodeRedis(client: RedisClientLike): client is NodeRedisLike {
  return 'evalSha' in client;
}

/** Whether it is a client at all, for callers without a compiler. */
export const isClient = (client: unknown): client is RedisClientLike =>
  ['evalSha', 'evalsha'].some((name) => typeof Reflect.get(Object(client), name) === 'function');

/** Runs scripts over a client: by their hash, and by their text where the server has not seen them since its start. */
export function scriptRunner(client: RedisClientLike): RunScript {
  if (isNodeRedis(client)) {
    return (script, key, ...args) =>
      client
        .evalSha(script.sha1, { keys: [key], arguments: args })
        .catch(ifUnknown(() => client.eval(script.text, { keys: [key], arguments: args })));
  }
  return (script, key, ...args) =>
    client.evalsha(script.sha1, 1, key, ...args).catch(ifUnknown(() => client.eval(script.text, 1, key, ...args)));
}

const ifUnknown = (run: () => Promise<unknown>) => (error: unknown) => {
  if (error instanceof Error && error.message.startsWith('NOSCRIPT')) return run();
  throw error;
};
