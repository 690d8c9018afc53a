import * as crypto from 'node:crypto';
import { hmacKey } from '../../signatures/hmac-key.ts';
import type { JsonObject, Samples } from '../samples.ts';
import { chat, conversation, number, receivedSamples } from './samples-received.ts';

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
      // Version 1 has another name for a number.
      'x-webhook-payload-version': event === 'whatsapp.config.created' ? 'v1' : 'v2',
      'x-idempotency-key': event ?? content,
      // Names of Kapso have three parts; a fourth one is the kind of message, or that there are several.
      ...(event !== undefined && { 'x-webhook-event': event.split('.').slice(0, 3).join('.') }),
      ...(event?.endsWith('.batch') && { 'x-webhook-batch': 'true' }),
    };
  },
  events: {
    ...receivedSamples,
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
    'whatsapp.config.created': {
      types: ['account.updated'],
      payload: { whatsapp_config: { phone_number_id: number } },
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
