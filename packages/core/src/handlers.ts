import { ChathooksError } from './errors.ts';
import { type EventType, eventTypes } from './events/catalog.ts';
import type { ChatEvent } from './events/event.ts';

/** What a handler gets beside the event. */
export interface HandlerContext {
  /** Aborts when the work is no longer wanted: the handler took too long, lost its lease, or the receiver closes. */
  readonly signal: AbortSignal;
  /** After which the handler counts as failed: `handlerTimeoutMs` from its start. */
  readonly deadline: Date;
  /** Which try of an inbox this is, 1 for the first. Always 1 without an inbox: vendors do not tell. */
  readonly attempt: number;
  /** Name of the secret that verified the delivery: tells when an old secret is no longer in use. */
  readonly secretName: string;
  /**
   * Answers the vendor in the reply to its request, where it acts on that: a Bot API method for Telegram, a welcome message
   * for Viber, TwiML for Twilio. It reaches the vendor once all handlers are done, unless one failed and the vendor is asked to
   * send the delivery again.
   *
   * @returns `false` when it cannot be said: the vendor takes no answers, or none to such an event, another handler has answered, this one is no longer
   * waited for, or there is an inbox, so that the vendor has had its reply; call the vendor's API then
   * @throws {@link ChathooksError} `invalid_reply` when the vendor could not read it
   */
  reply(content: unknown): boolean;
}

/**
 * Handles events. An event is done once every handler of it has returned, or its promise resolved. What a handler throws
 * makes the inbox try again or, without one, the vendor; a {@link PermanentError} does not. Return values are ignored.
 */
export type Handler<T extends EventType = EventType> = (event: ChatEvent<T>, context: HandlerContext) => unknown;

type PascalCase<T extends string> = T extends `${infer Head}.${infer Tail}`
  ? `${Capitalize<Head>}${PascalCase<Tail>}`
  : Capitalize<T>;

/** The option that takes the handler of an event type: `onMessageInbound` for `message.inbound`. */
export type HandlerName<T extends EventType = EventType> = `on${PascalCase<T>}`;

/** A handler per event type. `onEvent` sees every event. */
export type Handlers = { readonly [T in EventType as HandlerName<T>]?: Handler<T> } & {
  readonly onEvent?: Handler;
};

/** Removes a handler. */
export type Unsubscribe = () => void;

/** The handlers of a receiver. */
export interface HandlerRegistry {
  on<T extends EventType>(type: T | '*', handler: Handler<T>): Unsubscribe;
  /** The handlers that want events of a type, in the order of their registration; those of `'*'` come last. */
  of(type: EventType): readonly Handler[];
  /** Whether there is a handler at all. */
  any(): boolean;
}

const handlerTypes = new Map<string, EventType | '*'>([
  ...eventTypes.map((type) => [handlerName(type), type] as const),
  ['onEvent', '*'],
]);

/** The names of all handler options. */
export const handlerNames: readonly string[] = [...handlerTypes.keys()];

function handlerName(type: string): string {
  return `on${type
    .split('.')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')}`;
}

/** One handler, registered once: the same function may be registered again. */
interface Registration {
  readonly handler: Handler;
}

/** Makes a registry, filled with the handlers among `options`. */
export function createHandlerRegistry(options: Handlers): HandlerRegistry {
  const byType = new Map<EventType | '*', readonly Registration[]>();
  let lists = new Map<EventType, readonly Handler[]>();
  const registered = (type: EventType | '*') => byType.get(type) ?? [];

  const add = (type: EventType | '*', handler: unknown): Unsubscribe => {
    if (!isHandler(handler)) {
      throw new ChathooksError('invalid_option', `The handler of "${type}" is ${typeof handler}, expected a function`);
    }
    if (type !== '*' && !eventTypes.includes(type)) {
      throw new ChathooksError(
        'unknown_option',
        `There is no event type "${type}"; expected one of ${eventTypes.join(', ')}`,
      );
    }
    const registration = { handler };
    const change = (registrations: readonly Registration[]) => {
      byType.set(type, registrations);
      lists = new Map();
    };
    change([...registered(type), registration]);
    return () => change(registered(type).filter((other) => other !== registration));
  };

  const byName = new Map<string, unknown>(Object.entries(options));
  for (const [name, type] of handlerTypes) if (byName.get(name) !== undefined) add(type, byName.get(name));

  return {
    on: add,
    of(type) {
      const known = lists.get(type);
      if (known) return known;
      const list = [...registered(type), ...registered('*')].map(({ handler }) => handler);
      lists.set(type, list);
      return list;
    },
    any: () => [...byType.values()].some(({ length }) => length > 0),
  };
}

// A registry hands a handler only events of the type that it was registered for.
const isHandler = (value: unknown): value is Handler => typeof value === 'function';
