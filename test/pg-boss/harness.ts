import { randomUUID } from 'node:crypto';
import type { ChatEvent, FailedEvent, Inbox, InboxEntry, InboxVerdict } from '@chathooks/core';
import { type PgBossInboxOptions, pgBossInbox } from '@chathooks/pg-boss';
import { Client } from 'pg';
import { PgBoss } from 'pg-boss';
import { afterAll, afterEach, expect } from 'vitest';

export const done: InboxVerdict = { state: 'done' };

export const failed = (permanent = false): InboxVerdict => ({
  state: 'failed',
  permanent,
  reason: { code: 'handler_failed', message: 'no' },
});

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

/** Entries `a1`, `a2` … of the key `a`. */
export const entriesOf = (key: string, count: number): readonly InboxEntry[] =>
  Array.from({ length: count }, (_, index) => entryOf(`${key}${index + 1}`, key));

/** Waits until an assertion holds. */
export const eventually = (assertion: () => unknown, timeout = 10_000): Promise<void> =>
  expect.poll(async () => assertion(), { timeout, interval: 5 }).toBe(true);

/** Inboxes that end with their test. */
export function useInboxes(place: { readonly url: string; readonly schema: string }) {
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
    open(options: PgBossInboxOptions): Inbox {
      const { url, schema } = place;
      const where = options.connection || options.boss || options.url ? {} : { url };
      const inbox = pgBossInbox({
        schema,
        retryDelayMs: 20,
        logger: { warn: (details) => errors.push(...errorsIn(details)) },
        ...where,
        ...options,
      });
      open.add(inbox);
      return inbox;
    },
  };
}

const errorsIn = (details: object) => ('error' in details && details.error instanceof Error ? [details.error] : []);

/** All that was set aside. */
export async function listFailed({ failed }: Inbox): Promise<readonly FailedEvent[]> {
  const list: FailedEvent[] = [];
  for await (const event of failed.list()) list.push(event);
  return list;
}

/** A name that no other test has. */
export const newName = (): string => `test-${randomUUID()}`;

/** A pg-boss of the test's own, without maintenance. */
export function useBoss(url: string, schema: string) {
  const boss = new PgBoss({ connectionString: url, schema, supervise: false, schedule: false });
  boss.on('error', () => {});
  afterAll(() => boss.stop({ graceful: false }));
  return { boss, start: () => boss.start() };
}

/** A connection for a few statements. */
export async function withClient<T>(url: string, run: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}
