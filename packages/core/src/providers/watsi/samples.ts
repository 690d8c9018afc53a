import { hmacKey } from '../../signatures/hmac-key.ts';
import type { JsonObject, Samples } from '../samples.ts';

/** The shapes are the vendor's, the values are made up. */
const envelope = (type: string, id: string, created_at: string, data: JsonObject): JsonObject => ({
  id,
  type,
  created_at,
  workspace_id: '0d5f2c1e-7a34-4b0a-9f61-3c2f5f0e8a11',
  data,
});

/** An example of every event of Watsi. */
export const samples = {
  secret: 'watsi-test-secret',
  headers(body, { secret, event }) {
    return {
      'content-type': 'application/json',
      'x-watsi-signature': hmacKey('sha256', secret)('', body, '', 'hex'),
      ...(event !== undefined && { 'x-watsi-event': event }),
    };
  },
  events: {
    'message.received': {
      types: ['message.inbound'],
      payload: envelope('message.received', 'evt_TEST0001', '2026-06-10T08:15:20.000Z', {
        from: '31600000001',
        body: 'Goedemorgen ☕',
        messageId: 'wamid.TEST0001',
        conversationId: 'conv_900',
        channel: 'whatsapp',
      }),
    },
    'message.status': {
      types: ['message.status'],
      payload: envelope('message.status', 'evt_TEST0002', '2026-06-10T08:15:30.000Z', {
        messageId: 'wamid.TEST0002',
        status: 'read',
        recipientId: '31600000001',
        timestamp: '1781079330',
      }),
    },
    'conversation.created': {
      types: ['chat.created'],
      payload: envelope('conversation.created', 'evt_TEST0003', '2026-06-10T08:15:20.000Z', {
        conversationId: 'conv_900',
        contactId: 'cont_77',
        status: 'active',
        channel: 'whatsapp',
      }),
    },
    'conversation.updated': {
      types: ['chat.updated'],
      payload: envelope('conversation.updated', 'evt_TEST0004', '2026-06-10T09:15:20.000Z', {
        conversationId: 'conv_900',
        status: 'closed',
        assignedUserId: 'usr_5',
        watsiEnabled: true,
      }),
    },
    'contact.created': {
      types: ['contact.created'],
      payload: envelope('contact.created', 'evt_TEST0005', '2026-06-10T08:15:19.000Z', {
        contactId: 'cont_77',
        phone: '+31600000001',
        name: 'Joost de Wit',
      }),
    },
    'contact.updated': {
      types: ['contact.updated'],
      payload: envelope('contact.updated', 'evt_TEST0006', '2026-06-11T08:15:19.000Z', {
        contactId: 'cont_77',
        name: 'J. de Wit',
        email: 'joost@example.org',
      }),
    },
  },
} satisfies Samples;
