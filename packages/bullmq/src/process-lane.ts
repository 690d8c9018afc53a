import {
  type FailureReason,
  type InboxHandler,
  type InboxSettings,
  type InboxVerdict,
  retryDelay,
} from '@chathooks/core';
import { DelayedError, type Job, UnrecoverableError, WaitingError } from 'bullmq';
import type { SetAside } from './failed-queue.ts';
import type { LaneJob } from './jobs.ts';
import type { Lanes, Next, Taken } from './lanes.ts';
import { isObject } from './stored-entry.ts';

/** What working on lanes needs. */
export interface LaneOptions {
  readonly settings: Required<InboxSettings>;
  readonly lanes: Lanes;
  readonly setAside: SetAside;
  readonly handle: InboxHandler;
  /** Whether this process is to begin nothing more. */
  stopping(): boolean;
}

/** Works on a job of BullMQ. */
export type ProcessLane = (job: Job<LaneJob>, owner: string) => Promise<void>;

/** How long a job stays with its lane while others wait for their turn. */
const turnMs = 100;

/** Makes what BullMQ calls with a job: tries the entries of its lane, one after the other. */
export function createLaneProcessor({ settings, lanes, setAside, handle, stopping }: LaneOptions): ProcessLane {
  return async (job, owner) => {
    const lane = laneIn(job.data);
    const turnEnds = performance.now() + turnMs;
    let next: Next = stopping() ? 'more' : await lanes.take(lane, owner);
    while (typeof next === 'object') {
      const { id, entry, attempt } = next;
      if (stopping()) {
        await lanes.postpone(lane, owner, id);
        return comeBack(job, owner, 0);
      }
      const verdict = await tryEntry(next);
      if (verdict.state === 'postponed') {
        await lanes.postpone(lane, owner, id);
        return comeBack(job, owner, verdict.delayMs);
      }
      if (verdict.state === 'failed') {
        const { permanent, reason } = verdict;
        if (!permanent && attempt < settings.attempts) throw new RetryLater(reason, retryDelay(settings, attempt));
        if (!(await lanes.leave(lane, owner, id))) throw takenOver();
        await setAside({ entry, reason, attempts: Math.min(attempt, settings.attempts) });
      }
      next = await lanes.settle(lane, owner, id, !stopping() && performance.now() < turnEnds);
    }
    if (next === 'lost') throw takenOver();
    if (next === 'more') await comeBack(job, owner, 0);
  };

  async function tryEntry({ entry, attempt }: Taken): Promise<InboxVerdict> {
    if (attempt > settings.attempts) return { state: 'failed', permanent: true, reason: diedTrying };
    try {
      return await handle(entry, { attempt, last: attempt === settings.attempts });
    } catch (error) {
      return { state: 'failed', permanent: false, reason: { code: 'internal_error', message: String(error) } };
    }
  }

  /** Ends this turn, but not the job. A process that stops leaves it first in line, for others. */
  async function comeBack(job: Job<LaneJob>, owner: string, delayMs: number): Promise<never> {
    if (stopping()) {
      await job.moveToWait(owner);
      throw new WaitingError();
    }
    await job.moveToDelayed(Date.now() + delayMs, owner);
    throw new DelayedError();
  }
}

const takenOver = () =>
  new Error('Another process took over the events of a chat, since this one had not been heard of for leaseMs');

/** Reads what others, too, could have put into the queue. */
function laneIn(data: unknown): string {
  if (isObject(data) && typeof data.lane === 'string') return data.lane;
  throw new UnrecoverableError('A job in the queue is none of chathooks; use another name or prefix for your own');
}

/** Its tries are used up, and the last one did not live to tell. */
const diedTrying: FailureReason = {
  code: 'handler_failed',
  message: 'The process that handled the event ended before the handler did, on the last try',
};

/** Makes BullMQ try a job again. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  readonly delayMs: number;

  constructor({ code, message }: FailureReason, delayMs: number) {
    super(`${code}: ${message}`);
    this.delayMs = delayMs;
  }
}
