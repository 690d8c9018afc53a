import { type Awaitable, isPromise } from '../awaitable.ts';
import type { ChathooksError } from '../errors.ts';
import type { ChatEvent } from '../events/event.ts';
import type { Handler, HandlerContext } from '../handlers.ts';
import type { Reply } from '../http.ts';
import type { InboxTry } from '../inbox/inbox.ts';

/** What the events of one delivery, or of one try of an inbox, have in common. */
export interface Origin {
  /** Of the secret that verified the delivery. */
  readonly secretName: string;
  /** Of an inbox; none without one, when the vendor is the one who tries again. */
  readonly trial?: InboxTry;
  /** None where the vendor has its reply already, or takes no answers. */
  readonly slot?: ReplySlot;
}

/** Where a handler puts what the vendor is to hear. */
export interface ReplySlot {
  reply: Reply | undefined;
  /** See {@link Provider.toReply}. */
  toReply(content: unknown, event: ChatEvent): Reply | undefined;
}

/** An event on its way through claim, dispatch and settlement. */
export interface Work {
  readonly event: ChatEvent;
  /** The event as its handlers see it: a late status is marked. */
  seen: ChatEvent;
  handlers: readonly Handler[];
  /** What it is claimed by. */
  readonly key: string;
  readonly origin: Origin;
  /** 1 for the first try. */
  readonly attempt: number;
  /** When its turn began, by `performance.now()`. */
  startedAt: number;
  /** When its handlers have to be done, by the clock. */
  deadlineMs: number;
  /** When its lease is to be renewed, by the clock. */
  renewAt: number;
  leaseLost: boolean;
  /** Whether a later status of its message was seen before. */
  stale: boolean;
  /** Whether its handlers are no longer waited for. */
  over: boolean;
  /** Of the claim on the event; none before it, and where the store failed and is done without. */
  token: string | undefined;
  /** Made when somebody asks for the signal, or has something to say through it. */
  controller: AbortController | undefined;
}

/** Tells the handlers, through their signal, that their work is no longer wanted. */
export function abort(work: Work, reason: ChathooksError): void {
  controllerOf(work).abort(reason);
}

function controllerOf(work: Work): AbortController {
  work.controller ??= new AbortController();
  return work.controller;
}

/** A class, because an accessor in an object literal is made for every object anew, which costs as much as a dispatch. */
class Context implements HandlerContext {
  readonly #work: Work;

  constructor(work: Work) {
    this.#work = work;
  }

  get secretName(): string {
    return this.#work.origin.secretName;
  }

  get attempt(): number {
    return this.#work.attempt;
  }

  get deadline(): Date {
    return new Date(this.#work.deadlineMs);
  }

  get signal(): AbortSignal {
    return controllerOf(this.#work).signal;
  }

  /** A function of its own, so that handlers can take it out of the context. */
  get reply(): HandlerContext['reply'] {
    return (content) => answer(this.#work, content);
  }
}

function answer({ origin: { slot }, over, seen }: Work, content: unknown): boolean {
  if (!slot || slot.reply || over) return false;
  slot.reply = slot.toReply(content, seen);
  return slot.reply !== undefined;
}

/**
 * Runs all handlers of an event, each whatever becomes of the others, and waits for those that return promises.
 *
 * @throws what the handler threw or rejected with; an `AggregateError` if there were several
 */
export function dispatch(work: Work): Awaitable<unknown> {
  const { seen, handlers } = work;
  const context = new Context(work);
  const [only] = handlers;
  if (only && handlers.length === 1) return only(seen, context);
  const results = handlers.map((handler) => call(handler, seen, context));
  return results.some(isPromise) ? Promise.all(results).then(throwFailures) : throwFailures(results);
}

interface Failure {
  readonly error: unknown;
}

function call(handler: Handler, event: ChatEvent, context: HandlerContext): Awaitable<Failure | undefined> {
  try {
    const result = handler(event, context);
    if (!isPromise(result)) return undefined;
    return Promise.resolve(result).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
  } catch (error) {
    return { error };
  }
}

function throwFailures(results: readonly Awaitable<Failure | undefined>[]): void {
  const errors = results.flatMap((result) => (result && 'error' in result ? [result.error] : []));
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, `${errors.length} handlers failed`);
}
