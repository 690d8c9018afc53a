import { type InboxHandler, type InboxSettings, type InboxVerdict, retryDelay } from '@chathooks/core';
import { Worker } from 'bullmq';
import { openFailedQueue, setAsideIn } from './failed-queue.ts';
import type { LaneJob } from './jobs.ts';
import { createLanes } from './lanes.ts';
import type { Place } from './place.ts';
import { createLaneProcessor, type ProcessLane, RetryLater } from './process-lane.ts';
import { isConnected, patient } from './redis-connection.ts';
import { within } from './within.ts';
import { withoutCommand } from './without-command.ts';

/** What a process that handles events needs. */
export interface WorkOptions {
  readonly place: Place;
  readonly settings: Required<InboxSettings>;
  readonly leaseMs: number;
  readonly handle: InboxHandler;
  readonly report: (error: unknown) => void;
}

/** Work that has begun. */
export interface Work {
  /** Begins nothing more, gives back what has not begun, and waits for the verdicts on the rest. */
  stop(): Promise<void>;
  /** Ends at once. What runs is taken over by others after `leaseMs`. */
  abandon(): Promise<void>;
}

/** How long Redis may take to let a worker begin, or to learn what became of its jobs. */
const settleMs = 3_000;

/** How long a worker takes no more when Redis has refused a command. */
const refusedMs = 1_000;

/** Begins to work. */
export async function startWork(options: WorkOptions): Promise<Work> {
  const { place, settings, report } = options;
  const { connection, release } = patient(place.connection);
  const tries = track(options.handle);
  let stopping = false;
  let processLane: ProcessLane | undefined;

  const worker = new Worker<LaneJob, void>(place.name, async (job, token = '') => processLane?.(job, token), {
    ...workerOptions(options),
    connection,
  });
  worker.on('error', (error) => {
    report(error);
    if (error.name === 'ReplyError') pause();
  });
  worker.on('failed', (_job, error) => {
    if (!(error instanceof RetryLater)) report(error);
  });
  const backend = worker.getBackend();

  try {
    await within(settleMs, 'Redis', worker.waitUntilReady());
    const client = await backend.client;
    const failedQueue = openFailedQueue(place, client);
    failedQueue.on('error', report);
    processLane = createLaneProcessor({
      settings,
      lanes: createLanes(client, place),
      setAside: setAsideIn(failedQueue),
      handle: tries.handle,
      stopping: () => stopping,
    });
  } catch (error) {
    await abandon();
    throw withoutCommand(error);
  }
  worker.run().catch(report);

  return { stop, abandon };

  /** Redis refuses what a worker asks, perhaps for want of memory: BullMQ would ask again at once, without end. */
  function pause(): void {
    if (stopping || worker.isPaused()) return;
    worker.pause(true).catch(report);
    setTimeout(() => {
      if (!stopping) worker.resume().catch(report);
    }, refusedMs).unref();
  }

  async function stop(): Promise<void> {
    stopping = true;
    await worker.pause(true);
    await tries.settled();
    const clients = [await backend.client, await backend.blockingClient].filter((client) => client !== undefined);
    if (!clients.every(isConnected)) return abandon();
    try {
      await within(settleMs, 'Redis', worker.close());
    } catch (error) {
      report(error);
      // Whatever the worker still waits for fails then, so that it ends.
      for (const client of clients) if (client !== place.connection) client.disconnect();
    }
    release();
  }

  async function abandon(): Promise<void> {
    stopping = true;
    await worker.pause(true);
    await within(settleMs, 'Redis', worker.close(true)).catch(report);
    release();
  }
}

const workerOptions = ({ place, settings, leaseMs }: WorkOptions) => ({
  prefix: place.prefix,
  autorun: false,
  concurrency: settings.concurrency,
  lockDuration: leaseMs,
  stalledInterval: Math.ceil(leaseMs / 4),
  // What kills its process again and again is set aside by its tries; BullMQ would give up the lane with all its entries.
  maxStalledCount: 1_000_000,
  // In seconds. A wake-up that a dying process took with it delays the others by no more than this.
  drainDelay: 1,
  settings: {
    backoffStrategy: (failures: number, _type?: string, error?: Error) =>
      error instanceof RetryLater ? error.delayMs : retryDelay(settings, failures),
  },
});

/** Keeps an eye on the tries that run. */
function track(handle: InboxHandler) {
  const running = new Set<Promise<InboxVerdict>>();

  return {
    handle(entry, trial) {
      const verdict = handle(entry, trial);
      running.add(verdict);
      const forget = () => running.delete(verdict);
      verdict.then(forget, forget);
      return verdict;
    },
    /** Resolves when none runs. */
    async settled() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  } satisfies { handle: InboxHandler; settled(): Promise<void> };
}
