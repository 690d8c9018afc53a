import type { ChatEvent, InboxEntry, InboxVerdict } from '@chathooks/core';

/**
 * Makes an entry for tests.
 *
 * @param id - of its event
 * @param key - its ordering key; none if left out
 * @param changes - what else its event should have
 */
export function entryOf(id: string, key?: string, changes: Partial<ChatEvent<'message.inbound'>> = {}): InboxEntry {
  const event: ChatEvent<'message.inbound'> = {
    id,
    type: 'message.inbound',
    provider: 'shop',
    providerEvent: 'message.received',
    receivedAt: '2026-01-01T00:00:00.000Z',
    mode: 'live',
    data: { message: { id, direction: 'inbound', kind: 'text', text: 'Hello' } },
    raw: { id },
    ...(key === undefined ? {} : { orderingKey: key }),
    ...changes,
  };
  return { event, secretName: '1' };
}

/** Entries of one key: `a1`, `a2` … */
export const entriesOf = (key: string, count: number, first = 1): readonly InboxEntry[] =>
  Array.from({ length: count }, (_, index) => entryOf(`${key}${first + index}`, key));

export const idsOf = (entries: readonly InboxEntry[]): readonly string[] => entries.map(({ event }) => event.id);

export const done: InboxVerdict = { state: 'done' };

export const failed = (message = 'no', permanent = false): InboxVerdict => ({
  state: 'failed',
  permanent,
  reason: { code: 'handler_failed', message },
});

export const postponed = (delayMs: number): InboxVerdict => ({ state: 'postponed', delayMs });

/** A delay that no test waits for. */
export const anHour = 3_600_000;
