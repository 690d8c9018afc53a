import * as crypto from 'node:crypto';
import { hmacKey } from '../../signatures/hmac-key.ts';
import type { JsonObject, Sample, Samples } from '../samples.ts';

const account = { id: 7, name: 'Garden Shop' };
const inbox = { id: 3, name: 'WhatsApp' };
const sender = {
  id: 14,
  name: 'Mirte Vos',
  email: 'mirte@example.org',
  phone_number: '+31600000001',
  identifier: null,
  avatar: '',
  thumbnail: 'https://example.com/mirte.jpg',
  additional_attributes: { company_name: 'Vos BV', country_code: 'NL' },
  custom_attributes: { plan: 'premium' },
  type: 'contact',
};
const agent = { id: 5, name: 'Joost', email: 'joost@example.org', type: 'user' };

const conversation = (fields: JsonObject = {}): JsonObject => ({
  additional_attributes: {},
  can_reply: true,
  channel: 'Channel::Whatsapp',
  id: 10,
  inbox_id: inbox.id,
  contact_inbox: { id: 12, contact_id: sender.id, inbox_id: inbox.id, source_id: '31600000001' },
  messages: [{ id: 117, account_id: account.id, private: false, message_type: 0 }],
  meta: { sender, assignee: null, hmac_verified: false },
  status: 'open',
  unread_count: 1,
  account_id: account.id,
  created_at: 1781079300,
  updated_at: 1781079330.25,
  timestamp: 1781079330,
  ...fields,
});

/** The shapes are the vendor's, the values are made up. */
const message = (event: string, id: number, fields: JsonObject): JsonObject => ({
  account,
  additional_attributes: {},
  content_attributes: {},
  content_type: 'text',
  conversation: conversation(),
  created_at: '2026-06-10T08:15:30.000Z',
  id,
  inbox,
  message_type: 'incoming',
  private: false,
  sender,
  source_id: `wamid.TESTC${id}`,
  event,
  ...fields,
});
const file = (id: number, type: string, name: string): JsonObject => ({
  id,
  file_type: type,
  account_id: account.id,
  extension: null,
  data_url: `https://example.com/rails/active_storage/${id}/${name}`,
  thumb_url: type === 'image' ? `https://example.com/rails/active_storage/${id}/small.jpg` : '',
  file_size: 204800,
});
const withFiles = (id: number, ...files: readonly JsonObject[]): Sample => ({
  types: ['message.inbound'],
  payload: message('message_created', id, {
    content: null,
    attachments: files.map((file) => ({ ...file, message_id: id })),
  }),
});
const fromAgent = { message_type: 'outgoing', sender: agent };

const changed = (name: string, previous: string | number | null, current: string | number | null): JsonObject => ({
  [name]: { previous_value: previous, current_value: current },
});

