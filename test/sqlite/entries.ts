import type { ChatEvent, InboxEntry } from '@chathooks/core';

/** Makes an entry. */
export function entryOf(id: string, key?: string, raw: unknown = null): InboxEntry {
  const event: ChatEvent<'message.inbound'> = {
    id,
    type: 'message.inbound',
    provider: 'shop',
    providerEvent: 'message.received',
    receivedAt: '2026-01-01T00:00:00.000Z',
    mode: 'live',
    data: { message: { id, direction: 'inbound', kind: 'text', text: 'Hello' } },
    raw,
    ...(key === undefined ? {} : { orderingKey: key }),
  };
  return { event, secretName: '1' };
}
