import { type Awaitable, after, attempt, isPromise } from '../awaitable.ts';
import { diagnostics } from '../diagnostics.ts';
import { ChathooksError, type ErrorCode, hasErrorCode } from '../errors.ts';
import type { ChatEvent } from '../events/event.ts';
import { eventRef } from '../events/ref.ts';
import type { HandlerRegistry } from '../handlers.ts';
import { type ClaimOptions, createClaims, type Lease } from './claim.ts';
import { dispatch } from './dispatch.ts';
import { markStale } from './mark-stale.ts';
import { createWatch } from './watch.ts';

/** What became of an event. With a `code`, it must be delivered again. */
export interface Outcome {
  readonly verdict: 'handled' | 'duplicate' | 'failed';
  readonly code?: ErrorCode;
}

/** What processing needs. */
export interface ProcessOptions extends ClaimOptions {
  readonly handlers: HandlerRegistry;
  readonly handlerTimeoutMs: number;
  readonly staleStatus: 'mark' | 'drop';
}

/** Claims, dispatches and settles events. */
export interface Processor {
  /**
   * @param secretName - of the secret that verified the delivery
   * @returns what became of the event; never rejects
   */
  process(event: ChatEvent, secretName: string): Awaitable<Outcome>;
  /** Waits until nothing runs, but not longer than `graceMs`: what runs then is stopped and released. */
  drain(graceMs: number): Promise<void>;
}

/** Makes a {@link Processor}. */
export function createProcessor(options: ProcessOptions): Processor {
  const { handlers, clock, logger, staleStatus } = options;
  /** The last event of every ordering key: the next one waits for it. */
  const lanes = new Map<string, Promise<Outcome>>();
  /** Events that this process works on: a second delivery of one waits for the first and shares its outcome. */
  const running = new Map<string, Promise<Outcome>>();
  const claims = createClaims(options);
  const watch = createWatch({ ...options, claims });
  /** Set when the grace of {@link Processor.drain} is over. */
  let closed: ChathooksError | undefined;

  return {
    process(event, secretName) {
      const first = running.get(event.id);
      if (first) return first.then((outcome) => shareOutcome(event, outcome));
      const lane = event.orderingKey;
      const previous = lane === undefined ? undefined : lanes.get(lane);
      const next = () => claim(event, secretName);
      const outcome = previous ? previous.then(next, next) : next();
      return isPromise(outcome) ? track(event, outcome) : outcome;
    },
    async drain(graceMs) {
      const cancel = clock.setTimeout(() => {
        closed = new ChathooksError('shutting_down', 'The receiver closed before the handlers had settled');
        watch.stop(closed);
      }, graceMs);
      while (running.size > 0) await Promise.allSettled(running.values());
      cancel();
      watch.end();
    },
  };

  function track({ id, orderingKey: lane }: ChatEvent, pending: Promise<Outcome>): Promise<Outcome> {
    const outcome = pending.finally(() => {
      running.delete(id);
      if (lane !== undefined && lanes.get(lane) === outcome) lanes.delete(lane);
    });
    running.set(id, outcome);
    if (lane !== undefined) lanes.set(lane, outcome);
    return outcome;
  }

  function claim(event: ChatEvent, secretName: string): Awaitable<Outcome> {
    const startedAt = performance.now();
    const wanted = handlers.of(event.type).length > 0;
    if (event.type === 'unknown') reportUnknown(event, wanted, startedAt);
    if (!wanted) return handled(event, { handlers: 0, stale: false }, startedAt);
    const claiming = attempt(
      () => claims.claim(event.id),
      (error) => failed(event, error, startedAt),
    );
    return after(claiming, (claimed): Awaitable<Outcome> => {
      if (claimed === 'done') return duplicate(event, startedAt);
      if (claimed === 'in-flight') return { ...duplicate(event, startedAt), code: 'in_flight' };
      return 'verdict' in claimed ? claimed : handle(event, claimed, secretName, startedAt);
    });
  }

  function handle(event: ChatEvent, lease: Lease, secretName: string, startedAt: number): Awaitable<Outcome> {
    return attempt(
      () => after(markStale(event, options), (marked) => work(marked, marked !== event, lease, secretName, startedAt)),
      (error) => after(claims.release(lease), () => failed(event, error, startedAt)),
    );
  }

  function work(
    event: ChatEvent,
    stale: boolean,
    lease: Lease,
    secretName: string,
    startedAt: number,
  ): Awaitable<Outcome> {
    if (closed) throw closed;
    const list = stale && staleStatus === 'drop' ? [] : handlers.of(event.type);
    const dispatched = dispatch(event, list, secretName, (begun) => watch.begin(event.type, lease, begun));
    const completed = after(dispatched, () => claims.complete(lease));
    return after(completed, () => handled(event, { handlers: list.length, stale }, startedAt));
  }

  function shareOutcome(event: ChatEvent, outcome: Outcome): Outcome {
    return outcome.code === undefined ? duplicate(event, performance.now()) : outcome;
  }

  function duplicate(event: ChatEvent, startedAt: number): Outcome {
    const channel = diagnostics['chathooks:duplicate'];
    if (channel.hasSubscribers) channel.publish(describe(event, startedAt));
    return duplicateOutcome;
  }

  function handled(event: ChatEvent, result: { handlers: number; stale: boolean }, startedAt: number): Outcome {
    const channel = diagnostics['chathooks:handled'];
    if (channel.hasSubscribers) channel.publish({ ...describe(event, startedAt), ...result });
    return handledOutcome;
  }

  function failed(event: ChatEvent, error: unknown, startedAt: number): Outcome {
    // Only dispatch throws errors of ours; everything else comes from the store.
    const code = hasErrorCode(error) ? error.code : 'store_unavailable';
    const { provider, connection, type, providerEvent } = event;
    logger.error(
      { provider, connection, type, providerEvent, eventRef: eventRef(event.id), code, error },
      `${code}: the vendor is asked to deliver the event again`,
    );
    const channel = diagnostics['chathooks:failed'];
    if (channel.hasSubscribers) channel.publish({ ...describe(event, startedAt), code, error });
    return { verdict: 'failed', code };
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

const handledOutcome: Outcome = { verdict: 'handled' };
const duplicateOutcome: Outcome = { verdict: 'duplicate' };

const describe = (event: ChatEvent, startedAt: number) => ({
  provider: event.provider,
  connection: event.connection,
  eventId: event.id,
  type: event.type,
  providerEvent: event.providerEvent,
  durationMs: performance.now() - startedAt,
});
