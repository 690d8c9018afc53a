import { isPromise } from '../awaitable.ts';
import type { Clock } from '../clock.ts';
import { ChathooksError, isPermanent } from '../errors.ts';
import type { ChatEvent } from '../events/event.ts';
import type { HandlerRegistry } from '../handlers.ts';
import { type ClaimOptions, createClaims } from './claim.ts';
import { dispatch, type Origin, type Work } from './dispatch.ts';
import { markStale } from './mark-stale.ts';
import { createReports } from './report.ts';
import { createWatch } from './watch.ts';

/** Why an event must be tried again, or is not to be; `undefined` when it is done. */
export type Outcome = ChathooksError | undefined;

/** What processing needs. */
export interface ProcessOptions extends ClaimOptions {
  readonly handlers: HandlerRegistry;
  readonly clock: Clock;
  readonly handlerTimeoutMs: number;
  readonly staleStatus: 'mark' | 'drop';
}

/** Claims, dispatches and settles events. */
export interface Processor {
  /** @returns what became of the event; never rejects */
  process(event: ChatEvent, origin: Origin): Promise<Outcome>;
  /**
   * Waits until nothing runs. What runs after `graceMs` is stopped and released; what the store keeps waiting even then
   * is left to its lease.
   */
  drain(graceMs: number): Promise<void>;
}

/** An event that this process works on. */
interface Running extends Work {
  /** What the delivery, and every other one of the same event, waits for. */
  readonly outcome: Promise<Outcome>;
  readonly resolve: (outcome: Outcome) => void;
  over: boolean;
}

/** How long the store may take to release what {@link Processor.drain} has stopped. */
export const releaseMs = 1_000;

/** Makes a {@link Processor}. */
export function createProcessor(options: ProcessOptions): Processor {
  const { handlers, clock, logger, handlerTimeoutMs, staleStatus } = options;
  /** A second delivery of an event waits for the first and shares its outcome. */
  const running = new Map<string, Running>();
  /** The last event of every ordering key: the next one waits for it. */
  const lanes = new Map<string, Promise<Outcome>>();
  const claims = createClaims(options);
  const reports = createReports(logger);
  const watch = createWatch<Running>({ ...options, claims, giveUp });
  /** Set when the grace of {@link Processor.drain} is over. */
  let closed: ChathooksError | undefined;

  return {
    process(event, origin) {
      const first = running.get(event.id);
      if (first) return first.outcome.then((outcome) => shareOutcome(event, outcome));
      return begin(event, origin);
    },
    async drain(graceMs) {
      let cancel = clock.setTimeout(() => {
        const reason = new ChathooksError('shutting_down', 'The receiver closed before the handlers had settled');
        closed = reason;
        watch.stopAll(reason);
        cancel = clock.setTimeout(() => {
          for (const work of running.values()) fail(work, reason);
        }, releaseMs);
      }, graceMs);
      while (running.size > 0) await Promise.all(Array.from(running.values(), ({ outcome }) => outcome));
      cancel();
      watch.close();
    },
  };

  function begin(event: ChatEvent, origin: Origin): Promise<Outcome> {
    const { id, orderingKey: lane } = event;
    const { promise: outcome, resolve } = Promise.withResolvers<Outcome>();
    const work: Running = {
      event,
      origin,
      attempt: origin.trial?.attempt ?? 1,
      token: undefined,
      controller: undefined,
      startedAt: 0,
      deadlineMs: 0,
      outcome,
      resolve,
      over: false,
    };
    const previous = lane === undefined ? undefined : lanes.get(lane);
    running.set(id, work);
    if (lane !== undefined) lanes.set(lane, outcome);
    if (previous) void previous.then(() => run(work));
    else void run(work);
    return outcome;
  }

  function end(work: Running, outcome: Outcome): void {
    const { id, orderingKey: lane } = work.event;
    work.over = true;
    running.delete(id);
    if (lane !== undefined && lanes.get(lane) === work.outcome) lanes.delete(lane);
    work.resolve(outcome);
  }

  function succeed(work: Running, handlers: number, stale: boolean): void {
    reports.handled(work, handlers, stale);
    end(work, undefined);
  }

  function fail(work: Running, error: ChathooksError): void {
    reports.failed(work, error);
    end(work, error);
  }

  async function run(work: Running): Promise<void> {
    if (work.over) return;
    const { event } = work;
    work.startedAt = performance.now();
    const wanted = handlers.of(event.type);
    if (event.type === 'unknown') reports.unknown(event, wanted.length > 0, work.startedAt);
    if (wanted.length === 0) return succeed(work, 0, false);
    let dispatched = false;
    try {
      // Only promises are awaited: the path is short where the store and the handlers answer at once.
      const claiming = claims.claim(event.id);
      const claim = isPromise(claiming) ? await claiming : claiming;
      if (claim.state === 'done') {
        reports.duplicate(event, work.startedAt);
        return end(work, undefined);
      }
      if (claim.state === 'in-flight') {
        reports.duplicate(event, work.startedAt);
        return fail(work, new ChathooksError('in_flight', 'Another process is handling the event'));
      }
      if (claim.state === 'fresh') work.token = claim.token;
      const marking = markStale(event, claims);
      const marked = isPromise(marking) ? await marking : marking;
      if (closed) return await giveUp(work, closed);
      const stale = marked !== event;
      const list = stale && staleStatus === 'drop' ? [] : wanted;
      dispatched = true;
      work.deadlineMs = clock.now() + handlerTimeoutMs;
      const working = dispatch(marked, list, work);
      if (isPromise(working)) {
        watch.begin(work);
        await working;
        watch.end(work);
      }
      if (work.over) return;
      await settle(work);
      succeed(work, list.length, stale);
    } catch (cause) {
      watch.end(work);
      if (!work.over) await giveUp(work, dispatched ? handlerFailed(event, cause) : storeFailed(cause));
    }
  }

  /** Marks the event as done: it is not to come again. */
  function settle(work: Running): unknown {
    return work.token === undefined ? undefined : claims.complete(work.event.id, work.token);
  }

  /** Lets the event come again: its handlers failed, or are not to be waited for. */
  async function giveUp(work: Running, error: ChathooksError): Promise<void> {
    work.over = true;
    // Without an inbox, nobody is left to try what was refused for good; from an inbox it may be brought back.
    if (error.code === 'permanent_failure' && !work.origin.trial) await settle(work);
    else if (work.token !== undefined) await claims.release(work.event.id, work.token);
    // While the store was being waited for, `drain` may have ended it.
    if (running.get(work.event.id) === work) fail(work, error);
  }

  function shareOutcome(event: ChatEvent, outcome: Outcome): Outcome {
    if (outcome === undefined) reports.duplicate(event, performance.now());
    return outcome;
  }
}

function handlerFailed(event: ChatEvent, cause: unknown): ChathooksError {
  return isPermanent(cause)
    ? new ChathooksError('permanent_failure', `A handler of ${event.type} refused the event for good`, { cause })
    : new ChathooksError('handler_failed', `A handler of ${event.type} failed`, { cause });
}

const storeFailed = (cause: unknown) => new ChathooksError('store_unavailable', 'The dedup store failed', { cause });
