import type { FailedEvents } from '@chathooks/core';
import { failedEventOf, forgetFailed } from './failed-queue.ts';
import { addJobs } from './put.ts';
import type { StorageOpener } from './storage.ts';
import { encodeEntry, failedJobId } from './stored-entry.ts';

const pageSize = 100;

/** Makes {@link FailedEvents}. */
export function createFailedEvents(storage: StorageOpener, keepFailedMs: number): FailedEvents {
  return {
    async *list() {
      const ids = await storage.use(async ({ failedQueue }) => {
        await forgetFailed(failedQueue, keepFailedMs);
        return failedQueue.getRanges(['wait'], 0, -1, true);
      });
      for (let start = 0; start < ids.length; start += pageSize) {
        const page = ids.slice(start, start + pageSize);
        const jobs = await storage.use(({ failedQueue }) => Promise.all(page.map((id) => failedQueue.getJob(id))));
        for (const job of jobs) if (job) yield failedEventOf(job.data);
      }
    },
    retry: (id) =>
      storage.use(async ({ failedQueue, queue, lanes }) => {
        const job = await failedQueue.getJob(failedJobId(id));
        if (!job) return false;
        const stored = encodeEntry(failedEventOf(job.data).entry);
        await lanes.push([[stored]], Number.MAX_SAFE_INTEGER);
        await addJobs(queue, [stored]);
        await job.remove();
        return true;
      }),
    discard: (id) =>
      storage.use(async ({ failedQueue }) => {
        const job = await failedQueue.getJob(failedJobId(id));
        await job?.remove();
        return job !== undefined;
      }),
  };
}
