import type { Clock } from './clock.ts';
import type { DedupStore } from './dedup/store.ts';
import { ChathooksError } from './errors.ts';
import { type Handlers, handlerNames } from './handlers.ts';
import type { Logger } from './logger.ts';
import type { Environment, ProviderFactory } from './providers/factory.ts';
import type { Provider } from './providers/provider.ts';

/** Limits on what a delivery may be. */
export interface Limits {
  /** @defaultValue 1048576, 1 MiB */
  readonly bodyBytes?: number;
  /** How deep the JSON may nest. @defaultValue 64 */
  readonly depth?: number;
  /** How many events one delivery may hold. @defaultValue 5000 */
  readonly events?: number;
}

/** Options of a receiver, beside the handlers. */
export interface ReceiverSettings {
  /**
   * The platforms to receive from.
   *
   * @defaultValue every provider whose secret is in the environment: `WEXIO_WEBHOOK_SECRET`, …
   */
  readonly providers?: readonly Provider[];
  /** Where the routes begin, below the point where the receiver is mounted. @defaultValue `'/webhooks'` */
  readonly path?: string;
  /** Remembers what was handled. @defaultValue `memoryDedup()`: this process only, gone at its end */
  readonly dedup?: DedupStore;
  /** How long an event stays claimed without a sign of life; renewed while its handlers run. @defaultValue 30000 */
  readonly leaseMs?: number;
  /** How long a handled event is remembered. @defaultValue 604800000, 7 days */
  readonly rememberMs?: number;
  /** After which time a handler counts as failed. @defaultValue 60000 */
  readonly handlerTimeoutMs?: number;
  /** When the dedup store fails: answer 503, or handle events without it, perhaps twice. @defaultValue `'reject'` */
  readonly onStoreError?: 'reject' | 'process';
  /** What becomes of a status older than one already seen: passed on with `stale: true`, or left out. @defaultValue `'mark'` */
  readonly staleStatus?: 'mark' | 'drop';
  readonly limits?: Limits;
  /** @defaultValue warnings and errors on the console; `false` for silence */
  readonly logger?: Logger | false;
  readonly clock?: Clock;
}

/** Options of {@link createReceiver}: settings and handlers. */
export type ReceiverOptions = ReceiverSettings & Handlers;

/** Lists every setting, held to the type in both directions by the compiler. */
const settingNames = Object.keys({
  providers: 0,
  path: 0,
  dedup: 0,
  leaseMs: 0,
  rememberMs: 0,
  handlerTimeoutMs: 0,
  onStoreError: 0,
  staleStatus: 0,
  limits: 0,
  logger: 0,
  clock: 0,
} satisfies Record<keyof ReceiverSettings, 0>);

/** Lists every limit, likewise. */
const limitNames = Object.keys({ bodyBytes: 0, depth: 0, events: 0 } satisfies Record<keyof Limits, 0>);

/**
 * Checks option names and numbers, for callers without a compiler.
 *
 * @throws {@link ChathooksError} `unknown_option`, `invalid_option`
 */
export function checkOptions(options: ReceiverOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw new ChathooksError('invalid_option', 'There are no options, expected some, like { onMessageInbound }');
  }
  checkNames(Object.keys(options), [...settingNames, ...handlerNames]);
  checkNames(Object.keys(options.limits ?? {}), limitNames, 'limits.');
  const numbers = {
    leaseMs: options.leaseMs,
    rememberMs: options.rememberMs,
    handlerTimeoutMs: options.handlerTimeoutMs,
    ...options.limits,
  };
  for (const [name, value] of Object.entries(numbers)) {
    if (value === undefined || (Number.isFinite(value) && value > 0)) continue;
    throw new ChathooksError('invalid_option', `${name} is ${value}, expected a number above 0`);
  }
  oneOf('onStoreError', options.onStoreError, ['reject', 'process']);
  oneOf('staleStatus', options.staleStatus, ['mark', 'drop']);
  withMethods('dedup', options.dedup, ['claim', 'complete', 'release']);
  if (options.logger !== false) withMethods('logger', options.logger, ['warn', 'error']);
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

function oneOf(name: string, value: string | undefined, allowed: readonly string[]): void {
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
