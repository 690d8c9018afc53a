import { type Clock, systemClock } from './clock.ts';
import { memoryDedup } from './dedup/memory.ts';
import type { DedupStore } from './dedup/store.ts';
import { ChathooksError } from './errors.ts';
import { type Handlers, handlerNames } from './handlers.ts';
import type { Inbox } from './inbox/inbox.ts';
import { consoleLogger, type Logger, neverThrowing, silentLogger } from './logger.ts';
import type { Environment, ProviderFactory } from './providers/factory.ts';
import type { Provider } from './providers/provider.ts';

/** Limits on what a delivery may be. */
export interface Limits {
  /** @defaultValue what the vendor may send, WhatsApp Cloud 3 MiB; 1048576, 1 MiB, for most */
  readonly bodyBytes?: number;
  /** How deep the JSON may nest. @defaultValue 64 */
  readonly depth?: number;
  /** How many events one delivery may hold. @defaultValue 30000, more than fit into Meta's 3 MB */
  readonly events?: number;
}

/** How events are known again. */
export interface DedupSettings {
  /** @defaultValue `memoryDedup()`: this process only, gone at its end */
  readonly store?: DedupStore;
  /**
   * With `'channel'`, what several providers tell of one message counts as one event: the first to tell is handled. For a
   * business that receives the same messages from a CRM vendor and from the platform itself. Goes by the channel's own id of
   * the message, where that is unique in the channel: those of WhatsApp, Messenger and Instagram. Edits and reactions, which
   * may come more than once, and what is not `live`, each provider tells for itself.
   *
   * @defaultValue none: each provider's events are its own
   */
  readonly across?: 'channel';
}

/** How events are handled: what a receiver and a worker have in common. */
export interface HandlingSettings {
  /**
   * Remembers what was handled: a store, or {@link DedupSettings}. Closed with the receiver or worker: give each its own.
   *
   * @defaultValue `memoryDedup()`: this process only, gone at its end
   */
  readonly dedup?: DedupStore | DedupSettings;
  /** How long an event stays claimed without a sign of life; renewed while its handlers run. @defaultValue 30000 */
  readonly leaseMs?: number;
  /** How long a handled event is remembered. @defaultValue 604800000, 7 days */
  readonly rememberMs?: number;
  /** After which time a handler counts as failed. @defaultValue 60000 */
  readonly handlerTimeoutMs?: number;
  /** How long a call to the dedup store or the inbox may take before it counts as failed. @defaultValue 5000 */
  readonly storeTimeoutMs?: number;
  /**
   * When the dedup store fails: refuse events (503, or, from an inbox, a later try), or handle them without it, perhaps
   * twice.
   *
   * @defaultValue `'reject'`
   */
  readonly onStoreError?: 'reject' | 'process';
  /** What becomes of a status older than one already seen: passed on with `stale: true`, or left out. @defaultValue `'mark'` */
  readonly staleStatus?: 'mark' | 'drop';
  /** @defaultValue warnings and errors on the console; `false` for silence */
  readonly logger?: Logger | false;
  readonly clock?: Clock;
}

/** Options of a receiver, beside the handlers. */
export interface ReceiverSettings extends HandlingSettings {
  /**
   * The platforms to receive from.
   *
   * @defaultValue every provider whose secret is in the environment: `WEXIO_WEBHOOK_SECRET`, …
   */
  readonly providers?: readonly Provider[];
  /** Where the routes begin, below the point where the receiver is mounted. @defaultValue `'/webhooks'` */
  readonly path?: string;
  /**
   * Keeps events between the reply and the handlers: a delivery is acknowledged when it is stored.
   * Stopped and closed with the receiver: give each receiver and worker its own.
   *
   * @defaultValue none: a delivery is acknowledged when its handlers have succeeded
   */
  readonly inbox?: Inbox;
  /**
   * Whether this process handles what is in the inbox, from the start. With `false` it only fills the inbox, until
   * {@link Receiver.start}, for other processes that handle.
   *
   * @defaultValue `true`
   */
  readonly process?: boolean;
  /**
   * How many events of one delivery are handled at a time, without an inbox: a batch may hold a thousand. Of no effect with
   * an inbox, which has a `concurrency` of its own.
   *
   * @defaultValue 100
   */
  readonly concurrency?: number;
  readonly limits?: Limits;
}

/** Options of {@link createReceiver}: settings and handlers. */
export type ReceiverOptions = ReceiverSettings & Handlers;

