import type { FailedEvent, FailureReason, InboxEntry } from '@chathooks/core';
import { Queue, type RedisClient } from 'bullmq';
import { failedQueueName, type Place } from './place.ts';
import { failedJobId, isEntry, isObject } from './stored-entry.ts';

/** What a job of the queue of what was set aside holds. */
export interface FailedJob {
  readonly entry: InboxEntry;
  readonly reason: FailureReason;
  readonly attempts: number;
  /** ISO-8601, UTC. */
  readonly failedAt: string;
}

/** Opens the queue of what was set aside, over a client that others close. Nobody works on its jobs. */
export const openFailedQueue = (place: Place, client: RedisClient): Queue<FailedJob> =>
  new Queue(failedQueueName(place), {
    connection: client,
    prefix: place.prefix,
    skipVersionCheck: true,
    skipWaitingForReady: true,
  });

/** Sets an entry aside. One whose event is set aside already stays as it is. */
export type SetAside = (failure: Omit<FailedJob, 'failedAt'>) => Promise<void>;

/** Makes {@link SetAside}. */
export const setAsideIn =
  (queue: Queue<FailedJob>): SetAside =>
  async (failure) => {
    const { id, type } = failure.entry.event;
    await queue.add(type, { ...failure, failedAt: new Date().toISOString() }, { jobId: failedJobId(id) });
  };

/** Deletes what was set aside longer ago than that. */
export const forgetFailed = (queue: Queue<FailedJob>, keepFailedMs: number): Promise<unknown> =>
  queue.clean(keepFailedMs, 10_000, 'wait');

/**
 * Reads the data of a job.
 *
 * @throws Error when it is none that was set aside here
 */
export function failedEventOf(data: unknown): FailedEvent {
  if (!isFailedJob(data)) throw new Error('A job in the queue of failed events is none of chathooks; remove it');
  const { entry, reason, attempts, failedAt } = data;
  return { id: entry.event.id, entry, reason, attempts, failedAt };
}

function isFailedJob(data: unknown): data is FailedJob {
  if (!isObject(data) || !isEntry(data.entry) || !isObject(data.reason)) return false;
  const { attempts, failedAt, reason } = data;
  return (
    typeof attempts === 'number' &&
    typeof failedAt === 'string' &&
    typeof reason.code === 'string' &&
    typeof reason.message === 'string'
  );
}
