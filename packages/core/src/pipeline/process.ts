import { type Awaitable, isPromise } from '../awaitable.ts';
import type { Clock } from '../clock.ts';
import type { Claim } from '../dedup/store.ts';
import { ChathooksError, isPermanent } from '../errors.ts';
import type { ChatEvent } from '../events/event.ts';
import type { HandlerRegistry } from '../handlers.ts';
import { type ClaimOptions, createClaims, type Unclaimed } from './claim.ts';
import { dispatch, type Origin } from './dispatch.ts';
import { eventKeys } from './keys.ts';
import { markStale } from './mark-stale.ts';
import { type BatchOptions, processAll } from './process-all.ts';
import { createReports } from './report.ts';
import { goOn, type Outcome, outcomeOf, type Running, toWork } from './running.ts';
import { createWatch } from './watch.ts';

/** What processing needs. */
export interface ProcessOptions extends ClaimOptions {
  readonly handlers: HandlerRegistry;
  readonly clock: Clock;
  readonly handlerTimeoutMs: number;
  readonly staleStatus: 'mark' | 'drop';
  /** Whether events of several providers may be one and the same. */
  readonly across: 'channel' | undefined;
}

/** Claims, dispatches and settles events. */
export interface Processor {
  /** @returns what became of the event; never rejects */
  process(event: ChatEvent, origin: Origin): Promise<Outcome>;
  /**
   * Processes the events of one delivery: begins them in their order, `concurrency` at a time, and takes turns with whatever
   * else the process has to do.
   *
   * @param told - what the delivery tells
   * @param toEvent - makes an event of it, when its turn comes: of a large delivery, few are needed at a time
   * @returns what became of those that are not done
   * @throws what `toEvent` throws; what was begun goes on
   */
  processAll<T>(
    told: readonly T[],
    toEvent: (item: T) => ChatEvent,
    origin: Origin,
    options: Omit<BatchOptions, 'stopped'>,
  ): Promise<readonly Outcome[]>;
  /**
   * Waits until nothing runs. What runs after `graceMs` is stopped and released; what the store keeps waiting even then
   * is left to its lease.
   */
  drain(graceMs: number): Promise<void>;
}

/** How long the store may take to release what {@link Processor.drain} has stopped. */
export const releaseMs = 1_000;

