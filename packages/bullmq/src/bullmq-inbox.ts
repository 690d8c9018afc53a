import type { Inbox, InboxHandler } from '@chathooks/core';
import { createFailedEvents } from './failed.ts';
import { type BullmqInboxOptions, readOptions } from './options.ts';
import { createPut } from './put.ts';
import { createReport } from './report.ts';
import { createStorage } from './storage.ts';
import { startUpkeep } from './upkeep.ts';
import { startWork, type Work } from './work.ts';

/**
 * An inbox in Redis, on BullMQ: for many processes, on many machines. Connects when it is first used.
 *
 * @throws ChathooksError `invalid_option`, `unknown_option`; its methods throw `missing_dependency` when ioredis is needed
 * and not installed
 * @example
 * ```ts
 * const url = 'redis://127.0.0.1:6379';
 * const receiver = createReceiver({ inbox: bullmqInbox({ url }), dedup: redisDedup({ url }), onMessageInbound });
 * ```
 */
export function bullmqInbox(options: BullmqInboxOptions): Inbox {
  const { place, settings, leaseMs } = readOptions(options);
  const report = createReport(options.logger);
  const storage = createStorage(place, report);
  let working: Promise<Work> | undefined;

  async function begin(handle: InboxHandler): Promise<Work> {
    await storage.use(({ lanes }) => lanes.pending());
    const work = await startWork({ place, settings, leaseMs, handle, report });
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
