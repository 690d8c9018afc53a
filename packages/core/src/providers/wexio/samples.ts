import { hmacKey } from '../../signatures/hmac-key.ts';
import type { JsonObject, Samples } from '../samples.ts';

const chat = {
  id: '70aa11bb22cc33dd44ee5501',
  integrationId: '70aa11bb22cc33dd44ee5502',
  channel: 'WHATSAPP',
  whatsappId: 'wa_31600000001',
  firstName: 'Mirte',
};
const slimChat = { id: chat.id, integrationId: chat.integrationId, channel: 'WHATSAPP' };
const contact = {
  peopleId: '70aa11bb22cc33dd44ee5503',
  phoneNumber: '+31600000001',
  firstName: 'Mirte',
  lastName: 'Vos',
};
const inbound = {
  id: 'msg_in_7',
  chatId: chat.id,
  integrationId: chat.integrationId,
  direction: 'INBOUND',
  type: 'TEXT',
  text: 'Is the shop open on Sunday? ☀️',
  receivedAt: '2026-06-10T08:15:30.000Z',
};
const outbound = {
  id: 'msg_out_8',
  chatId: chat.id,
  integrationId: chat.integrationId,
  direction: 'OUTBOUND',
  type: 'TEXT',
  text: 'Yes, from noon.',
  sentAt: '2026-06-10T08:16:00.000Z',
};
const slim = ({ id, chatId, direction, type }: typeof inbound | typeof outbound) => ({ id, chatId, direction, type });

/** The shape is the vendor's, the values are made up. */
function envelope(type: string, id: string, timestamp: string, data: JsonObject): JsonObject {
  const meta = {
    eventId: id,
    event: type,
    occurredAt: timestamp,
    organisationId: '70aa11bb22cc33dd44ee55f0',
    connectionId: '70aa11bb22cc33dd44ee55f1',
    apiVersion: '2026-04-01',
    attempt: 1,
  };
  return { id, type, timestamp, data, meta };
}

/** An example of every event of Wexio, signed as assumed in `index.ts`. */
export const samples = {
  secret: 'wexio-test-secret',
  headers(body, { secret, now, event }) {
    const timestamp = String(Math.floor(now / 1000));
    const signature = hmacKey('sha256', secret)(`${timestamp}.`, body, '', 'hex');
    return {
      'content-type': 'application/json',
      'x-wexio-signature': `t=${timestamp},v1=${signature}`,
      ...(event !== undefined && { 'x-wexio-event': event }),
    };
  },
  events: {
    'chat.created': {
      types: ['chat.created'],
      payload: envelope('chat.created', 'evt_chat_1', '2026-06-10T08:15:30.250Z', {
        chat: {
          ...chat,
          createdAt: '2026-06-10T08:15:30.000Z',
          updatedAt: '2026-06-10T08:15:30.000Z',
          archivedAt: null,
        },
        contact,
      }),
    },
    'chat.updated': {
      types: ['chat.updated'],
      payload: envelope('chat.updated', 'evt_chat_2', '2026-06-10T09:00:00.100Z', {
        chat: { ...chat, updatedAt: '2026-06-10T09:00:00.000Z', archivedAt: '2026-06-10T09:00:00.000Z' },
        previous: { archivedAt: null },
        contact: { peopleId: contact.peopleId },
      }),
    },
    'chat.deleted': {
      types: ['chat.deleted'],
      payload: envelope('chat.deleted', 'evt_chat_3', '2026-06-10T09:30:00.100Z', {
        chat: slimChat,
        deletedAt: '2026-06-10T09:30:00.000Z',
      }),
    },
    'message.inbound.created': {
      types: ['message.inbound'],
      payload: envelope('message.inbound.created', 'evt_in_1', '2026-06-10T08:15:30.300Z', {
        chat,
        message: { ...inbound, raw: { providerMessageId: 'wamid.TESTIN7' } },
        contact,
      }),
    },
    'message.inbound.updated': {
      types: ['message.updated'],
      payload: envelope('message.inbound.updated', 'evt_in_2', '2026-06-10T08:17:00.000Z', {
        chat: slimChat,
        message: { ...inbound, text: 'Is the shop open this Sunday?' },
        previous: { text: inbound.text },
      }),
    },
    'message.inbound.deleted': {
      types: ['message.deleted'],
      payload: envelope('message.inbound.deleted', 'evt_in_3', '2026-06-10T08:20:00.100Z', {
        chat: slimChat,
        message: slim(inbound),
        deletedAt: '2026-06-10T08:20:00.000Z',
      }),
    },
    'message.outbound.created': {
      types: ['message.outbound'],
      payload: envelope('message.outbound.created', 'evt_out_1', '2026-06-10T08:16:00.100Z', {
        chat,
        message: { ...outbound, raw: { providerMessageId: 'wamid.TESTOUT8' } },
        contact,
      }),
    },
    'message.outbound.updated': {
      types: ['message.status'],
      payload: envelope('message.outbound.updated', 'evt_out_2', '2026-06-10T08:16:04.100Z', {
        chat: slimChat,
        message: { ...outbound, deliveredAt: '2026-06-10T08:16:04.000Z' },
        previous: { deliveredAt: null },
      }),
    },
    'message.outbound.deleted': {
      types: ['message.deleted'],
      payload: envelope('message.outbound.deleted', 'evt_out_3', '2026-06-10T08:30:00.100Z', {
        chat: slimChat,
        message: slim(outbound),
        deletedAt: '2026-06-10T08:30:00.000Z',
      }),
    },
    'contact.created': {
      types: ['contact.created'],
      payload: envelope('contact.created', 'evt_contact_1', '2026-06-10T08:00:00.100Z', {
        contact: { ...contact, createdAt: '2026-06-10T08:00:00.000Z', updatedAt: '2026-06-10T08:00:00.000Z' },
      }),
    },
    'contact.updated': {
      types: ['contact.updated'],
      payload: envelope('contact.updated', 'evt_contact_2', '2026-06-10T08:05:00.100Z', {
        contact: { ...contact, tags: ['vip', 'spring'], updatedAt: '2026-06-10T08:05:00.000Z' },
        previous: { lastName: '', tags: ['vip'] },
      }),
    },
    'contact.deleted': {
      types: ['contact.deleted'],
      payload: envelope('contact.deleted', 'evt_contact_3', '2026-06-10T10:00:00.100Z', {
        contact: { peopleId: contact.peopleId },
        deletedAt: '2026-06-10T10:00:00.000Z',
      }),
    },
    'flow.seat_reserved': {
      types: ['flow.event'],
      payload: envelope('flow.seat_reserved', 'evt_flow_1', '2026-06-10T11:00:00.000Z', {
        seat: '14C',
        status: 'held',
        contactId: contact.peopleId,
      }),
    },
  },
} satisfies Samples;
