import { type Clock, type InboxHandler, type InboxSettings, type InboxVerdict, retryDelay } from '@chathooks/core';
import type { Attendant } from './attendant.ts';
import type { Database } from './database.ts';
import type { Entries, Taken } from './entries.ts';
import type { Owner } from './owners.ts';
import type { Payloads } from './payloads.ts';
import { messageOf } from './sqlite.ts';

/** What a worker needs. */
export interface WorkerOptions {
  readonly database: Database;
  readonly entries: Entries;
  readonly payloads: Payloads;
  readonly owner: Owner;
  readonly settings: Required<InboxSettings>;
  readonly clock: Clock;
  readonly attendant: Attendant;
  readonly handle: InboxHandler;
}

/** Takes entries and has them tried, from its making to its stop. */
export interface Worker {
  /** Takes entries, if there are any and there is room for more. */
  take(): void;
  /** Whether an entry that had to wait may be due. */
  isDue(now: number): boolean;
  /** Whether there are entries that are not settled. */
  isBusy(): boolean;
  /** Takes no more, gives back what was not begun, and resolves when the rest is settled, or cannot be. */
  stop(): Promise<void>;
}

/** The pause before another go at what the file was not ready for. */
const troubleMs = 1_000;

/** Makes a {@link Worker}. */
export function createWorker(options: WorkerOptions): Worker {
  const { database, entries, payloads, owner, settings, clock, attendant, handle } = options;
  const stopped = Promise.withResolvers<void>();
  let stopping = false;
  /** How many entries are being tried, or were but could not be settled. */
  let busy = 0;
  let taking = false;
  let takeAgain = false;
  let nextDue: number | undefined;

  /** What was asked for before, a put or a verdict, is in the same transaction. */
  function take(): void {
    if (stopping || busy >= settings.concurrency) return;
    takeAgain = taking;
    if (!taking) attendant.mind(takeOnce());
  }

  async function takeOnce(): Promise<void> {
    taking = true;
    const taken = await attendant.attend('take events', () => database.write(takeWithin, { isLasting: false }));
    taking = false;
    if (!taken) nextDue = clock.now() + troubleMs;
    else if (stopping) await giveBack(taken);
    else for (const one of taken) attendant.mind(tryAndSettle(one));
    if (takeAgain) take();
  }

  /** Within a transaction. */
  function takeWithin(): readonly Taken[] {
    const count = settings.concurrency - busy;
    if (stopping || count <= 0) return [];
    const now = clock.now();
    const taken = entries.take(owner.hold(now), count, now);
    nextDue = entries.nextDue();
    return taken;
  }

  const giveBack = (list: readonly Taken[]) =>
    attendant.attend('give back events', () =>
      database.write(() => {
        for (const one of list) entries.giveBack(one, false);
      }),
    );

  async function tryAndSettle(taken: Taken): Promise<void> {
    busy += 1;
    const verdict = await judge(taken);
    busy -= 1;
    const settling = settle(taken, verdict);
    database.announce();
    if (await settling) return;
    busy += 1;
    while (!stopping) {
      await pause();
      if (await settle(taken, verdict)) break;
    }
    busy -= 1;
    take();
  }

  async function judge({ payload, attempt }: Taken): Promise<InboxVerdict> {
    try {
      const entry = payloads.read(payload);
      return await handle(entry, { attempt, last: attempt >= settings.attempts });
    } catch (error) {
      return { state: 'failed', permanent: false, reason: { code: 'internal_error', message: messageOf(error) } };
    }
  }

  /** @returns whether it is on record; that it is somebody else's by now counts too */
  async function settle(taken: Taken, verdict: InboxVerdict): Promise<boolean> {
    const settled = await attendant.attend('settle an event', () =>
      database.write(
        () => {
          settleWithin(taken, verdict);
          return true;
        },
        // An entry that is there again after a loss of power was handled as far as the dedup store knows.
        { isLasting: verdict.state === 'failed' },
      ),
    );
    return settled ?? false;
  }

  /** Within a transaction. */
  function settleWithin(taken: Taken, verdict: InboxVerdict): void {
    const now = clock.now();
    if (verdict.state === 'done') entries.done(taken);
    else if (verdict.state === 'postponed') {
      if (stopping) entries.giveBack(taken, false);
      else entries.delay(taken, now + verdict.delayMs, false);
    } else if (verdict.permanent || taken.attempt >= settings.attempts) entries.setAside(taken, now, verdict.reason);
    else entries.delay(taken, now + retryDelay(settings, taken.attempt), true);
  }

  function pause(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = clock.setTimeout(resolve, troubleMs);
    return Promise.race([promise, stopped.promise]).finally(cancel);
  }

  return {
    take,
    isDue: (now) => nextDue !== undefined && nextDue <= now,
    isBusy: () => busy > 0,
    async stop() {
      stopping = true;
      stopped.resolve();
      await attendant.settled();
    },
  };
}
