import * as crypto from 'node:crypto';
import { hmacKey } from '../../signatures/hmac-key.ts';
import type { JsonObject, Samples } from '../samples.ts';

const number = '100000000000001';
const chat = 'conv_TEST01';

const conversation = (fields: JsonObject = {}): JsonObject => ({
  id: chat,
  phone_number: '+31600000001',
  business_scoped_user_id: 'NL.TEST0000000001',
  username: 'mirte.vos',
  status: 'active',
  last_active_at: '2026-06-10T08:15:30Z',
  created_at: '2026-06-10T08:15:00Z',
  updated_at: '2026-06-10T08:15:30Z',
  metadata: {},
  phone_number_id: number,
  kapso: { contact_name: 'Mirte Vos', messages_count: 1, last_outbound_at: null },
  ...fields,
});

/** The shapes are the vendor's, the values are made up. */
const received = (id: string, content: JsonObject, kapso: JsonObject = {}): JsonObject => ({
  message: {
    id,
    from: '31600000001',
    timestamp: '1781079330',
    ...content,
    kapso: {
      direction: 'inbound',
      status: 'received',
      processing_status: 'pending',
      origin: 'cloud_api',
      has_media: false,
      ...kapso,
    },
  },
  conversation: conversation(),
  is_new_conversation: false,
  phone_number_id: number,
});

const sent = (id: string, status: string, past: JsonObject): JsonObject => ({
  message: {
    id,
    timestamp: '1781079390',
    type: 'text',
    text: { body: 'Yes, from noon.' },
    kapso: {
      direction: 'outbound',
      status,
      processing_status: 'completed',
      origin: 'cloud_api',
      has_media: false,
      statuses: [{ id, status, timestamp: '1781079390', recipient_id: '31600000001', ...past }],
    },
  },
  conversation: conversation(),
  is_new_conversation: false,
  phone_number_id: number,
});

const pricing = { billable: true, pricing_model: 'PMP', category: 'utility', type: 'regular' };

const workflow = (event: string, id: string, fields: JsonObject): JsonObject => ({
  event,
  occurred_at: '2026-06-10T12:00:00Z',
  project_id: '00000000-0000-4000-8000-00000000a001',
  workflow_id: '00000000-0000-4000-8000-00000000b001',
  workflow_execution_id: id,
  channel: 'whatsapp',
  whatsapp_conversation_id: chat,
  ...fields,
});

