import { type JsonObject, wexio } from '@chathooks/core';

export const provider = wexio({ secret: 'secret' });

export const organisationId = '70aa11bb22cc33dd44ee55f0';
export const timestamp = '2026-06-10T08:15:30.250Z';
export const envelope = (type: string, data: JsonObject) => ({
  id: 'evt_1',
  type,
  timestamp,
  data,
  meta: { eventId: 'evt_1', event: type, occurredAt: timestamp, organisationId, apiVersion: '2026-04-01', attempt: 1 },
});
export const chatId = '70aa11bb22cc33dd44ee5501';
export const common = { key: 'evt_1', account: organisationId, occurredAt: timestamp, ordering: chatId };
