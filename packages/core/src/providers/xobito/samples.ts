import { hmacKey } from '../../signatures/hmac-key.ts';
import type { JsonObject, Samples } from '../samples.ts';

/** The shapes are the vendor's, the values are made up. */
const record = (model: string, event: string, timestamp: string, id: number, attributes: JsonObject): JsonObject => ({
  event,
  model: `App\\Models\\Tenant\\${model}`,
  data: { id, attributes, relations: {} },
  original: null,
  timestamp,
});
const message = (event: string, timestamp: string, data: JsonObject): JsonObject => ({
  event,
  model: 'WhatsAppMessage',
  data: { ...data, tenant_id: 42 },
  timestamp,
});

const contact = {
  id: 9001,
  tenant_id: 42,
  firstname: 'Inês',
  lastname: 'Duarte',
  company: null,
  type: 'customer',
  description: null,
  country_id: 177,
  zip: '1100-148',
  city: 'Lisboa',
  state: null,
  address: null,
  phone: '+351910000001',
  email: 'ines@example.org',
  status_id: 3,
  source_id: 5,
};

/** An example of every event of Xobito. Names of fields in `message.received`, and of labels, are assumed. */
export const samples = {
  secret: 'xobito-test-secret',
  headers(body, { secret, event }) {
    return {
      'content-type': 'application/json',
      'x-webhook-signature': hmacKey('sha256', secret)('', body, '', 'hex'),
      // Listed for messages only.
      ...(event?.startsWith('message.') && { 'x-webhook-event': event }),
    };
  },
  events: {
    'Contact.created': {
      types: ['contact.created'],
      payload: record('Contact', 'created', '2026-06-10T08:00:00+00:00', 9001, contact),
    },
    'Contact.updated': {
      types: ['contact.updated'],
      payload: record('Contact', 'updated', '2026-06-10T08:05:00+00:00', 9001, { ...contact, company: 'Duarte Lda' }),
    },
    'Contact.deleted': {
      types: ['contact.deleted'],
      payload: record('Contact', 'deleted', '2026-06-10T10:00:00+00:00', 9001, contact),
    },
    'Status.created': {
      types: ['contactStatus.created'],
      payload: record('Status', 'created', '2026-06-10T07:00:00+00:00', 3, { id: 3, name: 'Active', color: '#00aa55' }),
    },
    'Status.updated': {
      types: ['contactStatus.updated'],
      payload: record('Status', 'updated', '2026-06-10T07:01:00+00:00', 3, { id: 3, name: 'Loyal', color: '#00aa55' }),
    },
    'Status.deleted': {
      types: ['contactStatus.deleted'],
      payload: record('Status', 'deleted', '2026-06-10T07:02:00+00:00', 3, { id: 3, name: 'Loyal', color: '#00aa55' }),
    },
    'Source.created': {
      types: ['contactSource.created'],
      payload: record('Source', 'created', '2026-06-10T07:00:00+00:00', 5, { id: 5, name: 'Fair' }),
    },
    'Source.updated': {
      types: ['contactSource.updated'],
      payload: record('Source', 'updated', '2026-06-10T07:01:00+00:00', 5, { id: 5, name: 'Spring fair' }),
    },
    'Source.deleted': {
      types: ['contactSource.deleted'],
      payload: record('Source', 'deleted', '2026-06-10T07:02:00+00:00', 5, { id: 5, name: 'Spring fair' }),
    },
    'message.sent': {
      types: ['message.outbound', 'message.status'],
      payload: message('message.sent', '2026-06-10T08:15:28+00:00', {
        message_id: 'wamid.TEST0001',
        status: 'sent',
        error_message: null,
        text: 'Your parcel leaves today. 📦',
        type: 'text',
      }),
    },
    'message.delivered': {
      types: ['message.status'],
      payload: message('message.delivered', '2026-06-10T08:15:30+00:00', {
        message_id: 'wamid.TEST0001',
        status: 'delivered',
        error_message: null,
      }),
    },
    'message.read': {
      types: ['message.status'],
      payload: message('message.read', '2026-06-10T08:16:00+00:00', {
        message_id: 'wamid.TEST0001',
        status: 'read',
        error_message: null,
      }),
    },
    'message.failed': {
      types: ['message.status'],
      payload: message('message.failed', '2026-06-10T08:15:29+00:00', {
        message_id: 'wamid.TEST0009',
        status: 'failed',
        error_message: 'Number is not registered',
      }),
    },
    'message.received': {
      types: ['message.inbound'],
      payload: message('message.received', '2026-06-10T08:20:00+00:00', {
        message_id: 'wamid.TESTIN01',
        from: '351910000001',
        text: 'Can I change my order?',
        type: 'text',
        media: null,
        media_filename: null,
        reply_to_message_id: 'wamid.TEST0001',
      }),
    },
  },
} satisfies Samples;
