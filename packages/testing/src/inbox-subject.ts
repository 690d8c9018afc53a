import type { Awaitable, Inbox, InboxSettings } from '@chathooks/core';

/** What an inbox can do beside what every one must. Says plainly what is missing. */
export interface InboxCapabilities {
  /** Several instances may work on one prefix at once, in one process or in many. */
  readonly shared: boolean;
}

/** The inbox under test. */
export interface InboxSubject {
  /** Names the suite in the report. */
  readonly name: string;
  /**
   * Makes an inbox. The suite stops and closes it.
   *
   * @param options.prefix - instances with the same one share their entries, at once or one after the other
   * @param options.settings - to be passed on as they are
   */
  create(options: { readonly prefix: string; readonly settings: InboxSettings }): Awaitable<Inbox>;
  /**
   * Moves the clock that the inboxes were made with.
   *
   * @defaultValue none: time passes by itself
   */
  elapse?(ms: number): Awaitable<void>;
  readonly capabilities: InboxCapabilities;
  /**
   * Makes an inbox that cannot reach its storage. The suite stops and closes it.
   *
   * @defaultValue none, for an inbox that needs no connection
   */
  createUnreachable?(): Awaitable<Inbox>;
  /**
   * Ends an instance as a crash of its process would: without {@link Inbox.stop}, its connections gone, its handlers
   * never heard of again. The suite does not touch it afterwards.
   *
   * @defaultValue none: what becomes of entries whose process died is not tested
   */
  crash?(inbox: Inbox): Awaitable<void>;
  /**
   * How long the handler runs that is there to outlast a lease, in milliseconds: more than twice the time after which the
   * inbox takes a silent process for dead.
   *
   * @defaultValue 1000; 600000 with `elapse`
   */
  readonly longHandlerMs?: number;
  /**
   * After how much real time the suite gives up waiting for something, in milliseconds. Where dead processes are noticed
   * late, more than it takes to notice them.
   *
   * @defaultValue 10000
   */
  readonly patienceMs?: number;
}
