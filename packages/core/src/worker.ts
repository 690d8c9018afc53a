import { attempt } from './awaitable.ts';
import type { Clock } from './clock.ts';
import { ChathooksError } from './errors.ts';
import type { EventType } from './events/catalog.ts';
import { createHandlerRegistry, type Handler, type HandlerRegistry, type Unsubscribe } from './handlers.ts';
import type { Inbox } from './inbox/inbox.ts';
import type { Logger } from './logger.ts';
import { checkWorkerOptions, type Handling, handlingOf, type WorkerOptions } from './options.ts';
import { createProcessor, type Processor, releaseMs } from './pipeline/process.ts';
import { createTimeLimit } from './pipeline/time-limit.ts';
import { createWorking } from './pipeline/work.ts';

/** Handles what is in an inbox, without receiving anything. */
export interface Worker {
  /**
   * Begins to take events from the inbox, and holds the process open until {@link Worker.close}. Called again, it tells the
   * same.
   *
   * @throws {@link ChathooksError} `inbox_unavailable` when the inbox cannot be reached: it may be called again then;
   * `invalid_option` when there is no handler
   */
  start(): Promise<void>;
  /** Adds a handler of one event type, or, with `'*'`, of all. Add them before the start: what nobody handles is dropped. */
  on<T extends EventType>(type: T | '*', handler: Handler<T>): Unsubscribe;
  /**
   * Takes no more events, waits for what runs, and closes the inbox and the dedup store.
   *
   * @param options.graceMs - after which time to stop what still runs; its events go back at once, so that another process
   * can have them. Default 10000
   * @throws what the inbox or the store throws when it cannot be closed, after all else was done
   */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}

/**
 * Makes a worker, for a process of its own: web processes receive and fill the inbox (`process: false`), workers handle.
 *
 * @throws {@link ChathooksError} `unknown_option`, `invalid_option`
 * @example
 * ```ts
 * const worker = createWorker({ inbox, dedup, onMessageInbound: async ({ data }) => { await crm.addMessage(data.message); } });
 * await worker.start();
 * process.once('SIGTERM', () => worker.close());
 * ```
 */
export function createWorker(options: WorkerOptions): Worker {
  checkWorkerOptions(options);
  const { inbox } = options;
  const handling = handlingOf(options);
  const handlers = createHandlerRegistry(options);
  const processor = createProcessor({ ...handling, handlers });
  const intake = createIntake({ ...handling, inbox, handlers, processor });
  if (handling.forgetful) warnOfMemory(handling.logger);
  // No server holds the process open, and not every inbox does.
  let heldOpen: ReturnType<typeof setInterval> | undefined;
  const letGo = () => {
    clearInterval(heldOpen);
    heldOpen = undefined;
  };
  return {
    async start() {
      heldOpen ??= setInterval(() => {}, 2 ** 30);
      await intake.start().catch((error: unknown) => {
        letGo();
        throw error;
      });
    },
    on: handlers.on,
    async close({ graceMs = 10_000 } = {}) {
      try {
        await intake.stop(graceMs);
        await closeAll([inbox, handling.store], handling.clock);
      } finally {
        letGo();
      }
    },
  };
}

/** The way from the inbox to the handlers. */
export interface Intake {
  /** {@inheritDoc Worker.start} */
  start(): Promise<void>;
  /** As {@link Intake.start}, but tries again until it succeeds. Never throws. */
  keepStarting(): void;
  /** Takes no more events, and waits for what runs. */
  stop(graceMs: number): Promise<void>;
}

/** Makes an {@link Intake}. */
export function createIntake(
  options: Handling & { readonly inbox: Inbox; readonly handlers: HandlerRegistry; readonly processor: Processor },
): Intake {
  const { inbox, handlers, processor, clock, logger } = options;
  const working = createWorking(options);
  let started: Promise<void> | undefined;
  let cancelRestart: (() => void) | undefined;
  let stopping = false;

  async function begin(): Promise<void> {
    if (!handlers.any()) {
      const message =
        'There is no handler, so that events from the inbox would be dropped; expected one, like onMessageInbound';
      throw new ChathooksError('invalid_option', message);
    }
    try {
      await inbox.start(working.try);
    } catch (cause) {
      throw new ChathooksError('inbox_unavailable', 'The inbox could not be started', { cause });
    }
  }

  function start(): Promise<void> {
    if (stopping)
      return Promise.reject(new ChathooksError('shutting_down', 'A closed receiver or worker cannot start'));
    if (!started) {
      const starting = begin();
      started = starting;
      starting.catch(() => {
        started = undefined;
      });
    }
    return started;
  }

  function keepStarting(delayMs = 1_000): void {
    start().catch((error: unknown) => {
      if (stopping) return;
      logger.error({ code: 'inbox_unavailable', error }, 'The inbox could not be started; it is tried again');
      cancelRestart = clock.setTimeout(() => keepStarting(Math.min(delayMs * 2, 30_000)), delayMs);
    });
  }

  return {
    start,
    keepStarting: () => keepStarting(),
    async stop(graceMs) {
      stopping = true;
      cancelRestart?.();
      working.stop();
      const stopped = Promise.resolve(started)
        .catch(() => {})
        .then(() => inbox.stop());
      await Promise.all([
        processor.drain(graceMs),
        attempt(
          () => createTimeLimit(clock, graceMs + releaseMs)(stopped),
          (error) =>
            logger.error({ error }, 'The inbox did not stop: what it had handed out is due again when its leases end'),
        ),
      ]);
    },
  };
}

/**
 * Closes stores and inboxes, each whatever becomes of the others.
 *
 * @throws what they throw; an `AggregateError` if there were several
 */
export async function closeAll(
  resources: readonly Pick<Inbox, 'close'>[],
  clock: Pick<Clock, 'setTimeout'>,
): Promise<void> {
  const inTime = createTimeLimit(clock, releaseMs);
  const close = async (resource: Pick<Inbox, 'close'>) => inTime(resource.close?.());
  const results = await Promise.allSettled(resources.map(close));
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, 'Neither the inbox nor the dedup store could be closed');
}

/** What was handled must not be forgotten with the process when the events themselves outlive it. */
export function warnOfMemory(logger: Logger): void {
  logger.warn(
    {},
    'There is an inbox but no dedup store: what was handled is known to this process only, and may be handled again',
  );
}