/** Makes a {@link Processor}. */
export function createProcessor(options: ProcessOptions): Processor {
  const { handlers, clock, logger, handlerTimeoutMs, staleStatus } = options;
  const keys = eventKeys(options.across);
  /** A second delivery of an event waits for the first and shares its outcome. */
  const running = new Map<string, Running>();
  /** The last event of every ordering key: the next one waits for it. */
  const lanes = new Map<string, Running>();
  /** Deliveries of which events are yet to begin. */
  const batches = new Set<Promise<unknown>>();
  const claims = createClaims(options);
  const reports = createReports(logger);
  const watch = createWatch<Running>({ ...options, claims, giveUp });
  /** Set when the grace of {@link Processor.drain} is over. */
  let closed: ChathooksError | undefined;

  return {
    process: (event, origin) => new Promise((resolve) => begin(event, origin, resolve)),
    processAll(told, toEvent, origin, options) {
      const beginOne = (item: (typeof told)[number], end: (outcome: Outcome) => void) =>
        begin(toEvent(item), origin, end);
      const batch = processAll(told, beginOne, { ...options, stopped: () => closed });
      batches.add(batch);
      return batch.finally(() => batches.delete(batch));
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
      while (running.size + batches.size > 0) {
        await Promise.allSettled([...Array.from(running.values(), outcomeOf), ...batches]);
      }
      cancel();
      watch.close();
    },
  };

  function begin(event: ChatEvent, origin: Origin, whenEnded: (outcome: Outcome) => void): void {
    const key = keys.claim(event);
    const first = running.get(key);
    if (first) {
      void outcomeOf(first).then((outcome) => {
        if (!outcome) reports.duplicate(event, performance.now());
        whenEnded(outcome);
      });
      return;
    }
    const lane = event.orderingKey;
    // Most often nothing runs, and then the key need not be hashed.
    const previous = lane === undefined || lanes.size === 0 ? undefined : lanes.get(lane);
    const work = toWork(event, key, origin, whenEnded);
    // Where the store and the handlers answer at once, the event is over before anybody could ask for it.
    if (!previous) run(work);
    if (work.ended) return;
    running.set(key, work);
    if (lane !== undefined) lanes.set(lane, work);
    if (previous) void outcomeOf(previous).then(() => run(work));
  }

  function end(work: Running, outcome: Outcome): void {
    const { key, event } = work;
    work.over = true;
    work.ended = true;
    if (running.get(key) === work) running.delete(key);
    const { orderingKey: lane } = event;
    if (lane !== undefined && lanes.get(lane) === work) lanes.delete(lane);
    work.waiting?.resolve(outcome);
    work.end(outcome);
  }

  function fail(work: Running, error: ChathooksError): void {
    reports.failed(work, error);
    end(work, error);
  }

  /*
   * The way of an event: run ▸ claimed ▸ marked ▸ handled ▸ settled. Each goes on at once with what is at hand; a promise
   * for every step of every event of a large batch would cost more than the steps.
   */

  function run(work: Running): void {
    if (work.over) return;
    const { event } = work;
    work.startedAt = performance.now();
    work.handlers = handlers.of(event.type);
    const wanted = work.handlers.length > 0;
    if (event.type === 'unknown') reports.unknown(event, wanted, work.startedAt);
    if (wanted) goOn(work, claims.claim, claimed, storeFailed);
    else succeed(work);
  }

  function claimed(work: Running, claim: Claim | Unclaimed): void {
    const { event } = work;
    if (claim.state === 'done') {
      reports.duplicate(event, work.startedAt);
      end(work, undefined);
    } else if (claim.state === 'in-flight') {
      reports.duplicate(event, work.startedAt);
      fail(work, new ChathooksError('in_flight', 'Another process is handling the event'));
    } else {
      if (claim.state === 'fresh') work.token = claim.token;
      goOn(work, mark, marked, storeFailed);
    }
  }

  function mark({ event }: Running): Awaitable<ChatEvent> {
    return markStale(event, keys, claims);
  }

  function marked(work: Running, event: ChatEvent): void {
    if (closed) return void giveUp(work, closed);
    work.stale = event !== work.event;
    work.seen = event;
    if (work.stale && staleStatus === 'drop') work.handlers = [];
    goOn(work, handle, handled, handlerFailed);
  }

  function handle(work: Running): Awaitable<unknown> {
    work.deadlineMs = clock.now() + handlerTimeoutMs;
    const working = dispatch(work);
    if (isPromise(working)) watch.begin(work);
    return working;
  }

  function handled(work: Running): void {
    watch.end(work);
    if (!work.over) goOn(work, settle, succeed, storeFailed);
  }

  /** Marks the event as done: it is not to come again. */
  function settle(work: Running): Awaitable<void> {
    return work.token === undefined ? undefined : claims.complete(work, work.token);
  }

  function succeed(work: Running): void {
    reports.handled(work);
    end(work, undefined);
  }

  function storeFailed(work: Running, cause: unknown): void {
    void giveUp(work, new ChathooksError('store_unavailable', 'The dedup store failed', { cause }));
  }

  function handlerFailed(work: Running, cause: unknown): void {
    watch.end(work);
    const { type } = work.event;
    if (work.over) return;
    const error = isPermanent(cause)
      ? new ChathooksError('permanent_failure', `A handler of ${type} refused the event for good`, { cause })
      : new ChathooksError('handler_failed', `A handler of ${type} failed`, { cause });
    void giveUp(work, error);
  }

  /** Lets the event come again: its handlers failed, or are not to be waited for. */
  async function giveUp(work: Running, error: ChathooksError): Promise<void> {
    work.over = true;
    // Without an inbox, nobody is left to try what was refused for good; from an inbox it may be brought back.
    if (error.code === 'permanent_failure' && !work.origin.trial) await settle(work);
    else if (work.token !== undefined) await claims.release(work, work.token);
    // While the store was being waited for, `drain` may have ended it.
    if (!work.ended) fail(work, error);
  }
}
