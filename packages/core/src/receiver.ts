import { isPromise } from './awaitable.ts';
import { diagnostics, type ReceivedDiagnostic } from './diagnostics.ts';
import { ChathooksError, hasErrorCode } from './errors.ts';
import type { EventType } from './events/catalog.ts';
import { createIsoClock } from './events/time.ts';
import { createHandlerRegistry, type Handler, type Unsubscribe } from './handlers.ts';
import type { InboundRequest, Reply } from './http.ts';
import { checkOptions, chooseProviders, handlingOf, type ReceiverOptions } from './options.ts';
import { answerHandshake } from './pipeline/answer-handshake.ts';
import type { Origin, ReplySlot } from './pipeline/dispatch.ts';
import { normalize, toChatEvent } from './pipeline/normalize.ts';
import { parse } from './pipeline/parse.ts';
import { createProcessor } from './pipeline/process.ts';
import { createPuts } from './pipeline/put.ts';
import { readBody } from './pipeline/read-body.ts';
import { replyTo, replyToError } from './pipeline/reply.ts';
import { createRouter, normalizeBasePath, type Route, routePaths } from './pipeline/route.ts';
import { beginTurn, isLong, nextTurn } from './pipeline/turn.ts';
import { VerificationError, verify } from './pipeline/verify.ts';
import * as factories from './providers/index.ts';
import type { ProviderEvent } from './providers/provider.ts';
import { unauthenticated } from './signatures/credentials.ts';
import { closeAll, createIntake, warnOfMemory } from './worker.ts';

/** The pipeline, free of frameworks. */
export interface Receiver {
  /**
   * Answers a request. Never rejects: what goes wrong is answered and logged.
   *
   * @returns `undefined` when the path is not ours, so that the app's next handler can have it
   */
  handle(request: InboundRequest): Promise<Reply | undefined>;
  /**
   * Adds a handler of one event type, or, with `'*'`, of all. Several handlers of a type all run.
   *
   * @remarks
   * A receiver that takes events from an inbox begins to do so when it is made, and what nobody handles is dropped: add
   * handlers in the same turn of the event loop or, with `process: false`, before {@link Receiver.start}.
   *
   * @throws {@link ChathooksError} `unknown_option`, `invalid_option`
   */
  on<T extends EventType>(type: T | '*', handler: Handler<T>): Unsubscribe;
  /**
   * Begins to take events from the inbox. A receiver with an inbox does so by itself, and tries again until the inbox can be
   * reached, unless `process` is `false`; wait for this one to know that it has begun.
   *
   * @throws {@link ChathooksError} `inbox_unavailable` when the inbox cannot be reached; `invalid_option` when there is no
   * inbox or no handler
   */
  start(): Promise<void>;
  /**
   * Refuses new deliveries with 503, takes no more events from the inbox, waits for what runs and what is being stored, and
   * closes the dedup store and the inbox.
   *
   * @param options.graceMs - after which time to stop what still runs; its events are released at once, for redelivery or
   * for another process, for which the store has another second. Default 10000
   * @throws what the inbox or the store throws when it cannot be closed, after all else was done
   */
  close(options?: { readonly graceMs?: number }): Promise<void>;
  /** The paths that are answered, each also with a connection below it: `/webhooks/wexio`. */
  readonly paths: readonly string[];
}

/**
 * Makes a receiver: verifies, normalizes, deduplicates and dispatches what the providers send.
 *
 * @throws {@link ChathooksError} `unknown_option`, `invalid_option`, `no_provider`, `duplicate_provider`, `missing_secret`
 * @example
 * ```ts
 * const receiver = createReceiver({
 *   providers: [wexio({ secret: process.env.WEXIO_SECRET! })],
 *   onMessageInbound: async ({ data }) => { await crm.addMessage(data.message); },
 * });
 * createServer(toNodeHandler(receiver)).listen(3000);
 * ```
 */
