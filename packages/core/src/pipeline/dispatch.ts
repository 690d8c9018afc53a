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

/**
 * Runs all handlers of an event, each whatever becomes of the others, and waits for those that return promises.
 *
 * @param begin - called when there is something to wait for; returns what to call when the wait is over
 * @throws {@link ChathooksError} `handler_failed` with the failure, or an `AggregateError` of several, as its cause; or
 * the reason for which the work was stopped
 */
export function dispatch(
  event: ChatEvent,
  handlers: readonly Handler[],
  secretName: string,
  begin: (work: Work) => () => void,
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
      if (isPromise(result)) pending.push(result);
    } catch (error) {
      failures.push(error);
    }
  }
  if (pending.length === 0) {
    if (failures.length > 0) throw failureOf(event, failures);
    return;
  }
  return new Promise((resolve, reject) => {
    const abort = (reason: ChathooksError) => control().abort(reason);
    const stop = (reason: ChathooksError) => {
      end();
      abort(reason);
      reject(reason);
    };
    const end = begin({ abort, stop });
    let open = pending.length;
    const settled = () => {
      open--;
      if (open > 0) return;
      end();
      if (failures.length > 0) reject(failureOf(event, failures));
      else resolve();
    };
    const failed = (error: unknown) => {
      failures.push(error);
      settled();
    };
    // Promise.resolve holds what merely looks like a promise to the rules: it settles once and never throws.
    for (const promise of pending) Promise.resolve(promise).then(settled, failed);
  });
}

function failureOf(event: ChatEvent, failures: readonly unknown[]): ChathooksError {
  const cause =
    failures.length === 1 ? failures[0] : new AggregateError(failures, `${failures.length} handlers failed`);
  return new ChathooksError('handler_failed', `A handler of ${event.type} failed`, { cause });
}
