import { isPromise } from '../awaitable.ts';
import type { Clock } from '../clock.ts';
import { diagnostics } from '../diagnostics.ts';
import { ChathooksError, type ErrorCode } from '../errors.ts';
import type { ChatEvent } from '../events/event.ts';
import { eventRef } from '../events/ref.ts';
import type { HandlerRegistry } from '../handlers.ts';
import { type ClaimOptions, createClaims } from './claim.ts';
import { dispatch, type Work } from './dispatch.ts';
import { markStale } from './mark-stale.ts';
import { createWatch } from './watch.ts';

/** Why an event must be delivered again; `undefined` when it is done. */
export type Outcome = ErrorCode | undefined;

/** What processing needs. */
export interface ProcessOptions extends ClaimOptions {
  readonly handlers: HandlerRegistry;
  readonly clock: Clock;
  readonly handlerTimeoutMs: number;
  readonly staleStatus: 'mark' | 'drop';
}

/** Claims, dispatches and settles events. */
export interface Processor {
  /**
   * @param secretName - of the secret that verified the delivery
   * @returns what became of the event; never rejects
   */
  process(event: ChatEvent, secretName: string): Promise<Outcome>;
  /**
   * Waits until nothing runs. What runs after `graceMs` is stopped and released; what the store keeps waiting even then
   * is left to its lease.
   */
  drain(graceMs: number): Promise<void>;
}

/** An event that this process works on. */
interface Running extends Work {
  /** When its turn began. */
  startedAt: number;
  /** What the delivery, and every other one of the same event, waits for. */
  readonly outcome: Promise<Outcome>;
  readonly resolve: (outcome: Outcome) => void;
  over: boolean;
}

/** How long the store may take to release what {@link Processor.drain} has stopped. */
const releaseMs = 1_000;

