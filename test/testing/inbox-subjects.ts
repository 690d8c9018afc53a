import { createTestClock, type InboxSubject } from '@chathooks/testing';
import { type Fault, memoryInbox, memoryStorage } from './memory-inbox.ts';

/** The reference inbox as a subject of the suite, without a fault or with one. */
export function subjectOf(fault?: Fault): InboxSubject {
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
      const inbox = memoryInbox({ ...settings, storage: storageOf(prefix), clock, fault });
      crashes.set(inbox, () => inbox.crash());
      return inbox;
    },
    createUnreachable: () => memoryInbox({ storage: { ...memoryStorage(), down: true }, clock, fault }),
    crash: (inbox) => crashes.get(inbox)?.(),
    elapse: (ms) => clock.advance(ms),
    capabilities: { shared: true },
    ...(fault === undefined ? {} : { patienceMs: 100 }),
  };
}
