import type { Inbox, InboxEntry, InboxHandler } from '@chathooks/core';

/** An inbox that breaks its promise: what it says is stored is gone with its process. For tests of the tests. */
export function forgetfulInbox(): Inbox {
  const waiting: InboxEntry[] = [];
  let handle: InboxHandler | undefined;
  let running = 0;

  function next(): void {
    if (!handle || running >= 8) return;
    const entry = waiting.shift();
    if (!entry) return;
    running++;
    void handle(entry, { attempt: 1, last: false }).then(() => {
      running--;
      next();
    });
    next();
  }

  return {
    async put(entries) {
      waiting.push(...entries);
      next();
    },
    async start(handler) {
      handle = handler;
      next();
    },
    async stop() {
      handle = undefined;
    },
    failed: { async *list() {}, retry: async () => false, discard: async () => false },
    counts: async () => ({ pending: waiting.length + running, failed: 0 }),
  };
}
