import type { ConnectionOptions, RedisClient } from 'bullmq';

/** What is used of a client of the app: an ioredis client, or another that BullMQ accepts. */
interface Client {
  duplicate(options?: object): Client;
  disconnect(): unknown;
}

/** Whether the app gave a client, which is its own to close. */
export const isClient = (connection: ConnectionOptions): connection is ConnectionOptions & Client =>
  'duplicate' in connection && typeof connection.duplicate === 'function';

/** BullMQ's own would wait up to 20 seconds. */
const retryStrategy = (times: number): number => Math.min(times * 100, 1_000);

/** Options of a connection whose commands fail when Redis goes away; a client of the app stays as it is. */
export const failingFast = (connection: ConnectionOptions): ConnectionOptions =>
  isClient(connection) ? connection : { retryStrategy, ...connection, maxRetriesPerRequest: 0 };

/** A connection whose commands wait for Redis to come back, as BullMQ wants it for workers. */
export interface PatientConnection {
  readonly connection: ConnectionOptions;
  /** Closes what BullMQ would leave open. */
  release(): void;
}

/** Makes a {@link PatientConnection}. */
export function patient(connection: ConnectionOptions): PatientConnection {
  const nothing = () => {};
  if (!isClient(connection)) {
    return { connection: { retryStrategy, ...connection, maxRetriesPerRequest: null }, release: nothing };
  }
  // Clients of other kinds, and those of clusters, have no such limit.
  if (!('defineCommand' in connection) || connection.isCluster === true) return { connection, release: nothing };
  const own = connection.duplicate({ maxRetriesPerRequest: null });
  return { connection: own, release: () => own.disconnect() };
}

/** Whether commands reach Redis now, as far as is known. A client of a cluster says `connect`. */
export const isConnected = ({ status }: RedisClient): boolean => status === 'ready' || status === 'connect';
