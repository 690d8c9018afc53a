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

/** An entry as it lies in storage. */
interface Row {
  readonly entry: string;
  failures: number;
  crashes: number;
  dueAt: number;
  /** Whose it is, while it is being tried. */
  owner: object | undefined;
}

/** What would be on a disk or a server: shared by the instances, and still there after them. */
export interface MemoryStorage {
  pending: Row[];
  failed: FailedEvent[];
  readonly workers: Set<() => void>;
  /** For tests of outages. */
  down?: boolean;
}

export const memoryStorage = (): MemoryStorage => ({ pending: [], failed: [], workers: new Set() });

/** Ways to break the contract, one at a time. */
export type Fault =
  | 'ignores order'
  | 'overlaps'
  | 'loses what failed'
  | 'counts what was postponed'
  | 'ignores maxPending'
  | 'drops on stop'
  | 'keeps on stop'
  | 'forgets what was set aside'
  | 'ignores concurrency'
  | 'retries at once'
  | 'blocks the key for ever'
  | 'counts no attempts'
  | 'dies of a broken handler'
  | 'never looks after a put'
  | 'brings back to the front'
  | 'does not wait for handlers'
  | 'discards what is pending'
  | 'is full with what was set aside'
  | 'drops U+0000'
  | 'keeps its own copy'
  | 'leaves what crashed'
  | 'overtakes what crashed'
  | 'hides outages'
  | 'waits out a delay of a stop';

export interface MemoryInboxOptions extends InboxSettings {
  readonly storage: MemoryStorage;
  readonly clock: Clock;
  readonly fault?: Fault | undefined;
}

