import { createTestClock, type InboxSubject } from '@chathooks/testing';
import type { memoryInbox, memoryStorage } from './memory-inbox.ts';

/** The module of the reference inbox, as it is or broken. */
export interface MemoryInboxModule {
  readonly memoryInbox: typeof memoryInbox;
  readonly memoryStorage: typeof memoryStorage;
}

/** The reference inbox as a subject of the suite. */
export function memoryInboxSubject({ memoryInbox, memoryStorage }: MemoryInboxModule): InboxSubject {
  const clock = createTestClock();
  const storages = new Map<string, ReturnType<typeof memoryStorage>>();
  const crashes = new WeakMap<object, () => void>();
  const storageOf = (prefix: string) => {
    const storage = storages.get(prefix) ?? memoryStorage();
    storages.set(prefix, storage);
    return storage;
  };
  return {
    name: 'memoryInbox',
    create({ prefix, settings }) {
      const inbox = memoryInbox({ ...settings, storage: storageOf(prefix), clock });
      crashes.set(inbox, () => inbox.crash());
      return inbox;
    },
    createUnreachable: () => memoryInbox({ storage: { ...memoryStorage(), isDown: true }, clock }),
    crash: (inbox) => crashes.get(inbox)?.(),
    elapse: (ms) => clock.advance(ms),
    capabilities: { shared: true },
  };
}
