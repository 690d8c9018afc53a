import { type JsonObject, type JsonValue, whatsappCloud } from '@chathooks/core';
import { assertFitsCatalog, assertSurvivesJson } from '@chathooks/testing';
import { expect } from 'vitest';

const provider = whatsappCloud({ appSecret: 'secret', verifyToken: 'token' });

/** What WhatsApp's payload becomes, each event with the vendor's own object in `raw`. */
export function eventsOf(payload: unknown) {
  const events = provider.normalize(payload, {
    receivedAt: '2026-06-10T09:00:00.000Z',
    connection: undefined,
    header: () => undefined,
  });
  for (const event of events) {
    assertFitsCatalog(event);
    assertSurvivesJson(event.data);
    expect(event.key).toMatch(/./);
  }
  return events;
}

/** The same without `raw`, which must be the item. */
export function eventsOfItem(item: JsonValue, payload: JsonObject) {
  return eventsOf(payload).map(({ raw, ...event }) => {
    expect(raw).toBe(item);
    return event;
  });
}

export const metadata = { display_phone_number: '15550100001', phone_number_id: 'number-1' };

/** A delivery of one change. */
export const change = (field: string, value: JsonValue, entry: JsonObject = {}): JsonObject => ({
  object: 'whatsapp_business_account',
  entry: [{ id: 'account-1', ...entry, changes: [{ field, value }] }],
});

/** A delivery of items of a number. */
export const delivered = (items: JsonObject, field = 'messages'): JsonObject =>
  change(field, { messaging_product: 'whatsapp', metadata, ...items });

/** What our number, the person and the chat of the tests become. */
export const us = { id: 'number-1', phone: '+15550100001' };
export const olena = { id: 'UA.1', channelUserId: 'UA.1', phone: '+380670000001' };
export const chat = {
  id: 'number-1:UA.1',
  kind: 'private',
  channel: 'whatsapp',
  channelChatId: 'UA.1',
  integrationId: 'number-1',
};
export const groupChat = { ...chat, id: 'number-1:group-1', kind: 'group', channelChatId: 'group-1' };

/** A message of the person. */
export const written = (message: JsonObject): JsonObject => ({
  from: '380670000001',
  from_user_id: 'UA.1',
  id: 'wamid.1',
  timestamp: '1781079330',
  ...message,
});

/** The message that comes of one of the person. */
export function messageOf(message: JsonObject) {
  const item = written(message);
  const [event, ...others] = eventsOfItem(item, delivered({ messages: [item] }));
  expect(others).toEqual([]);
  expect(event?.type).toBe('message.inbound');
  return event?.type === 'message.inbound' ? event.data.message : undefined;
}