/** An inbox that keeps its contract with as little as possible, or breaks it in one way. */
export function memoryInbox({ storage, clock, fault, ...settings }: MemoryInboxOptions): Inbox & { crash(): void } {
  const filled = inboxSettings(settings);
  const { attempts, concurrency, maxPending } = filled;
  const running = new Set<Promise<void>>();
  let self = {};
  let handler: InboxHandler | undefined;
  let cancelTimer = () => {};

  const reach = () => {
    if (storage.down && fault !== 'hides outages') throw new Error('The storage is down');
  };
  const keyOf = ({ entry }: Row) => parse(entry).event.orderingKey;
  const idOf = ({ entry }: Row) => parse(entry).event.id;
  const tellAll = () => {
    for (const work of storage.workers) work();
  };

  /** The first entry that is due and not behind another of its key. */
  function next(): Row | undefined {
    const blocked = new Set<string>();
    const rows = fault === 'ignores order' ? storage.pending.toReversed() : storage.pending;
    for (const row of rows) {
      const key = keyOf(row);
      const isBlocked = key !== undefined && blocked.has(key);
      if (!row.owner && row.dueAt <= clock.now() && !isBlocked) return row;
      if (key !== undefined && !(fault === 'overlaps' && row.owner)) blocked.add(key);
    }
  }

  function work(): void {
    if (!handler) return;
    while (running.size < concurrency || fault === 'ignores concurrency') {
      const row = next();
      if (!row) break;
      row.owner = self;
      const trial = tryOne(row, handler, self).finally(() => {
        running.delete(trial);
        tellAll();
      });
      running.add(trial);
    }
    cancelTimer();
    const due = storage.pending.filter((row) => !row.owner && row.dueAt > clock.now()).map((row) => row.dueAt);
    if (due.length > 0) cancelTimer = clock.setTimeout(work, Math.min(...due) - clock.now());
  }

  async function tryOne(row: Row, handle: InboxHandler, owner: object): Promise<void> {
    const attempt = fault === 'counts no attempts' ? 1 : row.failures + row.crashes + 1;
    const last = attempt >= attempts;
    const verdict = await handle(parse(row.entry), { attempt, last }).catch((error: unknown): InboxVerdict => {
      if (fault === 'dies of a broken handler') return new Promise<never>(() => {}) as never;
      return {
        state: 'failed',
        permanent: false,
        reason: { code: 'handler_failed', message: error instanceof Error ? error.message : String(error) },
      };
    });
    if (row.owner !== owner) return; // crashed meanwhile
    settle(row, verdict, { attempt, last });
    row.owner = undefined;
  }

  function settle(row: Row, verdict: InboxVerdict, { attempt, last }: { attempt: number; last: boolean }): void {
    const now = clock.now();
    if (verdict.state === 'postponed') {
      const isStopping = !handler && fault !== 'waits out a delay of a stop';
      row.dueAt = isStopping ? now : now + verdict.delayMs;
      if (fault === 'counts what was postponed') row.failures++;
      return;
    }
    if (verdict.state === 'failed' && !verdict.permanent && !last) {
      row.failures++;
      row.dueAt = fault === 'retries at once' ? now : now + retryDelay(filled, row.failures + row.crashes);
      if (fault === 'loses what failed') remove(row);
      return;
    }
    if (verdict.state === 'failed' && fault !== 'forgets what was set aside') {
      const entry = parse(row.entry);
      const { id } = entry.event;
      storage.failed = storage.failed.filter((other) => other.id !== id);
      const failedAt = new Date(now).toISOString();
      storage.failed.push({ id, entry, attempts: attempt, failedAt, reason: verdict.reason });
      if (fault === 'blocks the key for ever') {
        row.dueAt = Number.POSITIVE_INFINITY;
        return;
      }
    }
    remove(row);
  }

  const remove = (row: Row) => {
    storage.pending = storage.pending.filter((other) => other !== row);
  };

  const takeFailed = (id: string): FailedEvent | undefined => {
    const found = storage.failed.find((one) => one.id === id);
    storage.failed = storage.failed.filter((one) => one !== found);
    return found;
  };

  const rowOf = (entry: InboxEntry): Row => {
    const text = JSON.stringify(entry);
    return {
      entry: fault === 'drops U+0000' ? text.replaceAll('\\u0000', '') : text,
      failures: 0,
      crashes: 0,
      dueAt: clock.now(),
      owner: undefined,
    };
  };

  return {
    async put(entries) {
      reach();
      const full = storage.pending.length + (fault === 'is full with what was set aside' ? storage.failed.length : 0);
      if (entries.length > 0 && full >= maxPending && fault !== 'ignores maxPending') {
        throw new ChathooksError('inbox_full', `${full} entries are pending, expected fewer than ${maxPending}`);
      }
      storage.pending.push(...entries.map(rowOf));
      if (fault !== 'never looks after a put') tellAll();
    },
    async start(handle) {
      reach();
      handler = handle;
      storage.workers.add(work);
      work();
    },
    async stop() {
      handler = undefined;
      storage.workers.delete(work);
      cancelTimer();
      if (fault === 'drops on stop') storage.pending = storage.pending.filter(({ owner }) => owner === self);
      if (fault === 'keeps on stop') for (const row of storage.pending) row.owner ??= self;
      if (fault !== 'does not wait for handlers') await Promise.all(running);
    },
    failed: {
      async *list() {
        reach();
        yield* storage.failed;
      },
      async retry(id) {
        reach();
        const found = takeFailed(id);
        if (!found) return false;
        const row = rowOf(found.entry);
        if (fault === 'brings back to the front') storage.pending.unshift(row);
        else storage.pending.push(row);
        tellAll();
        return true;
      },
      async discard(id) {
        reach();
        if (fault === 'discards what is pending') {
          const row = storage.pending.find((one) => idOf(one) === id);
          if (row) remove(row);
          return row !== undefined || takeFailed(id) !== undefined;
        }
        return takeFailed(id) !== undefined;
      },
    },
    async counts() {
      reach();
      return { pending: storage.pending.length, failed: storage.failed.length };
    },
    /** The process dies: what it had is free again once that is known, which is at once here. */
    crash() {
      handler = undefined;
      storage.workers.delete(work);
      cancelTimer();
      for (const row of storage.pending) {
        if (row.owner !== self || fault === 'leaves what crashed') continue;
        row.owner = undefined;
        row.crashes++;
        if (fault === 'overtakes what crashed') storage.pending = [...storage.pending.filter((r) => r !== row), row];
      }
      self = {};
      tellAll();
    },
  };
}

const parse = (text: string): InboxEntry => JSON.parse(text);
