import { diagnostics } from '../diagnostics.ts';
import { ChathooksError, type ErrorCode, hasErrorCode } from '../errors.ts';
import type { ChatEvent } from '../events/event.ts';
import { eventRef } from '../events/ref.ts';
import type { HandlerRegistry } from '../handlers.ts';
import { type ClaimOptions, claim, type Lease } from './claim.ts';
import { createStoppable, dispatch, type Stoppable } from './dispatch.ts';
import { createLanes } from './lanes.ts';
import { markStale } from './mark-stale.ts';

/** What became of an event. With a `code`, it must be delivered again. */
export interface Outcome {
  readonly verdict: 'handled' | 'duplicate' | 'dropped' | 'failed';
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
  process(event: ChatEvent, secretName: string): Promise<Outcome>;
  /** Waits until nothing runs, but not longer than `graceMs`: what runs then is stopped and released. */
  drain(graceMs: number): Promise<void>;
}

/** Makes a {@link Processor}. */
export function createProcessor(options: ProcessOptions): Processor {
  const { handlers, clock, logger, handlerTimeoutMs, staleStatus } = options;
  const inLane = createLanes();
  /** Events that this process works on: a second delivery of one waits for the first and shares its outcome. */
  const running = new Map<string, Promise<Outcome>>();
  const waiting = new Set<Stoppable>();

  return {
    process(event, secretName) {
      const first = running.get(event.id);
      if (first) return first.then((outcome) => shareOutcome(event, outcome));
      const outcome = inLane(event.orderingKey, () => run(event, secretName)).finally(() => running.delete(event.id));
      running.set(event.id, outcome);
      return outcome;
    },
    async drain(graceMs) {
      const closing = new ChathooksError('shutting_down', 'The receiver closed before the handler had settled');
      const cancel = clock.setTimeout(() => {
        for (const work of waiting) work.stop(closing);
      }, graceMs);
      while (running.size > 0) await Promise.all(running.values());
      cancel();
    },
  };

  async function run(event: ChatEvent, secretName: string): Promise<Outcome> {
    const startedAt = performance.now();
    const wanted = handlers.of(event.type).length > 0;
    if (event.type === 'unknown') reportUnknown(event, wanted, startedAt);
    if (!wanted) return handled(event, { handlers: 0, stale: false }, startedAt);
    let lease: Lease | undefined;
    try {
      const claimed = await claim(event.id, options);
      if (claimed === 'done') return duplicate(event, startedAt);
      if (claimed === 'in-flight') return { ...duplicate(event, startedAt), code: 'in_flight' };
      lease = claimed;
      const marked = await markStale(event, options);
      const stale = marked !== event;
      if (stale && staleStatus === 'drop') {
        await lease.complete();
        return { verdict: 'dropped' };
      }
      const list = handlers.of(event.type);
      await work(marked, list, lease, secretName);
      await lease.complete();
      return handled(marked, { handlers: list.length, stale }, startedAt);
    } catch (error) {
      await lease?.release();
      return failed(event, error, startedAt);
    }
  }

  function work(event: ChatEvent, list: ReturnType<HandlerRegistry['of']>, lease: Lease, secretName: string) {
    const stoppable = createStoppable((self) => {
      const timeout = `A handler of ${event.type} did not settle within ${handlerTimeoutMs} ms`;
      const lost = `The lease of a ${event.type} was lost`;
      const cancel = clock.setTimeout(
        () => self.stop(new ChathooksError('handler_timeout', timeout)),
        handlerTimeoutMs,
      );
      lease.renew(() => self.abort(new ChathooksError('in_flight', lost)));
      waiting.add(self);
      return () => {
        cancel();
        waiting.delete(self);
      };
    });
    const context = {
      secretName,
      get signal() {
        return stoppable.signal;
      },
    };
    return dispatch(event, list, context, stoppable);
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
