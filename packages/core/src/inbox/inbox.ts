import type { Awaitable } from '../awaitable.ts';
import type { ChatEvent } from '../events/event.ts';

/** What an inbox keeps: an event, and what its handlers are told beside it. Plain JSON. */
export interface InboxEntry {
  readonly event: ChatEvent;
  /** Of the secret that verified the delivery. */
  readonly secretName: string;
}

/** Which try of an entry this is. */
export interface InboxTry {
  /** 1 for the first. A crash counts; what was postponed does not. */
  readonly attempt: number;
  /** Whether the inbox sets the entry aside if it fails now. */
  readonly last: boolean;
}

/** What became of an entry. */
export type InboxVerdict =
  /** It is done: forget it. */
  | { readonly state: 'done' }
  /** It failed: try again after a back-off, or set it aside if that was the last try or if no other would help. */
  | { readonly state: 'failed'; readonly permanent: boolean; readonly reason: FailureReason }
  /** It could not be tried, which is no fault of its own: try again after `delayMs`, however often. */
  | { readonly state: 'postponed'; readonly delayMs: number };

/** Why an entry was set aside, in the words of the error that its handler threw. */
export interface FailureReason {
  /** An error code of chathooks: `handler_failed`. */
  readonly code: string;
  /** The message of what the handler threw. */
  readonly message: string;
}

/** Tries an entry. Never rejects. */
export type InboxHandler = (entry: InboxEntry, trial: InboxTry) => Promise<InboxVerdict>;

/** An entry that was set aside. */
export interface FailedEvent {
  /** The event's id. */
  readonly id: string;
  readonly entry: InboxEntry;
  readonly attempts: number;
  /** ISO-8601, UTC. */
  readonly failedAt: string;
  readonly reason: FailureReason;
}

/** The entries that were set aside. */
export interface FailedEvents {
  /** Oldest first. */
  list(): AsyncIterable<FailedEvent>;
  /**
   * Puts an entry back, behind the others of its ordering key, with all its attempts before it.
   *
   * @returns `false` when there is none of this id
   */
  retry(id: string): Promise<boolean>;
  /**
   * Deletes an entry.
   *
   * @returns `false` when there is none of this id
   */
  discard(id: string): Promise<boolean>;
}

/** How much there is in an inbox. */
export interface InboxCounts {
  /** Entries that wait for their turn, or for another try, or are being tried. */
  readonly pending: number;
  /** Entries that were set aside. */
  readonly failed: number;
}

/**
 * Durable storage between the reply and the handlers.
 *
 * @remarks
 * Every entry is tried at least once, and again until the verdict is `done` or it is set aside. Entries with the same
 * `event.orderingKey` are tried one at a time, in the order in which they were put, by whichever process: while one waits
 * for its next try, those behind it wait too, until it is done or set aside. Entries with different keys, or none, do not
 * wait for each other. An entry whose process died is tried again, soon after the process is known to be dead.
 * Check an implementation with `inboxConformance` of `@chathooks/testing`.
 */
export interface Inbox {
  /**
   * Stores entries, in this order. Resolves when they would survive a crash of this process. All are stored or, if it
   * rejects, possibly some: the vendor sends them again.
   *
   * An entry that is pending or set aside already under the same `event.id` may be left as it is.
   *
   * @throws ChathooksError `inbox_full` when there are as many as `maxPending`; what the storage throws when it fails
   */
  put(entries: readonly InboxEntry[]): Promise<void>;
  /**
   * Begins to hand out entries, in this process, until {@link Inbox.stop}. Resolves when it has begun.
   *
   * @throws what the storage throws when it cannot be reached; `start` may then be called again
   */
  start(handle: InboxHandler): Promise<void>;
  /**
   * Hands out no more, gives back at once what was taken but not begun, and waits for the verdicts on what was begun.
   * What is postponed meanwhile is due for others at once, whatever its delay. Does nothing when it has not been started.
   */
  stop(): Promise<void>;
  readonly failed: FailedEvents;
  counts(): Promise<InboxCounts>;
  /** Closes what the inbox itself opened. May be called twice. */
  close?(): Awaitable<void>;
}

/** Options that every inbox has. */
export interface InboxSettings {
  /** After how many tries a failing entry is set aside. @defaultValue 10 */
  readonly attempts?: number;
  /** The pause after the first failure; it doubles with each further one, and is varied at random by up to half. @defaultValue 1000 */
  readonly retryDelayMs?: number;
  /** The longest pause. @defaultValue 300000, 5 minutes */
  readonly maxRetryDelayMs?: number;
  /** How many entries one process tries at a time. @defaultValue 16 */
  readonly concurrency?: number;
  /** How many entries may be pending before more are refused with 503. @defaultValue 100000 */
  readonly maxPending?: number;
  /** How long entries that were set aside are kept. @defaultValue 2592000000, 30 days */
  readonly keepFailedMs?: number;
}