/** An example of every event of Chatwoot, and of the kinds of messages. */
export const samples = {
  secret: 'chatwoot-test-secret',
  headers(body, { secret, now, event }) {
    const timestamp = String(Math.floor(now / 1000));
    const content = crypto
      .createHash('sha256')
      .update(event ?? body)
      .digest('hex');
    return {
      'content-type': 'application/json',
      'x-chatwoot-delivery': content.slice(0, 32),
      'x-chatwoot-timestamp': timestamp,
      'x-chatwoot-signature': `sha256=${hmacKey('sha256', secret)(`${timestamp}.`, body, '', 'hex')}`,
    };
  },
  events: {
    message_created: {
      types: ['message.inbound'],
      payload: message('message_created', 118, {
        content: 'Is the shop open on Sunday? ☀️',
        content_attributes: { in_reply_to: 117 },
      }),
    },
    'message_created (attachments)': withFiles(119, file(31, 'image', 'garden.jpg'), file(33, 'image', 'roses.jpg')),
    'message_created (audio)': withFiles(125, file(34, 'audio', 'voice.ogg')),
    'message_created (video)': withFiles(126, file(35, 'video', 'garden.mp4')),
    'message_created (file)': withFiles(127, file(36, 'file', 'order.pdf'), file(37, 'image', 'label.jpg')),
    'message_created (location)': {
      types: ['message.inbound'],
      payload: message('message_created', 120, {
        content: null,
        attachments: [
          {
            id: 32,
            message_id: 120,
            file_type: 'location',
            coordinates_lat: 52.09,
            coordinates_long: 5.12,
            fallback_title: 'Shop',
          },
        ],
      }),
    },
    'message_created (outgoing)': {
      types: ['message.outbound'],
      payload: message('message_created', 121, { ...fromAgent, content: 'Yes, from noon.', source_id: null }),
    },
    'message_created (private note)': {
      types: ['unknown'],
      payload: message('message_created', 122, { ...fromAgent, content: 'A regular.', private: true, source_id: null }),
    },
    message_updated: {
      types: ['message.updated'],
      payload: message('message_updated', 121, { ...fromAgent, content: 'Yes, from noon.' }),
    },
    'message_updated (deleted)': {
      types: ['message.deleted'],
      payload: message('message_updated', 123, {
        ...fromAgent,
        content: 'This message was deleted',
        content_attributes: { deleted: true },
      }),
    },
    'message_updated (form)': {
      types: ['message.updated'],
      payload: message('message_updated', 124, {
        ...fromAgent,
        content: 'How many?',
        content_type: 'input_select',
        content_attributes: { submitted_values: [{ title: 'Two', value: '2' }] },
      }),
    },
    conversation_created: {
      types: ['chat.created'],
      payload: { ...conversation(), event: 'conversation_created' },
    },
    conversation_status_changed: {
      types: ['chat.updated'],
      payload: {
        ...conversation({ status: 'resolved', meta: { sender, assignee: agent } }),
        event: 'conversation_status_changed',
        changed_attributes: [changed('status', 'open', 'resolved')],
      },
    },
    conversation_updated: {
      types: ['chat.updated'],
      payload: {
        ...conversation({ meta: { sender, assignee: agent } }),
        event: 'conversation_updated',
        changed_attributes: [changed('assignee_id', null, agent.id)],
      },
    },
    conversation_opened: {
      types: ['chat.updated'],
      payload: { ...conversation(), event: 'conversation_opened' },
    },
    conversation_resolved: {
      types: ['chat.updated'],
      payload: { ...conversation({ status: 'resolved' }), event: 'conversation_resolved' },
    },
    contact_created: { types: ['contact.created'], payload: { ...sender, account, event: 'contact_created' } },
    contact_updated: {
      types: ['contact.updated'],
      payload: {
        ...sender,
        account,
        event: 'contact_updated',
        changed_attributes: [changed('name', 'little-haze-776', sender.name)],
      },
    },
    inbox_created: {
      types: ['account.updated'],
      payload: { ...inbox, channel_type: 'Channel::Whatsapp', account_id: account.id, event: 'inbox_created' },
    },
    inbox_updated: {
      types: ['account.updated'],
      payload: {
        ...inbox,
        channel_type: 'Channel::Whatsapp',
        account_id: account.id,
        event: 'inbox_updated',
        changed_attributes: [changed('name', 'Web', inbox.name)],
      },
    },
    webwidget_triggered: {
      types: ['unknown'],
      payload: {
        id: 12,
        contact: sender,
        inbox,
        account,
        current_conversation: null,
        source_id: '00000000-0000-4000-8000-000000000001',
        event: 'webwidget_triggered',
        event_info: { widget_language: 'nl' },
      },
    },
    conversation_typing_on: {
      types: ['unknown'],
      payload: { user: agent, conversation: conversation(), is_private: false, event: 'conversation_typing_on' },
    },
    conversation_typing_off: {
      types: ['unknown'],
      payload: { user: agent, conversation: conversation(), is_private: false, event: 'conversation_typing_off' },
    },
  },
} satisfies Samples;
