import { forgetFailed } from './failed-queue.ts';
import { addJobs } from './put.ts';
import type { Storage, StorageOpener } from './storage.ts';

const everyMs = 15_000;

/**
 * Looks after what no event brings up, now and from time to time: lanes whose job got lost, because a process died between
 * storing an entry and adding the job, or because somebody removed the job; and what was set aside long ago.
 *
 * @returns a function that ends it
 */
export function startUpkeep(
  storage: StorageOpener,
  keepFailedMs: number,
  report: (error: unknown) => void,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let ended = false;

  async function round(): Promise<void> {
    try {
      while (!ended && (await storage.use(addMissingJobs)));
      if (!ended) await storage.use(({ failedQueue }) => forgetFailed(failedQueue, keepFailedMs));
    } catch (error) {
      if (!ended) report(error);
    }
    if (!ended) timer = setTimeout(round, everyMs).unref();
  }

  void round();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

/** @returns whether there are more to look at */
async function addMissingJobs({ lanes, queue }: Storage): Promise<boolean> {
  const { stranded, more } = await lanes.findStranded();
  const jobs = stranded.map((lane) => ({ lane }));
  await addJobs(queue, jobs);
  return more;
}
