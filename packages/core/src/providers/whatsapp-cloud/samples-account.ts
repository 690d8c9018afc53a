import type { JsonObject, Sample } from '../samples.ts';
import { contact, delivery, from, metadata, ofNumber } from './samples-envelope.ts';

const managed = (
  field: string,
  type: 'template.updated' | 'account.updated' | 'unknown',
  value: JsonObject,
): Sample => ({
  types: [type],
  payload: delivery(field, value, { time: 1781079360 }),
});

const template = {
  message_template_id: 900000000000001,
  message_template_name: 'order_sent',
  message_template_language: 'en_US',
};

const group = (
  field: string,
  type: 'chat.created' | 'chat.updated' | 'chat.deleted' | 'account.updated',
  item: JsonObject,
): Sample => ({
  types: [type],
  payload: delivery(field, ofNumber({ groups: [{ timestamp: '1781079370', group_id: 'TEST-group-1', ...item }] })),
});

/** Examples of the fields of groups, templates, accounts, numbers and calls. */
export const accountSamples = {
  'group_lifecycle_update.group_create': group('group_lifecycle_update', 'chat.created', {
    type: 'group_create',
    request_id: 'TEST-request-1',
    subject: 'Garden club',
    invite_link: 'https://chat.whatsapp.example/TEST',
  }),
  'group_lifecycle_update.group_create.errors': group('group_lifecycle_update', 'account.updated', {
    type: 'group_create',
    request_id: 'TEST-request-2',
    errors: [{ code: 131215, title: 'The group could not be made' }],
  }),
  'group_lifecycle_update.group_delete': group('group_lifecycle_update', 'chat.deleted', {
    type: 'group_delete',
    request_id: 'TEST-request-3',
  }),
  'group_participants_update.group_participants_add': group('group_participants_update', 'chat.updated', {
    type: 'group_participants_add',
    reason: 'invite_link',
    added_participants: [{ wa_id: '31600000001' }],
  }),
  'group_participants_update.group_participants_remove': group('group_participants_update', 'chat.updated', {
    type: 'group_participants_remove',
    request_id: 'TEST-request-5',
    removed_participants: [{ wa_id: '31600000001' }],
  }),
  'group_participants_update.group_join_request_created': group('group_participants_update', 'chat.updated', {
    type: 'group_join_request_created',
    join_request_id: 'TEST-join-1',
    wa_id: '31600000001',
  }),
  'group_participants_update.group_join_request_revoked': group('group_participants_update', 'chat.updated', {
    type: 'group_join_request_revoked',
    join_request_id: 'TEST-join-1',
    wa_id: '31600000001',
  }),
  group_settings_update: group('group_settings_update', 'chat.updated', {
    type: 'group_settings_update',
    request_id: 'TEST-request-4',
    group_subject: { text: 'Garden and balcony club', update_successful: true },
  }),
  'group_status_update.group_suspend': group('group_status_update', 'chat.updated', { type: 'group_suspend' }),
  message_template_status_update: managed('message_template_status_update', 'template.updated', {
    ...template,
    event: 'APPROVED',
    reason: 'NONE',
    message_template_category: 'UTILITY',
  }),
  message_template_quality_update: managed('message_template_quality_update', 'template.updated', {
    ...template,
    previous_quality_score: 'GREEN',
    new_quality_score: 'YELLOW',
  }),
  message_template_components_update: managed('message_template_components_update', 'template.updated', {
    ...template,
    message_template_element: 'Your order was sent.',
  }),
  template_category_update: managed('template_category_update', 'template.updated', {
    ...template,
    previous_category: 'UTILITY',
    new_category: 'MARKETING',
  }),
  template_correct_category_detection: managed('template_correct_category_detection', 'template.updated', {
    ...template,
    category: 'UTILITY',
    correct_category: 'MARKETING',
  }),
  account_update: managed('account_update', 'account.updated', {
    event: 'PARTNER_ADDED',
    waba_info: { waba_id: 'TEST-account-2', owner_business_id: 'TEST-business-1' },
  }),
  account_alerts: managed('account_alerts', 'account.updated', {
    entity_type: 'WABA',
    alert_severity: 'INFORMATIONAL',
  }),
  account_review_update: managed('account_review_update', 'account.updated', { decision: 'APPROVED' }),
  account_settings_update: managed('account_settings_update', 'account.updated', { type: 'phone_number_settings' }),
  business_capability_update: managed('business_capability_update', 'account.updated', {
    max_daily_conversations_per_business: 2000,
    max_phone_numbers_per_business: 25,
  }),
  business_username_updates: managed('business_username_updates', 'account.updated', {
    display_phone_number: '15550100001',
    username: 'shop.example',
    status: 'approved',
  }),
  flows: managed('flows', 'account.updated', {
    event: 'FLOW_STATUS_CHANGE',
    flow_id: 'TEST-flow-1',
    new_status: 'PUBLISHED',
  }),
  partner_solutions: managed('partner_solutions', 'account.updated', {
    event: 'SOLUTION_UPDATED',
    solution_id: 'TEST-solution-1',
  }),
  payment_configuration_update: managed('payment_configuration_update', 'account.updated', {
    configuration_name: 'shop',
    status: 'Active',
  }),
  phone_number_name_update: managed('phone_number_name_update', 'account.updated', {
    display_phone_number: '15550100001',
    decision: 'APPROVED',
    requested_verified_name: 'Shop',
  }),
  phone_number_quality_update: managed('phone_number_quality_update', 'account.updated', {
    display_phone_number: '15550100001',
    event: 'UPGRADE',
    current_limit: 'TIER_10K',
  }),
  security: managed('security', 'account.updated', { display_phone_number: '15550100001', event: 'PIN_CHANGED' }),
  messaging_handovers: managed('messaging_handovers', 'account.updated', { messaging_product: 'whatsapp', metadata }),
  automatic_events: managed('automatic_events', 'unknown', { messaging_product: 'whatsapp', metadata }),
  consumer_profile: managed('consumer_profile', 'unknown', { messaging_product: 'whatsapp', metadata }),
  'messages.errors': {
    types: ['account.updated'],
    payload: delivery('messages', ofNumber({ errors: [{ code: 130429, title: 'Rate limit hit' }] })),
  },
  'calls.connect': {
    types: ['unknown'],
    payload: delivery(
      'calls',
      ofNumber({
        contacts: [contact],
        calls: [{ id: 'wacid.TEST-1', event: 'connect', from: '380670000001', timestamp: '1781079380' }],
      }),
    ),
  },
  'calls.terminate': {
    types: ['unknown'],
    payload: delivery(
      'calls',
      ofNumber({
        contacts: [contact],
        calls: [{ id: 'wacid.TEST-1', event: 'terminate', from: '380670000001', timestamp: '1781079390' }],
      }),
    ),
  },
  'calls.status': {
    types: ['unknown'],
    payload: delivery(
      'calls',
      ofNumber({
        statuses: [{ id: 'wacid.TEST-2', type: 'call', status: 'RINGING', timestamp: '1781079380' }],
      }),
    ),
  },
} satisfies Record<string, Sample>;

