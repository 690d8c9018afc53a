import { ChathooksError, groupCommit, type Inbox } from '@chathooks/core';
import type { Queue } from 'bullmq';
import { jobName, jobOptions, type LaneJob } from './jobs.ts';
import type { StorageOpener } from './storage.ts';
import { encodeEntry, type StoredEntry } from './stored-entry.ts';

/** How many calls are stored at once: Redis does nothing else meanwhile. */
const maxItems = 64;

/** Makes {@link Inbox.put}. */
export function createPut(storage: StorageOpener, maxPending: number): Inbox['put'] {
  /** Answers for each put whether there was room for it. */
  const store = groupCommit(
    (puts: readonly (readonly StoredEntry[])[]) =>
      storage.use(async ({ lanes, queue }) => {
        const accepted = await lanes.push(puts, maxPending);
        await addJobs(queue, puts.slice(0, accepted).flat());
        return puts.map((_, index) => index < accepted);
      }),
    { maxItems },
  );

  return async (entries) => {
    if (entries.length === 0 || (await store(entries.map(encodeEntry)))) return;
    const message = `There are as many events pending as maxPending allows, ${maxPending}; have more of them handled`;
    throw new ChathooksError('inbox_full', message);
  };
}

/** Makes sure that each of these lanes has a job that has yet to begin. */
export async function addJobs(queue: Queue<LaneJob>, lanes: readonly LaneJob[]): Promise<void> {
  const distinct = new Map(lanes.map(({ lane, orderingKey }) => [lane, { lane, orderingKey }]));
  // Faster than `addBulk`: ioredis takes longer to make a pipeline than to send its commands one after the other.
  await Promise.all(Array.from(distinct.values(), (data) => queue.add(jobName, data, jobOptions(data))));
}
