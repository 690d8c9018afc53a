import { hmacKey } from '../../signatures/hmac-key.ts';
import type { Samples } from '../samples.ts';

/** Events whose samples below are in the dialect of the developer docs; the others are in that of the help centre. */
const docsEvents: ReadonlySet<string | undefined> = new Set([
  'message.received',
  'message.delivered',
  'message.read',
  'ping',
  undefined,
]);

const contactId = '5d0a6c8e-1111-4222-8333-944455566677';

/**
 * An example of every event of AISoule, each in one of the vendor's dialects. The shapes are the vendor's where it
 * publishes one, the values are made up. No page shows `message.delivered` and `contact.updated`: theirs are assumed.
 */
export const samples = {
  secret: 'aisoule-test-secret',
  headers(body, { secret, event }) {
    const signature = hmacKey('sha256', secret)('', body, '', 'hex');
    return {
      'content-type': 'application/json',
      ...(docsEvents.has(event)
        ? { 'x-aisoule-signature': `sha256=${signature}` }
        : { 'x-webhook-signature': signature }),
    };
  },
  events: {
    'message.incoming': {
      types: ['message.inbound'],
      payload: {
        event: 'message.incoming',
        timestamp: '2026-06-10T08:15:30Z',
        data: {
          message_id: 'wamid.TESTIN1',
          from: '+4915100000001',
          contact_id: contactId,
          contact_name: 'Lena Brandt',
          type: 'text',
          text: 'Liefern Sie nach Köln? 🚚',
          whatsapp_account_id: 'aa0a6c8e-1111-4222-8333-944455566677',
        },
      },
    },
    'message.received': {
      types: ['message.inbound'],
      payload: {
        event: 'message.received',
        timestamp: 1781079330,
        data: {
          message_id: 'msg_test01',
          waba_number: '4930000001',
          sender: '4915100000001',
          recipient: '4930000001',
          type: 'text',
          body: 'Do you ship to Bonn?',
        },
      },
    },
    'message.sent': {
      types: ['message.status'],
      payload: {
        event: 'message.sent',
        timestamp: '2026-06-10T08:15:34Z',
        data: { message_id: 'wamid.TESTOUT1', to: '+4915100000001', type: 'text', status: 'sent' },
      },
    },
    'message.delivered': {
      types: ['message.status'],
      payload: {
        event: 'message.delivered',
        timestamp: 1781079360,
        data: {
          message_id: 'msg_test02',
          waba_number: '4930000001',
          sender: '4930000001',
          recipient: '4915100000001',
          status: 'delivered',
        },
      },
    },
    'message.read': {
      types: ['message.status'],
      payload: {
        event: 'message.read',
        timestamp: 1781079400,
        data: {
          message_id: 'msg_test02',
          waba_number: '4930000001',
          sender: '4930000001',
          recipient: '4915100000001',
          status: 'read',
        },
      },
    },
    'message.failed': {
      types: ['message.status'],
      payload: {
        event: 'message.failed',
        data: {
          message_id: 'wamid.TESTOUT2',
          to: '+4915100000001',
          error_code: 131026,
          error_message: 'Message undeliverable',
        },
      },
    },
    'contact.created': {
      types: ['contact.created'],
      payload: {
        event: 'contact.created',
        data: { id: contactId, phone_number: '+4915100000001', name: 'Lena Brandt', source: 'import' },
      },
    },
    'contact.updated': {
      types: ['contact.updated'],
      payload: {
        event: 'contact.updated',
        data: { id: contactId, phone_number: '+4915100000001', name: 'Lena Brandt-Wolf', source: 'import' },
      },
    },
    'campaign.completed': {
      types: ['campaign.completed'],
      payload: {
        event: 'campaign.completed',
        data: {
          id: 'bb0a6c8e-1111-4222-8333-944455566677',
          name: 'June restock',
          total: 200,
          sent: 198,
          delivered: 190,
          read: 120,
          failed: 2,
        },
      },
    },
    'transfer.created': {
      types: ['transfer.created'],
      payload: {
        event: 'transfer.created',
        data: {
          contact_id: contactId,
          from_agent_id: null,
          to_agent_id: 'cc0a6c8e-1111-4222-8333-944455566677',
          to_team_id: 'dd0a6c8e-1111-4222-8333-944455566677',
          notes: 'Wants an invoice copy',
        },
      },
    },
    ping: { types: ['ping'], payload: { event: 'ping' } },
  },
} satisfies Samples;
