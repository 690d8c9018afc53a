import { ChathooksError, type Inbox, type InboxHandler, type InboxSettings, inboxSettings } from '@chathooks/core';
import type { ConnectionOptions } from 'bullmq';
import { createFailedEvents } from './failed.ts';
import type { Place } from './place.ts';
import { createPut } from './put.ts';
import { createReport } from './report.ts';
import { createStorage } from './storage.ts';
import { startUpkeep } from './upkeep.ts';
import { startWork, type Work } from './work.ts';

/** Options of {@link bullmqInbox}. Either `url` or `connection` says where Redis is. */
export interface BullmqInboxOptions extends InboxSettings {
  /** Where Redis is: `redis://127.0.0.1:6379`. */
  readonly url?: string;
  /** What BullMQ takes as its connection: options of ioredis, or a client, which the inbox uses and never closes. */
  readonly connection?: ConnectionOptions;
  /** The name of the queue, as dashboards show it. What is set aside is in `<name>-failed`. @defaultValue `chathooks` */
  readonly name?: string;
  /**
   * What all keys begin with. With braces around it all are on one node of a Redis Cluster, as they must be.
   *
   * @defaultValue `{chathooks}`
   */
  readonly prefix?: string;
  /**
   * After how many milliseconds of silence a process is taken for dead, so that others have its events. It says that it
   * is alive twice in that time, as long as its event loop is not blocked.
   *
   * @defaultValue 30000
   */
  readonly lockMs?: number;
  /**
   * Is told of errors that concern no call, like a connection that was lost. Each message once a minute.
   *
   * @defaultValue `process.emitWarning`
   */
  readonly onError?: (error: Error) => void;
}

/**
 * An inbox in Redis, on BullMQ: for many processes, on many machines.
 *
 * @throws ChathooksError `invalid_option`
 * @example
 * ```ts
 * const inbox = bullmqInbox({ url: 'redis://127.0.0.1:6379' });
 * ```
 */
export function bullmqInbox(options: BullmqInboxOptions): Inbox {
  const settings = inboxSettings(options);
  const { lockMs = 30_000, onError } = options;
  if (!Number.isSafeInteger(lockMs) || lockMs < 1) {
    throw new ChathooksError('invalid_option', `lockMs is ${lockMs}, expected a whole number above 0`);
  }
  const place = placeOf(options);
  const report = createReport(onError);
  const storage = createStorage(place, report);
  let working: Promise<Work> | undefined;

  async function begin(handle: InboxHandler): Promise<Work> {
    await storage.use(({ lanes }) => lanes.pending());
    const work = await startWork({ place, settings, lockMs, handle, report });
    const endUpkeep = startUpkeep(storage, settings.keepFailedMs, report);
    return {
      stop() {
        endUpkeep();
        return work.stop();
      },
      abandon() {
        endUpkeep();
        return work.abandon();
      },
    };
  }

  return {
    put: createPut(storage, settings.maxPending),
    async start(handle) {
      if (working) throw new Error('The inbox has been started already; stop it before it is started again');
      working = begin(handle);
      try {
        await working;
      } catch (error) {
        working = undefined;
        throw error;
      }
    },
    async stop() {
      const work = await working?.catch(() => undefined);
      await work?.stop();
      working = undefined;
    },
    failed: createFailedEvents(storage, settings.keepFailedMs),
    counts: () =>
      storage.use(async ({ lanes, failedQueue }) => {
        const [pending, failed] = await Promise.all([lanes.pending(), failedQueue.getWaitingCount()]);
        return { pending, failed };
      }),
    async close() {
      const work = await working?.catch(() => undefined);
      working = undefined;
      await work?.abandon();
      await storage.close();
    },
  };
}

function placeOf({ url, connection, name = 'chathooks', prefix = '{chathooks}' }: BullmqInboxOptions): Place {
  const given = connection ?? (url === undefined ? undefined : { url });
  if (!given || (connection && url !== undefined)) {
    throw new ChathooksError('invalid_option', 'Expected either url or connection, which says where Redis is');
  }
  if (name === '' || name.includes(':')) {
    throw new ChathooksError('invalid_option', `name is ${JSON.stringify(name)}, expected some text without colons`);
  }
  return { connection: given, name, prefix };
}
