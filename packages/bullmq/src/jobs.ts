import type { JobsOptions } from 'bullmq';

/** What a job of the queue holds. */
export interface LaneJob {
  /** The list whose entries are to be tried. */
  readonly lane: string;
  /** What these entries have in common, for people who look at the queue. */
  readonly orderingKey?: string | undefined;
}

/** The name of the strategy by which a worker chooses the pause before a retry. */
export const backoffType = 'chathooks';

/** The name of every job of the queue. */
export const jobName = 'lane';

/**
 * How a job that says "this lane has entries" is to be treated.
 *
 * @remarks
 * A lane has one job at a time. What is added while that job waits for its turn is left out, for it will find the new
 * entries; what is added while it is active becomes the next job when it ends, for it may have looked already.
 */
export const jobOptions = ({ lane }: LaneJob): JobsOptions => ({
  deduplication: { id: lane, keepLastIfActive: true },
  // How often an entry was tried is counted with the entry, since a job works on many: BullMQ must not give up.
  attempts: 1_000_000,
  backoff: { type: backoffType },
  removeOnComplete: true,
  removeOnFail: true,
  stackTraceLimit: 0,
});
