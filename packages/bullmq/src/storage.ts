import { ChathooksError, hasErrorCode } from '@chathooks/core';
import { Queue, type RedisClient } from 'bullmq';
import { type FailedJob, openFailedQueue } from './failed-queue.ts';
import type { LaneJob } from './jobs.ts';
import { createLanes, type Lanes } from './lanes.ts';
import type { Place } from './place.ts';
import { failingFast, isClient, isConnected } from './redis-connection.ts';
import { within } from './within.ts';
import { withoutCommand } from './without-command.ts';

/** What is in Redis, over a connection that fails rather than wait for Redis to come back. */
export interface Storage {
  readonly lanes: Lanes;
  /** A job for each lane that has entries. */
  readonly queue: Queue<LaneJob>;
  /** A job for each entry that was set aside. */
  readonly failedQueue: Queue<FailedJob>;
}

/** Opens {@link Storage} when it is first needed. */
export interface StorageOpener {
  /**
   * Does something with the storage.
   *
   * @throws what BullMQ and Redis throw, and after 3 seconds in any case
   */
  use<T>(work: (storage: Storage) => Promise<T>): Promise<T>;
  /** Closes what was opened here, within half a second. */
  close(): Promise<void>;
}

const answerMs = 3_000;
const quitMs = 500;

/** Makes a {@link StorageOpener}. */
export function createStorage(place: Place, report: (error: Error) => void): StorageOpener {
  let opened: Promise<Storage & { readonly client: RedisClient }> | undefined;
  let unreachable: Error | undefined;

  async function open() {
    const queue = new Queue<LaneJob>(place.name, {
      connection: failingFast(place.connection),
      prefix: place.prefix,
      // Otherwise BullMQ asks for the version first, and never recovers if there is no answer.
      skipVersionCheck: true,
      skipWaitingForReady: true,
    });
    queue.on('error', noteError);
    const client = await queue.getBackend().client.catch(explain);
    client.on('ready', noteReady);
    const failedQueue = openFailedQueue(place, client);
    failedQueue.on('error', noteError);
    return { client, queue, failedQueue, lanes: createLanes(client, place) };
  }

  function noteError(error: Error): void {
    unreachable = error;
    report(error);
  }

  function noteReady(): void {
    unreachable = undefined;
  }

  return {
    async use(work) {
      opened ??= open();
      try {
        return await within(answerMs, 'Redis', opened.then(work));
      } catch (thrown) {
        const error = withoutCommand(thrown);
        if (!unreachable || hasErrorCode(error)) throw error;
        throw new Error(`Redis cannot be reached: ${unreachable.message}`, { cause: error });
      }
    },
    async close() {
      const storage = await opened?.catch(() => undefined);
      opened = undefined;
      if (!storage) return;
      const { client, queue, failedQueue } = storage;
      client.off('ready', noteReady);
      const closing = failedQueue.close().then(() => queue.close());
      if (isConnected(client)) await within(quitMs, 'Redis', closing).catch(report);
      else closing.catch(() => {});
      if (!isClient(place.connection)) client.disconnect();
    },
  };
}

/** BullMQ loads ioredis when it first needs it. */
function explain(cause: unknown): never {
  if (!(cause instanceof Error && cause.message.includes("'ioredis'"))) throw cause;
  const message = 'ioredis is not installed, which BullMQ needs to connect to Redis; install it, or pass a client';
  throw new ChathooksError('missing_dependency', message, { cause });
}
