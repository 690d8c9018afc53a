import {
  ChathooksError,
  type Clock,
  type FailedEvent,
  type Inbox,
  type InboxEntry,
  type InboxHandler,
  type InboxSettings,
  type InboxVerdict,
  inboxSettings,
  retryDelay,
} from '@chathooks/core';

/** What would be on a disk or a server: there before the instances, shared by them, and still there after them. */
export interface MemoryStorage {
  rows: Row[];
  failed: FailedEvent[];
  /** What makes the instances look for work. */
  readonly wake: Set<() => void>;
  isDown: boolean;
}

interface Row {
  readonly id: string;
  readonly key: string | undefined;
  readonly text: string;
  tries: number;
  dueAt: number;
  /** The life of an instance that tries it now. */
  owner: object | undefined;
}

export const memoryStorage = (): MemoryStorage => ({ rows: [], failed: [], wake: new Set(), isDown: false });

export interface MemoryInboxOptions extends InboxSettings {
  readonly storage: MemoryStorage;
  readonly clock: Clock;
}

/** An inbox that keeps its contract with as little as possible. For tests of the suite, which also break it. */
export function memoryInbox({ storage, clock, ...options }: MemoryInboxOptions): Inbox & { crash(): void } {
  const settings = inboxSettings(options);
  const running = new Set<Promise<void>>();
  let handle: InboxHandler | undefined;
  let life = {};
  let cancelTimer = () => {};

  const reach = () => {
    if (storage.isDown) throw new Error('The storage is down');
  };
  const wakeAll = () => {
    for (const wake of storage.wake) wake();
  };

  /** The first entry that is due, that nobody has, and that is not behind another of its key. */
  function next(): Row | undefined {
    const keys = new Set<string>();
    for (const row of storage.rows) {
      const isBehind = row.key !== undefined && keys.has(row.key);
      if (!isBehind && row.owner === undefined && row.dueAt <= clock.now()) return row;
      if (row.key !== undefined) keys.add(row.key);
    }
  }

  function work(): void {
    while (handle && running.size < settings.concurrency) {
      const row = next();
      if (!row) break;
      row.owner = life;
      row.tries += 1;
      const trial = tryOnce(row, handle, life).finally(() => {
        running.delete(trial);
        wakeAll();
      });
      running.add(trial);
    }
    cancelTimer();
    const later = storage.rows.map(({ dueAt }) => dueAt).filter((dueAt) => dueAt > clock.now());
    if (later.length > 0) cancelTimer = clock.setTimeout(work, Math.min(...later) - clock.now());
  }

  async function tryOnce(row: Row, handler: InboxHandler, owner: object): Promise<void> {
    const trial = { attempt: row.tries, last: row.tries >= settings.attempts };
    const hasDiedTrying = row.tries > settings.attempts;
    const verdict = hasDiedTrying ? rejected('died') : await handler(entryOf(row), trial).catch(rejected);
    if (row.owner !== owner) return;
    row.owner = undefined;
    const now = clock.now();
    if (verdict.state === 'postponed') {
      row.tries -= 1;
      row.dueAt = handle ? now + verdict.delayMs : now;
      return;
    }
    if (verdict.state === 'failed' && !verdict.permanent && !trial.last) {
      row.dueAt = now + retryDelay(settings, row.tries);
      return;
    }
    if (verdict.state === 'failed') {
      const { id } = row;
      const attempts = Math.min(row.tries, settings.attempts);
      take(id);
      const oldest = new Date(now - settings.keepFailedMs).toISOString();
      storage.failed = storage.failed.filter((failed) => failed.failedAt > oldest);
      const failedAt = new Date(now).toISOString();
      storage.failed.push({ id, entry: entryOf(row), attempts, failedAt, reason: verdict.reason });
    }
    storage.rows = storage.rows.filter((other) => other !== row);
  }

  const rowOf = (entry: InboxEntry): Row => ({
    id: entry.event.id,
    key: entry.event.orderingKey,
    text: JSON.stringify(entry),
    tries: 0,
    dueAt: clock.now(),
    owner: undefined,
  });

  /** Takes an entry from those that were set aside. */
  function take(id: string): FailedEvent | undefined {
    const found = storage.failed.find((failed) => failed.id === id);
    storage.failed = storage.failed.filter((failed) => failed !== found);
    return found;
  }

  function leave(): void {
    handle = undefined;
    storage.wake.delete(work);
    cancelTimer();
  }

  return {
    async put(entries) {
      reach();
      const pending = storage.rows.length;
      if (pending >= settings.maxPending && entries.length > 0) {
        throw new ChathooksError('inbox_full', `${pending} are pending, expected fewer than ${settings.maxPending}`);
      }
      storage.rows.push(...entries.map(rowOf));
      wakeAll();
    },
    async start(handler) {
      reach();
      handle = handler;
      storage.wake.add(work);
      work();
    },
    async stop() {
      leave();
      await Promise.all(running);
    },
    failed: {
      async *list() {
        reach();
        yield* storage.failed;
      },
      async retry(id) {
        reach();
        const found = take(id);
        if (!found) return false;
        storage.rows.push(rowOf(found.entry));
        wakeAll();
        return true;
      },
      async discard(id) {
        reach();
        return take(id) !== undefined;
      },
    },
    async counts() {
      reach();
      return { pending: storage.rows.length, failed: storage.failed.length };
    },
    async close() {},
    /** The process dies. Here that is known at once. */
    crash() {
      leave();
      for (const row of storage.rows) if (row.owner === life) row.owner = undefined;
      life = {};
      wakeAll();
    },
  };
}

const entryOf = ({ text }: Row): InboxEntry => JSON.parse(text);

const rejected = (error: unknown): InboxVerdict => ({
  state: 'failed',
  permanent: false,
  reason: { code: 'handler_failed', message: String(error) },
});