/** Options of {@link createWorker}: the inbox, settings and handlers. */
export type WorkerOptions = HandlingSettings &
  Handlers & {
    /** To take events from. Stopped and closed with the worker: give each receiver and worker its own. */
    readonly inbox: Inbox;
  };

/** The settings of handling, filled in. */
export type Handling = Required<Omit<HandlingSettings, 'dedup' | 'logger'>> & {
  readonly store: DedupStore;
  /** Whether what was handled is known to this process only. */
  readonly forgetful: boolean;
  readonly across: DedupSettings['across'];
  readonly logger: Logger;
};

/** Fills in the defaults. */
export function handlingOf(settings: HandlingSettings): Handling {
  const { clock = systemClock, logger = consoleLogger } = settings;
  const { store, across } = dedupOf(settings);
  return {
    clock,
    logger: neverThrowing(logger === false ? silentLogger : logger),
    store: store ?? memoryDedup({ clock }),
    forgetful: store === undefined,
    across,
    leaseMs: settings.leaseMs ?? 30_000,
    rememberMs: settings.rememberMs ?? 7 * 24 * 60 * 60 * 1000,
    handlerTimeoutMs: settings.handlerTimeoutMs ?? 60_000,
    storeTimeoutMs: settings.storeTimeoutMs ?? 5_000,
    onStoreError: settings.onStoreError ?? 'reject',
    staleStatus: settings.staleStatus ?? 'mark',
  };
}

function dedupOf({ dedup = {} }: HandlingSettings): DedupSettings {
  return 'claim' in dedup ? { store: dedup } : dedup;
}

/** Lists every setting, held to the types in both directions by the compiler. */
const handlingNames = {
  dedup: 0,
  leaseMs: 0,
  rememberMs: 0,
  handlerTimeoutMs: 0,
  storeTimeoutMs: 0,
  onStoreError: 0,
  staleStatus: 0,
  logger: 0,
  clock: 0,
} satisfies Record<keyof HandlingSettings, 0>;
const receiverNames = Object.keys({
  providers: 0,
  path: 0,
  ...handlingNames,
  inbox: 0,
  process: 0,
  concurrency: 0,
  limits: 0,
} satisfies Record<keyof ReceiverSettings, 0>);
const workerNames = ['inbox', ...Object.keys(handlingNames)];

const dedupNames = Object.keys({ store: 0, across: 0 } satisfies Record<keyof DedupSettings, 0>);

/** Lists every limit, likewise. */
const limitNames = Object.keys({ bodyBytes: 0, depth: 0, events: 0 } satisfies Record<keyof Limits, 0>);

/**
 * Checks the options of a receiver, for callers without a compiler.
 *
 * @throws {@link ChathooksError} `unknown_option`, `invalid_option`
 */
export function checkOptions(options: ReceiverOptions): void {
  checkHandling(options, receiverNames);
  checkNames(Object.keys(options.limits ?? {}), limitNames, 'limits.');
  checkNumbers({ concurrency: options.concurrency, ...options.limits });
  checkInbox(options.inbox);
  oneOf('process', options.process, [true, false]);
  if (options.process !== undefined && !options.inbox) {
    throw new ChathooksError('invalid_option', 'process is set but there is no inbox: without one, a receiver handles');
  }
}

/**
 * Checks the options of a worker, likewise.
 *
 * @throws {@link ChathooksError} `unknown_option`, `invalid_option`
 */
export function checkWorkerOptions(options: WorkerOptions): void {
  checkHandling(options, workerNames);
  if (!options.inbox)
    throw new ChathooksError('invalid_option', 'A worker has no inbox, expected one to take events from');
  checkInbox(options.inbox);
}

function checkHandling(options: HandlingSettings & Handlers, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new ChathooksError('invalid_option', 'There are no options, expected some, like { onMessageInbound }');
  }
  checkNames(Object.keys(options), [...names, ...handlerNames]);
  const { leaseMs, rememberMs, handlerTimeoutMs, storeTimeoutMs } = options;
  checkNumbers({ leaseMs, rememberMs, handlerTimeoutMs, storeTimeoutMs });
  oneOf('onStoreError', options.onStoreError, ['reject', 'process']);
  oneOf('staleStatus', options.staleStatus, ['mark', 'drop']);
  checkDedup(options);
  if (options.logger !== false) withMethods('logger', options.logger, ['warn', 'error']);
}