/** Makes a {@link Processor}. */
export function createProcessor(options: ProcessOptions): Processor {
  const { handlers, clock, logger, staleStatus } = options;
  /** A second delivery of an event waits for the first and shares its outcome. */
  const running = new Map<string, Running>();
  /** The last event of every ordering key: the next one waits for it. */
  const lanes = new Map<string, Promise<Outcome>>();
  const claims = createClaims(options);
  const watch = createWatch<Running>({ ...options, claims, giveUp });
  /** Set when the grace of {@link Processor.drain} is over. */
  let closed: ChathooksError | undefined;

  return {
    process(event, secretName) {
      const first = running.get(event.id);
      if (first) return first.outcome.then((outcome) => shareOutcome(event, outcome));
      return begin(event, secretName);
    },
    async drain(graceMs) {
      let cancel = clock.setTimeout(() => {
        const reason = new ChathooksError('shutting_down', 'The receiver closed before the handlers had settled');
        closed = reason;
        watch.stopAll(reason);
        cancel = clock.setTimeout(() => {
          for (const work of running.values()) end(work, failed(work, reason));
        }, releaseMs);
      }, graceMs);
      while (running.size > 0) await Promise.all(Array.from(running.values(), ({ outcome }) => outcome));
      cancel();
      watch.close();
    },
  };

  function begin(event: ChatEvent, secretName: string): Promise<Outcome> {
    const { id, orderingKey: lane } = event;
    const { promise: outcome, resolve } = Promise.withResolvers<Outcome>();
    const work: Running = {
      event,
      secretName,
      token: undefined,
      controller: undefined,
      startedAt: 0,
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

  async function run(work: Running): Promise<void> {
    if (work.over) return;
    const { event } = work;
    work.startedAt = performance.now();
    const wanted = handlers.of(event.type);
    if (event.type === 'unknown') reportUnknown(event, wanted.length > 0, work.startedAt);
    if (wanted.length === 0) return end(work, handled(work, event, 0));
    let dispatched = false;
    try {
      // Only promises are awaited: the path is short where the store and the handlers answer at once.
      const claiming = claims.claim(event.id);
      const claim = isPromise(claiming) ? await claiming : claiming;
      if (claim.state === 'in-flight' || claim.state === 'done') {
        return end(work, duplicate(event, claim.state, work.startedAt));
      }
      if (claim.state === 'fresh') work.token = claim.token;
      const marking = markStale(event, claims);
      const marked = isPromise(marking) ? await marking : marking;
      if (closed) return await giveUp(work, closed);
      const list = marked !== event && staleStatus === 'drop' ? [] : wanted;
      dispatched = true;
      const working = dispatch(marked, list, work);
      if (isPromise(working)) {
        watch.begin(work);
        await working;
        watch.end(work);
      }
      if (work.over) return;
      if (work.token !== undefined) {
        const completing = claims.complete(event.id, work.token);
        if (isPromise(completing)) await completing;
      }
      end(work, handled(work, marked, list.length));
    } catch (cause) {
      watch.end(work);
      if (!work.over) await giveUp(work, dispatched ? handlerFailed(event, cause) : storeFailed(cause));
    }
  }

  /** Lets the event come again: its handlers failed, or are not to be waited for. */
  async function giveUp(work: Running, error: ChathooksError): Promise<void> {
    work.over = true;
    if (work.token !== undefined) await claims.release(work.event.id, work.token);
    // While the store was being waited for, `drain` may have ended it.
    if (running.get(work.event.id) === work) end(work, failed(work, error));
  }

  function shareOutcome(event: ChatEvent, outcome: Outcome): Outcome {
    return outcome === undefined ? duplicate(event, 'done', performance.now()) : outcome;
  }

  function duplicate(event: ChatEvent, state: 'in-flight' | 'done', startedAt: number): Outcome {
    const channel = diagnostics['chathooks:duplicate'];
    if (channel.hasSubscribers) channel.publish(describe(event, startedAt));
    if (state === 'done') return undefined;
    const { provider, connection, type, providerEvent } = event;
    logger.debug?.(
      { provider, connection, type, providerEvent, eventRef: eventRef(event.id), code: 'in_flight' },
      'in_flight: another process has the event, so the vendor is asked to deliver it again',
    );
    return 'in_flight';
  }

  function handled({ event, startedAt }: Running, marked: ChatEvent, handlers: number): undefined {
    const channel = diagnostics['chathooks:handled'];
    if (channel.hasSubscribers) {
      channel.publish({ ...describe(event, startedAt), handlers, stale: marked !== event });
    }
  }

  function failed({ event, startedAt }: Running, error: ChathooksError): ErrorCode {
    const { code } = error;
    const { provider, connection, type, providerEvent } = event;
    logger.error(
      { provider, connection, type, providerEvent, eventRef: eventRef(event.id), code, error },
      `${code}: the vendor is asked to deliver the event again`,
    );
    const channel = diagnostics['chathooks:failed'];
    if (channel.hasSubscribers) channel.publish({ ...describe(event, startedAt), code, error });
    return code;
  }

  function reportUnknown(event: ChatEvent<'unknown'>, wanted: boolean, startedAt: number): void {
    const channel = diagnostics['chathooks:unknown'];
    if (channel.hasSubscribers) channel.publish(describe(event, startedAt));
    if (wanted) return;
    const { provider, connection, providerEvent, data } = event;
    logger.warn(
      { provider, connection, providerEvent, ...data },
      'A verified event is unknown and nobody handles it: add onUnknown to see such events',
    );
  }
}

const handlerFailed = (event: ChatEvent, cause: unknown) =>
  new ChathooksError('handler_failed', `A handler of ${event.type} failed`, { cause });

const storeFailed = (cause: unknown) => new ChathooksError('store_unavailable', 'The dedup store failed', { cause });

const describe = (event: ChatEvent, startedAt: number) => ({
  provider: event.provider,
  connection: event.connection,
  eventId: event.id,
  type: event.type,
  providerEvent: event.providerEvent,
  durationMs: performance.now() - startedAt,
});