/** A delivery as it comes after an outage: several accounts and numbers, messages and statuses together. */
export const batchSamples = {
  batch: {
    types: ['message.inbound', 'message.reaction', 'message.status', 'message.inbound', 'message.outbound', 'unknown'],
    payload: {
      object: 'whatsapp_business_account',
      entry: [
        {
          id: 'TEST-account-1',
          changes: [
            {
              field: 'messages',
              value: ofNumber({
                contacts: [contact],
                messages: [
                  { ...from('batch-1'), type: 'text', text: { body: 'One' } },
                  { ...from('batch-2'), type: 'reaction', reaction: { message_id: 'wamid.TEST-earlier', emoji: '🎉' } },
                ],
                statuses: [
                  { id: 'wamid.TEST-batch-3', status: 'read', timestamp: '1781079331', recipient_id: '31600000001' },
                ],
              }),
            },
          ],
        },
        {
          id: 'TEST-account-2',
          changes: [
            {
              field: 'messages',
              value: {
                messaging_product: 'whatsapp',
                metadata: { display_phone_number: '15550100002', phone_number_id: 'TEST-number-2' },
                messages: [{ ...from('batch-4'), type: 'text', text: { body: 'Two' } }],
              },
            },
            {
              field: 'smb_message_echoes',
              value: {
                messaging_product: 'whatsapp',
                metadata: { display_phone_number: '15550100003', phone_number_id: 'TEST-number-3' },
                message_echoes: [
                  {
                    from: '15550100003',
                    to: '380670000001',
                    id: 'wamid.TEST-batch-5',
                    timestamp: '1781079330',
                    type: 'text',
                    text: { body: 'Three' },
                  },
                ],
              },
            },
            { field: 'a_field_of_tomorrow', value: { id: 'TEST-tomorrow-1' } },
          ],
        },
      ],
    },
  },
} satisfies Record<string, Sample>;
