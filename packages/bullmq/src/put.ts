import { ChathooksError, groupCommit, type Inbox } from '@chathooks/core';
import type { Queue } from 'bullmq';
import { jobName, jobOptions, type LaneJob } from './jobs.ts';
import type { StorageOpener } from './storage.ts';
import { encodeEntry, type StoredEntry } from './stored-entry.ts';

/** How many entries are stored at once, if they come in several puts: Redis does nothing else meanwhile. */
const mostEntries = 1_000;

/** Makes {@link Inbox.put}. */
export function createPut(storage: StorageOpener, maxPending: number): Inbox['put'] {
  /** Answers for each put whether there was room for it. */
  const store = groupCommit(async (puts: readonly (readonly StoredEntry[])[]) => {
    const answers: boolean[] = [];
    while (answers.length < puts.length) {
      const some = firstOf(puts.slice(answers.length));
      const accepted = await storage.use(async ({ lanes, queue }) => {
        const count = await lanes.push(some, maxPending);
        await addJobs(queue, some.slice(0, count).flat());
        return count;
      });
      answers.push(...some.map((_, index) => index < accepted));
    }
    return answers;
  });

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

/** The first put, and as many of the next ones as may be stored with it. */
function firstOf(puts: readonly (readonly StoredEntry[])[]): readonly (readonly StoredEntry[])[] {
  let entries = 0;
  const end = puts.findIndex((put, index) => {
    entries += put.length;
    return index > 0 && entries > mostEntries;
  });
  return end === -1 ? puts : puts.slice(0, end);
}
