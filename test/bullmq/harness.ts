import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type BullmqInboxOptions, bullmqInbox } from '@chathooks/bullmq';
import type { ChatEvent, FailedEvent, Inbox, InboxEntry, InboxVerdict } from '@chathooks/core';
import { Redis } from 'ioredis';
import { afterAll, afterEach, expect } from 'vitest';

/** The path of a file beside this one. */
export const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Makes an entry. */
export function entryOf(id: string, orderingKey?: string): InboxEntry {
  const event: ChatEvent<'message.inbound'> = {
    id,
    type: 'message.inbound',
    provider: 'shop',
    providerEvent: 'message.received',
    receivedAt: '2026-01-01T00:00:00.000Z',
    mode: 'live',
    data: { message: { id, direction: 'inbound', kind: 'text', text: 'Hello' } },
    raw: { id },
    ...(orderingKey === undefined ? {} : { orderingKey }),
  };
  return { event, secretName: '1' };
}

export const done: InboxVerdict = { state: 'done' };

export const failed = (message = 'no', permanent = false): InboxVerdict => ({
  state: 'failed',
  permanent,
  reason: { code: 'handler_failed', message },
});

/** Waits until an assertion holds. */
export const eventually = (assertion: () => unknown, timeout = 10_000): Promise<void> =>
  expect.poll(async () => assertion(), { timeout, interval: 5 }).toBe(true);

/** Fails unless a promise is settled in that time. */
export async function soon<T>(promise: Promise<T>, ms = 2_000): Promise<T> {
  const start = performance.now();
  try {
    return await promise;
  } finally {
    expect(performance.now() - start).toBeLessThan(ms);
  }
}

/** Prefixes that no other test has, and whose keys are deleted in the end. */
export function usePrefixes(url: string) {
  const prefixes = new Set<string>();

  afterAll(async () => {
    const client = new Redis(url);
    for (const prefix of prefixes) {
      for await (const keys of client.scanStream({ match: `${prefix}:*`, count: 10_000 })) {
        if (keys.length > 0) await client.unlink(...keys);
      }
    }
    await client.quit();
  });

  return (name: string = randomUUID()): string => {
    const prefix = `{test-${name}}`;
    prefixes.add(prefix);
    return prefix;
  };
}

/** Inboxes that end with their test. */
export function useInboxes(url: string) {
  const open = new Set<Inbox>();
  const errors: Error[] = [];

  afterEach(async () => {
    const inboxes = [...open];
    open.clear();
    for (const inbox of inboxes) await inbox.stop().finally(() => inbox.close?.());
    errors.length = 0;
  });

  return {
    /** What inboxes told nobody but their logger. */
    errors,
    open(options: Partial<BullmqInboxOptions> & { readonly prefix: string }): Inbox {
      const place = options.connection || options.url ? {} : { url };
      const inbox = bullmqInbox({
        retryDelayMs: 20,
        logger: { warn: (details) => errors.push(...errorsIn(details)) },
        ...place,
        ...options,
      });
      open.add(inbox);
      return inbox;
    },
    /** Leaves an inbox to the test. */
    forget: (inbox: Inbox): boolean => open.delete(inbox),
  };
}

const errorsIn = (details: object) => ('error' in details && details.error instanceof Error ? [details.error] : []);

/** All that was set aside. */
export async function listFailed(inbox: Inbox): Promise<readonly FailedEvent[]> {
  const list: FailedEvent[] = [];
  for await (const event of inbox.failed.list()) list.push(event);
  return list;
}
