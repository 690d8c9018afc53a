import assert from 'node:assert/strict';
import type { Awaitable, InboxEntry, InboxHandler, InboxTry, InboxVerdict } from '@chathooks/core';

/** One try of an entry, as its handler saw it. */
export interface Trial extends InboxTry {
  readonly id: string;
  readonly key: string | undefined;
  readonly entry: InboxEntry;
  /** What the handler answered; `rejected` if it did not keep its contract. Absent while it runs. */
  readonly verdict?: InboxVerdict | 'rejected';
}

/** What the handler of a try was told. */
export const asTry = ({ attempt, last }: Trial): InboxTry => ({ attempt, last });

/** How a handler of a test answers. */
export type Respond = (entry: InboxEntry, trial: InboxTry) => Awaitable<InboxVerdict>;

/** What the handlers of a test saw, of all its inboxes together, in the order in which it happened. */
export interface Tries {
  /** Makes a handler that keeps a record. */
  handler(respond: Respond): InboxHandler;
  /** Tries that have begun, ended or not, in the order of their beginning. */
  readonly begun: readonly Trial[];
  /** Tries that have ended, in the order of their end. */
  readonly settled: readonly Trial[];
  /** Tries that have not ended. */
  running(): readonly Trial[];
  /** Tries of one entry, in the order of their beginning. */
  of(id: string): readonly Trial[];
  /** How many tries ran at a time, at most. */
  most(): number;
  /** Resolves when the next try begins or ends. */
  changed(): Promise<void>;
  /** Lets go of the tries that run: their process has crashed. */
  abandon(): void;
  /** Fails unless the entries of each key were tried one at a time, and in this order. */
  assertInOrder(entries: readonly InboxEntry[]): void;
  /** The last few tries, in words. */
  describe(): string;
}

/** Keeps what handlers see. */
export function recordTries(): Tries {
  const begun: Mutable<Trial>[] = [];
  const settled: Trial[] = [];
  const running = new Set<Trial>();
  const overlaps: string[] = [];
  let most = 0;
  let change = Promise.withResolvers<void>();

  const tell = () => {
    change.resolve();
    change = Promise.withResolvers();
  };

  function begin(entry: InboxEntry, { attempt, last }: InboxTry): Mutable<Trial> {
    const { id, orderingKey: key } = entry.event;
    const trial = { id, key, entry, attempt, last };
    for (const other of running) {
      if (other.id === id || (key !== undefined && other.key === key)) overlaps.push(`${id} began during ${other.id}`);
    }
    begun.push(trial);
    running.add(trial);
    most = Math.max(most, running.size);
    tell();
    return trial;
  }

  function settle(trial: Mutable<Trial>, verdict: InboxVerdict | 'rejected'): void {
    if (!running.delete(trial)) return;
    trial.verdict = verdict;
    settled.push(trial);
    tell();
  }

  return {
    handler: (respond) => async (entry, trial) => {
      const current = begin(entry, trial);
      try {
        const verdict = await respond(entry, trial);
        settle(current, verdict);
        return verdict;
      } catch (error) {
        settle(current, 'rejected');
        throw error;
      }
    },
    begun,
    settled,
    running: () => [...running],
    of: (id) => begun.filter((trial) => trial.id === id),
    most: () => most,
    changed: () => change.promise,
    abandon: () => running.clear(),
    assertInOrder(entries) {
      assert.deepEqual(overlaps, [], 'tries of one entry or of one ordering key overlapped');
      for (const [key, group] of Map.groupBy(entries, ({ event }) => event.orderingKey)) {
        if (key === undefined) continue;
        const tried = begun.filter((trial) => trial.key === key).map(({ id }) => id);
        assert.deepEqual(
          tried.filter((id, index) => id !== tried[index - 1]),
          group.map(({ event }) => event.id),
          `the order in which the entries of the key ${key} were tried`,
        );
      }
    },
    describe: () => (begun.length === 0 ? 'no try' : begun.slice(-12).map(inWords).join(', ')),
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const inWords = ({ id, attempt, verdict }: Trial): string =>
  `${shortened(id)} attempt ${attempt} ${verdict === undefined ? 'running' : verdict === 'rejected' ? verdict : verdict.state}`;

const shortened = (id: string): string => (id.length > 40 ? `${id.slice(0, 40)}…` : id);