/** An example of every event of Kapso, and of the kinds of messages. */
export const samples = {
  secret: 'kapso-test-secret',
  headers(body, { secret, event }) {
    const content = crypto.createHash('sha256').update(body).digest('hex').slice(0, 16);
    return {
      'content-type': 'application/json',
      'x-webhook-signature': hmacKey('sha256', secret)('', body, '', 'hex'),
      'x-webhook-payload-version': 'v2',
      'x-idempotency-key': event ?? content,
      // Names of Kapso have three parts; a fourth one is the kind of message.
      ...(event !== undefined && { 'x-webhook-event': event.split('.').slice(0, 3).join('.') }),
    };
  },
  events: {
    'whatsapp.message.received': {
      types: ['message.inbound'],
      payload: received('wamid.TESTK01', {
        type: 'text',
        text: { body: 'Is the shop open on Sunday? ☀️' },
        context: { id: 'wamid.TESTK00', from: number },
        referral: {
          source_id: '1200000000001',
          source_type: 'ad',
          source_url: 'https://example.com/ad',
          ctwa_clid: 'clid_TEST01',
          headline: 'Spring in the garden',
          body: 'Seeds and more',
          image_url: 'https://example.com/ad.jpg',
        },
      }),
    },
    'whatsapp.message.received.image': {
      types: ['message.inbound'],
      payload: received(
        'wamid.TESTK02',
        { type: 'image', image: { caption: 'My garden', id: '2000000000001', mime_type: 'image/jpeg' } },
        {
          has_media: true,
          media_url: 'https://example.com/media/1',
          media_data: {
            url: 'https://example.com/media/1',
            filename: 'garden.jpg',
            content_type: 'image/jpeg',
            byte_size: 204800,
          },
        },
      ),
    },
    'whatsapp.message.received.audio': {
      types: ['message.inbound'],
      payload: received('wamid.TESTK03', {
        type: 'audio',
        audio: { id: '2000000000002', voice: true, mime_type: 'audio/ogg; codecs=opus' },
      }),
    },
    'whatsapp.message.received.location': {
      types: ['message.inbound'],
      payload: received('wamid.TESTK04', {
        type: 'location',
        location: { latitude: 52.09, longitude: 5.12, name: 'Shop', address: '1 Market Square' },
      }),
    },
    'whatsapp.message.received.interactive': {
      types: ['message.inbound'],
      payload: received('wamid.TESTK05', {
        type: 'interactive',
        interactive: { type: 'button_reply', button_reply: { id: 'btn_1', title: 'Confirm' } },
      }),
    },
    'whatsapp.message.received.contacts': {
      types: ['message.inbound'],
      payload: received('wamid.TESTK06', {
        type: 'contacts',
        contacts: [{ name: { formatted_name: 'Joost de Wit' }, phones: [{ phone: '+31600000002' }] }],
      }),
    },
    'whatsapp.message.received.reaction': {
      types: ['message.reaction'],
      payload: received('wamid.TESTK07', {
        type: 'reaction',
        reaction: { message_id: 'wamid.TESTK10', emoji: '👍' },
      }),
    },
    'whatsapp.message.sent': {
      types: ['message.outbound', 'message.status'],
      payload: sent('wamid.TESTK10', 'sent', { pricing, biz_opaque_callback_data: 'order-17' }),
    },
    'whatsapp.message.delivered': {
      types: ['message.status'],
      payload: sent('wamid.TESTK11', 'delivered', { pricing }),
    },
    'whatsapp.message.read': { types: ['message.status'], payload: sent('wamid.TESTK12', 'read', {}) },
    'whatsapp.message.failed': {
      types: ['message.status'],
      payload: sent('wamid.TESTK13', 'failed', {
        errors: [
          {
            code: 131047,
            title: 'Re-engagement message',
            message: 'More than 24 hours have passed since the recipient last replied',
            error_data: { details: 'Send a template instead' },
          },
        ],
      }),
    },
    'whatsapp.conversation.created': {
      types: ['chat.created'],
      payload: { conversation: conversation(), phone_number_id: number },
    },
    'whatsapp.conversation.ended': {
      types: ['chat.updated'],
      payload: {
        conversation: conversation({ status: 'ended', updated_at: '2026-06-11T08:15:30Z' }),
        phone_number_id: number,
      },
    },
    'whatsapp.conversation.inactive': {
      types: ['unknown'],
      payload: {
        conversation: conversation(),
        since_message: {
          id: 'msg_TEST01',
          whatsapp_message_id: 'wamid.TESTK01',
          direction: 'inbound',
          created_at: '2026-06-10T08:15:30Z',
        },
        inactivity: { minutes: 60 },
        phone_number_id: number,
      },
    },
    'whatsapp.phone_number.created': {
      types: ['account.updated'],
      payload: {
        phone_number_id: number,
        project: { id: '00000000-0000-4000-8000-00000000a001' },
        customer: { id: '00000000-0000-4000-8000-00000000c001' },
      },
    },
    'workflow.execution.handoff': {
      types: ['account.updated'],
      payload: workflow('workflow.execution.handoff', '00000000-0000-4000-8000-00000000d001', {
        status: 'handoff',
        handoff: { reason: 'User requested human assistance', source: 'agent_tool' },
      }),
    },
    'workflow.execution.failed': {
      types: ['account.updated'],
      payload: workflow('workflow.execution.failed', '00000000-0000-4000-8000-00000000d002', {
        status: 'failed',
        error: { message: 'Workflow execution timed out' },
      }),
    },
  },
} satisfies Samples;