function checkDedup({ dedup }: HandlingSettings): void {
  if (typeof dedup === 'object' && dedup !== null && Object.keys(dedup).some((name) => dedupNames.includes(name))) {
    const { store, across } = dedupOf({ dedup });
    checkNames(Object.keys(dedup), dedupNames, 'dedup.');
    oneOf('dedup.across', across, ['channel']);
    withMethods('dedup.store', store, storeMethods);
  } else withMethods('dedup', dedup, storeMethods);
}

const storeMethods = ['claim', 'complete', 'release'];

function checkInbox(inbox: Inbox | undefined): void {
  withMethods('inbox', inbox, ['put', 'start', 'stop']);
}

function checkNumbers(numbers: Readonly<Record<string, number | undefined>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (value === undefined || (Number.isFinite(value) && value > 0)) continue;
    throw new ChathooksError('invalid_option', `${name} is ${value}, expected a number above 0`);
  }
}

function checkNames(names: readonly string[], known: readonly string[], prefix = ''): void {
  const wrong = names.find((name) => !known.includes(name));
  if (wrong === undefined) return;
  const other = nearest(wrong, known);
  throw new ChathooksError(
    'unknown_option',
    `There is no option "${prefix}${wrong}"; ` +
      (other === undefined
        ? `expected one of ${known.map((name) => prefix + name).join(', ')}`
        : `did you mean "${prefix}${other}"?`),
  );
}

function oneOf<T extends string | boolean>(name: string, value: T | undefined, allowed: readonly T[]): void {
  if (value === undefined || allowed.includes(value)) return;
  throw new ChathooksError('invalid_option', `${name} is "${value}", expected one of ${allowed.join(', ')}`);
}

/** What lacks a method would fail with the first delivery, or, in the case of a logger, be silent for ever. */
function withMethods(name: string, value: object | undefined, methods: readonly string[]): void {
  if (value === undefined) return;
  const missing = methods.filter((method) => typeof Reflect.get(Object(value), method) !== 'function');
  if (missing.length === 0) return;
  throw new ChathooksError(
    'invalid_option',
    `${name} has no ${missing.join('() and no ')}(), expected an object with ${methods.join('(), ')}()`,
  );
}

/**
 * Checks the providers, or takes those whose secrets are in the environment.
 *
 * @throws {@link ChathooksError} `no_provider`, `duplicate_provider`, `invalid_option`
 */
export function chooseProviders(
  providers: readonly Provider[] | undefined,
  factories: readonly ProviderFactory<never>[],
  environment: Environment,
): readonly Provider[] {
  if (providers !== undefined && !Array.isArray(providers)) {
    throw new ChathooksError('invalid_option', 'providers is no list, expected one, for example [wexio({ secret })]');
  }
  const chosen = providers ?? factories.flatMap((factory) => factory.fromEnvironment(environment) ?? []);
  if (chosen.length === 0) {
    const variables = factories.flatMap((factory) => factory.environmentVariables).join(', ');
    throw new ChathooksError(
      'no_provider',
      providers
        ? 'providers is empty, expected at least one, for example wexio({ secret })'
        : `There are no providers and no secrets in the environment: pass providers, or set one of ${variables}`,
    );
  }
  if (!chosen.every(isProvider)) {
    throw new ChathooksError(
      'invalid_option',
      'providers holds something that is no provider: expected what wexio({ secret }) or defineProvider({ … }) returns',
    );
  }
  const names = chosen.map((provider) => provider.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return chosen;
  throw new ChathooksError(
    'duplicate_provider',
    `Two providers are named "${twice}", expected different names: give one another name, like { name: "${twice}-eu" }`,
  );
}

/** JavaScript callers forget to call the factory, or pass nothing. */
const isProvider = (value: Partial<Provider> | undefined) => typeof value?.verifier?.verify === 'function';

/** The name that takes the fewest edits to get to; none when most of it would have to be edited. */
function nearest(name: string, names: readonly string[]): string | undefined {
  const edits = (other: string) => editDistance(name.toLowerCase(), other.toLowerCase());
  const best = names.reduce((best, other) => (edits(other) < edits(best) ? other : best));
  return edits(best) <= best.length * 0.7 ? best : undefined;
}

function editDistance(from: string, to: string): number {
  let row = Array.from(to, (_, column) => column + 1);
  let edits = to.length;
  for (const [index, letter] of [...from].entries()) {
    let diagonal = index;
    edits = index + 1;
    row = row.map((above, column) => {
      const replaced = diagonal + (letter === to[column] ? 0 : 1);
      diagonal = above;
      edits = Math.min(replaced, above + 1, edits + 1);
      return edits;
    });
  }
  return edits;
}
