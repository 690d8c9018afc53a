import { ChathooksError } from '../errors.ts';
import type { ChatEvent } from '../events/event.ts';
import type { Handler, HandlerContext } from '../handlers.ts';
import { isPromise } from '../http.ts';

/** Work that can be told to stop. */
export interface Stoppable {
  readonly signal: AbortSignal;
  /** Tells the work, through its signal, that it is no longer wanted. */
  abort(reason: ChathooksError): void;
  /** Gives the work up: what waits for it gets the reason at once, even if the work never settles. */
  stop(reason: ChathooksError): void;
  /** Waits for the work, or for its end by {@link Stoppable.stop}. */
  wait(work: Promise<unknown>): Promise<void>;
}

/**
 * Makes a {@link Stoppable}; its signal only if somebody asks for it.
 *
 * @param watch - called when there is something to wait for; returns what to call when the wait is over
 */
export function createStoppable(watch: (work: Stoppable) => () => void): Stoppable {
  let controller: AbortController | undefined;
  const work: Stoppable = {
    get signal() {
      controller ??= new AbortController();
      return controller.signal;
    },
    abort(reason) {
      controller ??= new AbortController();
      controller.abort(reason);
    },
    stop: (reason) => work.abort(reason),
    async wait(pending) {
      const stopped = new Promise<never>((_, reject) => {
        work.stop = (reason) => {
          work.abort(reason);
          reject(reason);
        };
      });
      const unwatch = watch(work);
      try {
        await Promise.race([pending, stopped]);
      } finally {
        unwatch();
      }
    },
  };
  return work;
}

/**
 * Runs all handlers of an event, each whatever becomes of the others, and waits for them.
 *
 * @throws {@link ChathooksError} `handler_failed` with the failure, or an `AggregateError` of several, as its cause; or
 * the reason for which the work was stopped
 */
export async function dispatch(
  event: ChatEvent,
  handlers: readonly Handler[],
  context: HandlerContext,
  work: Stoppable,
): Promise<void> {
  const failures: unknown[] = [];
  const pending: Promise<unknown>[] = [];
  for (const handler of handlers) {
    try {
      const result = handler(event, context);
      if (isPromise(result)) pending.push(Promise.resolve(result).catch((error: unknown) => failures.push(error)));
    } catch (error) {
      failures.push(error);
    }
  }
  if (pending.length > 0) await work.wait(Promise.all(pending));
  if (failures.length === 0) return;
  const cause =
    failures.length === 1 ? failures[0] : new AggregateError(failures, `${failures.length} handlers failed`);
  throw new ChathooksError('handler_failed', `A handler of ${event.type} failed`, { cause });
}
