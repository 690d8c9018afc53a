import {
  ChathooksError,
  type Clock,
  consoleLogger,
  type Inbox,
  type InboxHandler,
  type InboxSettings,
  inboxSettings,
  type Logger,
  systemClock,
} from '@chathooks/core';
import { createAttendant } from './attendant.ts';
import { openDatabase } from './database.ts';
import { createEntries } from './entries.ts';
import { createFailedEntries } from './failed.ts';
import { createLookout } from './lookout.ts';
import { checkDuration, checkOptions, type SqliteFileOptions } from './options.ts';
import { createOwner } from './owners.ts';
import { createPayloads, toNewEntry } from './payloads.ts';
import { createWorker } from './worker.ts';

/** Options of {@link sqliteInbox}. */
export interface SqliteInboxOptions extends SqliteFileOptions, InboxSettings {
  /**
   * How long a process that gives no sign of life keeps the events that it was trying, in milliseconds. It gives one as
   * long as it can; one that is known to be dead is not waited for.
   *
   * @defaultValue 30000
   */
  readonly leaseMs?: number;
  /**
   * How often it is looked for events of other processes, and for those whose pause is over, in milliseconds. Events of
   * this process are seen at once.
   *
   * @defaultValue 100
   */
  readonly pollMs?: number;
  /** @defaultValue warnings and errors on the console; `false` for silence */
  readonly logger?: Logger | false;
  readonly clock?: Clock;
}

/** Lists every option, held to the type by the compiler. */
const optionNames = Object.keys({
  file: 0,
  synchronous: 0,
  maxBytes: 0,
  leaseMs: 0,
  pollMs: 0,
  logger: 0,
  clock: 0,
  attempts: 0,
  retryDelayMs: 0,
  maxRetryDelayMs: 0,
  concurrency: 0,
  maxPending: 0,
  keepFailedMs: 0,
} satisfies Record<keyof SqliteInboxOptions, 0>);

/**
 * An inbox in a file, for any number of processes on one machine.
 *
 * @throws ChathooksError `invalid_option`, `unknown_option`; `missing_dependency` when Node has no `node:sqlite`
 * @example
 * ```ts
 * const file = 'data/chathooks.sqlite';
 * const receiver = createReceiver({ inbox: sqliteInbox({ file }), dedup: sqliteDedup({ file }), onMessageInbound });
 * ```
 */
export function sqliteInbox(options: SqliteInboxOptions): Inbox {
  checkOptions(options, optionNames);
  const { leaseMs = 30_000, pollMs = 100, clock = systemClock, logger = consoleLogger } = options;
  checkDuration('leaseMs', leaseMs);
  checkDuration('pollMs', pollMs);
  const settings = inboxSettings(options);
  const database = openDatabase(options, { unavailable: 'inbox_unavailable', full: 'inbox_full' });
  const payloads = createPayloads(database.prepare);
  const entries = createEntries(database, payloads, settings);
  const failed = createFailedEntries(database, payloads, { keepFailedMs: settings.keepFailedMs, now: clock.now });
  const attendant = createAttendant(logger === false ? { warn() {}, error() {} } : logger);
  let working: Promise<Working> | undefined;
  let stopping: Promise<void> | undefined;

  async function begin(handle: InboxHandler): Promise<Working> {
    database.assertOpen();
    const owner = createOwner({ database, leaseMs, now: clock.now, abandoned });
    try {
      await database.write(() => owner.hold(clock.now()), { isLasting: false });
      await owner.takeOver({ all: true });
      await failed.sweep();
    } catch (error) {
      owner.vanish();
      throw error;
    }
    const worker = createWorker({ database, entries, payloads, owner, settings, clock, attendant, handle });
    const endAnnouncements = database.onAnnounce(worker.take);
    const endLookout = createLookout({ database, owner, worker, failed, clock, attendant, pollMs, leaseMs });
    worker.take();
    return {
      async end() {
        endLookout();
        endAnnouncements();
        await worker.stop();
        await attendant.attend('give back what it had', owner.retire);
        owner.vanish();
        database.announce();
      },
    };
  }

  /** Within a transaction. An entry whose process dies with it, again and again, is set aside like one that fails. */
  function abandoned(owner: number): void {
    for (const taken of entries.ownedBy(owner)) {
      if (taken.attempt < settings.attempts) entries.giveBack(taken, true);
      else
        entries.setAside(taken, clock.now(), {
          code: 'handler_failed',
          message: 'Its process ended during the last try',
        });
    }
  }

  return {
    async put(list) {
      if (list.length === 0) return;
      const rows = list.map(toNewEntry);
      const storing = database.write(() => entries.put(rows));
      database.announce();
      await storing;
    },
    async start(handle) {
      if (working) {
        throw new ChathooksError(
          'invalid_option',
          'The inbox was started already, expected stop() before another start()',
        );
      }
      working = begin(handle);
      try {
        await working;
      } catch (error) {
        working = undefined;
        throw error;
      }
    },
    stop,
    failed: {
      list: failed.list,
      async retry(id) {
        const retrying = database.write(() => {
          if (failed.find(id) === undefined) return false;
          entries.putBack(id);
          failed.remove(id);
          return true;
        });
        database.announce();
        return retrying;
      },
      discard: (id) =>
        database.write(() => {
          const payload = failed.find(id);
          if (payload === undefined) return false;
          payloads.remove(payload);
          failed.remove(id);
          return true;
        }),
    },
    async counts() {
      await failed.sweep();
      const { pending, failed: setAside } = database.read(() => database.totals.read());
      return { pending, failed: setAside };
    },
    async close() {
      await stop();
      await database.close();
    },
  };

  function stop(): Promise<void> {
    stopping ??= end().finally(() => {
      stopping = undefined;
    });
    return stopping;
  }

  async function end(): Promise<void> {
    const one = await working?.catch(() => undefined);
    await one?.end();
    working = undefined;
  }
}

interface Working {
  end(): Promise<void>;
}