export function createReceiver(options: ReceiverOptions): Receiver {
  checkOptions(options);
  const {
    path = '/webhooks',
    concurrency = 100,
    inbox,
    limits: { bodyBytes, depth = 64, events: maxEvents = 30_000 } = {},
  } = options;
  const handling = handlingOf(options);
  const { clock, logger } = handling;
  const providers = chooseProviders(options.providers, Object.values(factories), globalThis.process?.env ?? {});
  const base = normalizeBasePath(path);
  const routeOf = createRouter(base, providers);
  const verifiers = new Map(providers.map((provider) => [provider.name, provider.verifier]));
  const handlers = createHandlerRegistry(options);
  const processor = createProcessor({ ...handling, handlers });
  const intake = inbox && createIntake({ ...handling, inbox, handlers, processor });
  const puts = inbox && createPuts({ ...handling, inbox });
  const isoTime = createIsoClock();
  let closing = false;

  for (const { name, verifier } of providers) {
    if (verifier !== unauthenticated) continue;
    logger.warn({ provider: name }, 'Deliveries of this provider are not authenticated: anybody can forge them');
  }

  async function handle(request: InboundRequest): Promise<Reply | undefined> {
    const route = routeOf(request.path);
    if (!route) return undefined;
    const { provider, connection, pathSecret } = route;
    const startedAt = performance.now();
    try {
      if (request.method !== 'POST') return await answerHandshake(route, request, clock.now(), verifiers);
      // What is at hand is not awaited: a promise more per step costs as much as the step.
      const reading = readBody(request, provider.contentTypes, bodyBytes ?? provider.bodyBytes ?? 1024 * 1024);
      const body = isPromise(reading) ? await reading : reading;
      const now = clock.now();
      let turn = beginTurn();
      const verifying = verify(provider, { request, body, connection, pathSecret, now }, verifiers);
      const secretName = isPromise(verifying) ? await verifying : verifying;
      const delivery = { receivedAt: isoTime(now), connection, header: (name: string) => request.header(name) };
      // Large deliveries take turns with whatever else the process has to do.
      if (isLong(turn)) turn = await nextTurn();
      const payload = parse(provider, body, delivery, depth);
      if (isLong(turn)) turn = await nextTurn();
      const told = normalize(provider, payload, delivery, { logger, maxEvents });
      if (closing) throw new ChathooksError('shutting_down', 'The receiver is closing and takes no deliveries');
      publishReceived(route, { bytes: body.length, events: told.length, secretName }, startedAt);
      const toEvent = (event: ProviderEvent) => toChatEvent(event, provider, delivery);
      if (puts) {
        await puts.put(told.map(toEvent), secretName);
        return replyTo([], provider.success);
      }
      const slot: ReplySlot | undefined = provider.toReply && {
        toReply: provider.toReply.bind(provider),
        reply: undefined,
      };
      const origin: Origin = slot ? { secretName, slot } : { secretName };
      // Most deliveries hold one event.
      const [first] = told;
      const outcomes =
        first && told.length === 1
          ? [await processor.process(toEvent(first), origin)]
          : await processor.processAll(told, toEvent, origin, { concurrency, turn });
      return replyTo(outcomes, slot?.reply ?? provider.success);
    } catch (error) {
      return refuse(error, route, startedAt);
    }
  }

  function publishReceived(
    { provider, connection }: Route,
    about: Pick<ReceivedDiagnostic, 'bytes' | 'events' | 'secretName'>,
    startedAt: number,
  ): void {
    const channel = diagnostics['chathooks:received'];
    if (!channel.hasSubscribers) return;
    channel.publish({ ...about, provider: provider.name, connection, durationMs: performance.now() - startedAt });
  }

  function refuse(error: unknown, { provider, ...route }: Route, startedAt: number): Reply {
    // In a URL that was put together in the wrong order, the secret stands where the connection should.
    const connection = provider.verifier.usesPathSecret ? undefined : route.connection;
    const code = hasErrorCode(error) ? error.code : 'internal_error';
    const reason = error instanceof VerificationError ? error.reason : undefined;
    const reply = replyToError(code);
    const details = { provider: provider.name, connection, code, ...(reason && { reason }) };
    const message = error instanceof Error ? error.message : 'The receiver failed';
    if (code === 'body_aborted') logger.debug?.(details, message);
    else if (reply.status >= 500 || code === 'invalid_body') logger.error({ ...details, error }, message);
    // Anybody can cause these: one line each, without a stack that would tell nothing.
    else logger.warn(details, message);
    const channel = diagnostics['chathooks:refused'];
    if (channel.hasSubscribers) {
      const durationMs = performance.now() - startedAt;
      channel.publish({ provider: provider.name, connection, code, status: reply.status, reason, durationMs });
    }
    return reply;
  }

  const handles = options.process ?? true;
  if (intake && handles) {
    if (!handlers.any()) {
      throw new ChathooksError(
        'invalid_option',
        'There is an inbox but no handler, so that its events would be dropped; expected one, like onMessageInbound, ' +
          'or process: false where another process handles, or where start() is called after handlers were added',
      );
    }
    if (handling.forgetful) warnOfMemory(logger);
    intake.keepStarting();
  }

  return {
    handle,
    on: handlers.on,
    paths: routePaths(base, providers),
    async start() {
      if (!intake)
        throw new ChathooksError('invalid_option', 'There is no inbox to take events from, expected one as inbox');
      if (handling.forgetful && !handles) warnOfMemory(logger);
      await intake.start();
    },
    async close({ graceMs = 10_000 } = {}) {
      closing = true;
      await Promise.all([puts?.drain(graceMs), (intake ?? { stop: processor.drain }).stop(graceMs)]);
      await closeAll(inbox ? [inbox, handling.store] : [handling.store], clock);
    },
  };
}

/** The receiver itself, or one made of options: what every adapter is given. */
export function toReceiver(options: ReceiverOptions | Receiver): Receiver {
  // JavaScript callers may pass nothing; createReceiver says what is wrong with that.
  return options && 'handle' in options ? options : createReceiver(options);
}
