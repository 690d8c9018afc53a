import { type Awaitable, isPromise } from '../awaitable.ts';
import { ChathooksError } from '../errors.ts';
import type { ChatEvent } from '../events/event.ts';
import type { Handler, HandlerContext } from '../handlers.ts';

/** Work in progress that can be told to stop. */
export interface Work {
  /** Tells the handlers, through their signal, that their work is no longer wanted. */
  abort(reason: ChathooksError): void;
  /** Gives the work up: what waits for it gets the reason at once, even if a handler never settles. */
  stop(reason: ChathooksError): void;
}

/** Called when there is something to wait for; returns what to call when the wait is over. */
export type Watch = (work: Work) => () => void;

/**
 * Runs all handlers of an event, each whatever becomes of the others, and waits for those that return promises.
 *
 * @throws {@link ChathooksError} `handler_failed` with the failure, or an `AggregateError` of several, as its cause; or
 * the reason for which the work was stopped
 */
export function dispatch(
  event: ChatEvent,
  handlers: readonly Handler[],
  secretName: string,
  watch: Watch,
): Awaitable<void> {
  let controller: AbortController | undefined;
  const control = () => {
    controller ??= new AbortController();
    return controller;
  };
  const context: HandlerContext = {
    secretName,
    get signal() {
      return control().signal;
    },
  };
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
  if (pending.length === 0) return throwFailures(event, failures);
  return waitFor(pending, watch, control).then(() => throwFailures(event, failures));
}

async function waitFor(pending: readonly Promise<unknown>[], watch: Watch, control: () => AbortController) {
  let unwatch = () => {};
  const stopped = new Promise<never>((_, reject) => {
    const abort = (reason: ChathooksError) => control().abort(reason);
    const stop = (reason: ChathooksError) => {
      abort(reason);
      reject(reason);
    };
    unwatch = watch({ abort, stop });
  });
  try {
    await Promise.race([Promise.all(pending), stopped]);
  } finally {
    unwatch();
  }
}

function throwFailures(event: ChatEvent, failures: readonly unknown[]): void {
  if (failures.length === 0) return;
  const cause =
    failures.length === 1 ? failures[0] : new AggregateError(failures, `${failures.length} handlers failed`);
  throw new ChathooksError('handler_failed', `A handler of ${event.type} failed`, { cause });
}
