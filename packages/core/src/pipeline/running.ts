import { type Awaitable, isPromise } from '../awaitable.ts';
import type { ChathooksError } from '../errors.ts';
import type { ChatEvent } from '../events/event.ts';
import type { Origin, Work } from './dispatch.ts';

/** Why an event must be tried again, or is not to be; `undefined` when it is done. */
export type Outcome = ChathooksError | undefined;

/** An event that this process works on. */
export interface Running extends Work {
  ended: boolean;
  /** Told what became of it. */
  readonly end: (outcome: Outcome) => void;
  /** For others who wait for it: another delivery of the same event, the next one of its lane, the shutdown. */
  waiting: { readonly promise: Promise<Outcome>; readonly resolve: (outcome: Outcome) => void } | undefined;
}

/** Begins the record of an event's way. */
export function toWork(event: ChatEvent, key: string, origin: Origin, end: (outcome: Outcome) => void): Running {
  return {
    event,
    seen: event,
    handlers: [],
    key,
    origin,
    attempt: origin.trial?.attempt ?? 1,
    token: undefined,
    controller: undefined,
    startedAt: 0,
    deadlineMs: 0,
    renewAt: 0,
    leaseLost: false,
    stale: false,
    over: false,
    ended: false,
    end,
    waiting: undefined,
  };
}

/** A promise of what becomes of an event. */
export function outcomeOf(work: Running): Promise<Outcome> {
  work.waiting ??= Promise.withResolvers();
  return work.waiting.promise;
}

/** Takes a step, and the next one with what came of it. */
export function goOn<T>(
  work: Running,
  step: (work: Running) => Awaitable<T>,
  next: (work: Running, result: T) => void,
  failed: (work: Running, cause: unknown) => void,
): void {
  let result: Awaitable<T>;
  try {
    result = step(work);
  } catch (cause) {
    failed(work, cause);
    return;
  }
  if (!isPromise(result)) {
    next(work, result);
    return;
  }
  // A handler may return something that is a promise only by half.
  Promise.resolve(result).then(
    (value) => next(work, value),
    (cause: unknown) => failed(work, cause),
  );
}
