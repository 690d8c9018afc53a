import type { Inbox, InboxEntry, InboxHandler, InboxTry, InboxVerdict } from '@chathooks/core';

/** An inbox that tries what the test says, when the test says so. */
export interface StubInbox extends Inbox {
  /** What was put, oldest first. */
  readonly entries: InboxEntry[];
  /** What was called, in this order. */
  readonly calls: string[];
  readonly started: boolean;
  /** Tries an entry: the last that was put, unless told otherwise. */
  try(trial?: Partial<InboxTry>, entry?: InboxEntry): Promise<InboxVerdict>;
}

/** Makes a {@link StubInbox}; its methods can be replaced. */
export function stubInbox(methods: Partial<Inbox> = {}): StubInbox {
  const entries: InboxEntry[] = [];
  const calls: string[] = [];
  const nothing = async () => {
    throw new Error('Nothing is tried before the start');
  };
  let handle: InboxHandler = nothing;
  let started = false;
  return {
    entries,
    calls,
    get started() {
      return started;
    },
    async put(put) {
      calls.push('put');
      entries.push(...put);
    },
    async start(handler) {
      calls.push('start');
      handle = handler;
      started = true;
    },
    async stop() {
      calls.push('stop');
    },
    failed: { async *list() {}, retry: async () => false, discard: async () => false },
    counts: async () => ({ pending: entries.length, failed: 0 }),
    close() {
      calls.push('close');
    },
    try(trial = {}, entry = entries.at(-1)) {
      if (!entry) throw new Error('Nothing was put');
      return handle(entry, { attempt: 1, last: false, ...trial });
    },
    ...methods,
  };
}
