import type { JsonObject, Sample } from '../samples.ts';
import { contact, delivery, from, inbound, ofNumber } from './samples-envelope.ts';

const status = (word: string, more: JsonObject = {}, contacts: readonly JsonObject[] = [contact]): Sample => ({
  types: ['message.status'],
  payload: delivery(
    'messages',
    ofNumber({
      ...(contacts.length > 0 && { contacts }),
      statuses: [
        {
          id: 'wamid.TEST-sent-1',
          status: word,
          timestamp: '1781079331',
          recipient_id: '380670000001',
          recipient_user_id: 'UA.TEST0001',
          ...more,
        },
      ],
    }),
  ),
});

/** An example of every status. */
export const statusSamples = {
  'statuses.sent': status('sent', {
    conversation: { id: 'TEST-conversation-1', expiration_timestamp: '1781165731', origin: { type: 'marketing' } },
    pricing: { billable: true, pricing_model: 'PMP', type: 'regular', category: 'marketing' },
    biz_opaque_callback_data: 'order-42',
  }),
  'statuses.delivered': status('delivered'),
  'statuses.read': status('read'),
  'statuses.played': status('played'),
  'statuses.failed': status(
    'failed',
    {
      errors: [
        {
          code: 131026,
          title: 'Message undeliverable',
          message: 'Message undeliverable',
          error_data: { details: 'The recipient has not accepted our new terms.' },
          href: 'https://developers.example/error-codes',
        },
      ],
    },
    [],
  ),
  'statuses.deleted': { ...status('deleted'), types: ['message.deleted'] },
  'statuses.delivered.group': {
    types: ['message.status', 'message.status'],
    payload: delivery(
      'messages',
      ofNumber({
        statuses: ['380670000001', '31600000001'].map((recipient_participant_id) => ({
          id: 'wamid.TEST-sent-2',
          status: 'delivered',
          timestamp: '1781079331',
          recipient_id: 'TEST-group-1',
          recipient_type: 'group',
          recipient_participant_id,
        })),
      }),
    ),
  },
} satisfies Record<string, Sample>;

const echo = (message: JsonObject, types: Sample['types'] = ['message.outbound']): Sample => ({
  types,
  payload: delivery(
    'smb_message_echoes',
    ofNumber({
      message_echoes: [
        { from: '15550100001', to: '380670000001', to_user_id: 'UA.TEST0001', timestamp: '1781079340', ...message },
      ],
    }),
  ),
});

const past = (id: string, ...messages: readonly JsonObject[]) => ({
  id,
  messages: messages.map((message) => ({ timestamp: '1771079330', type: 'text', ...message })),
});

/** Examples of what comes from the phone app, and of copies for an observer. */
export const appSamples = {
  'smb_message_echoes.text': echo({ id: 'wamid.TEST-echo', type: 'text', text: { body: 'Yes, in dark blue' } }),
  'smb_message_echoes.edit': echo(
    {
      id: 'wamid.TEST-echo-edit',
      type: 'edit',
      edit: { original_message_id: 'wamid.TEST-echo', message: { type: 'text', text: { body: 'In navy' } } },
    },
    ['message.updated'],
  ),
  'smb_message_echoes.revoke': echo(
    { id: 'wamid.TEST-echo-revoke', type: 'revoke', revoke: { original_message_id: 'wamid.TEST-echo' } },
    ['message.deleted'],
  ),
  history: {
    types: ['message.inbound', 'message.outbound', 'message.status', 'message.inbound', 'account.updated'],
    payload: delivery(
      'history',
      ofNumber({
        history: [
          {
            metadata: { phase: 0, chunk_order: 1, progress: 55 },
            threads: [
              past(
                '380670000001',
                { from: '380670000001', id: 'wamid.TEST-past-1', text: { body: 'Are you open?' } },
                {
                  from: '15550100001',
                  to: '380670000001',
                  id: 'wamid.TEST-past-2',
                  text: { body: 'Until six' },
                  history_context: { status: 'READ' },
                },
              ),
              past('31600000001', { from: '31600000001', id: 'wamid.TEST-past-3', type: 'media_placeholder' }),
            ],
          },
        ],
      }),
    ),
  },
  'history.errors': {
    types: ['account.updated'],
    payload: delivery(
      'history',
      ofNumber({ history: [{ errors: [{ code: 2593109, title: 'History sync is turned off by the business' }] }] }),
    ),
  },
  standby: {
    types: ['message.inbound'],
    payload: delivery(
      'standby',
      ofNumber({ contacts: [contact], messages: [{ ...from('standby'), type: 'text', text: { body: 'Hi, bot' } }] }),
    ),
  },
} satisfies Record<string, Sample>;

const sync = (action: string, contactOfApp: JsonObject) =>
  delivery(
    'smb_app_state_sync',
    ofNumber({
      state_sync: [{ type: 'contact', action, contact: contactOfApp, metadata: { timestamp: '1781079350' } }],
    }),
  );

/** Examples of news of a person. */
export const personSamples = {
  'message.system.user_changed_number': inbound(
    {
      ...from('new-number'),
      type: 'system',
      system: {
        type: 'user_changed_number',
        body: 'User Olena K changed from 380670000001 to 380670000003',
        wa_id: '380670000003',
        user_id: 'UA.TEST0003',
      },
    },
    ['message.inbound', 'contact.identityChanged'],
  ),
  'message.system.user_changed_user_id': {
    types: ['message.inbound', 'contact.identityChanged'],
    payload: delivery(
      'messages',
      ofNumber({
        messages: [
          {
            from_user_id: 'UA.TEST0005',
            id: 'wamid.TEST-new-user-id',
            timestamp: '1781079330',
            type: 'system',
            system: { type: 'user_changed_user_id', previous_user_id: 'UA.TEST0004', user_id: 'UA.TEST0005' },
          },
        ],
      }),
    ),
  },
  user_id_update: {
    types: ['contact.identityChanged'],
    payload: delivery(
      'user_id_update',
      ofNumber({
        user_id_update: [
          {
            wa_id: '380670000006',
            detail: 'The user id changed',
            user_id: { previous: 'UA.TEST0006', current: 'UA.TEST0007' },
            timestamp: '1781079330',
          },
        ],
      }),
    ),
  },
  user_preferences: {
    types: ['contact.updated'],
    payload: delivery(
      'user_preferences',
      ofNumber({
        contacts: [contact],
        user_preferences: [
          {
            wa_id: '380670000001',
            detail: 'User requested to stop marketing messages',
            category: 'marketing_messages',
            value: 'stop',
            timestamp: 1781079330,
          },
        ],
      }),
    ),
  },
  'smb_app_state_sync.add': {
    types: ['contact.created'],
    payload: sync('add', {
      full_name: 'Olena Kovalenko',
      first_name: 'Olena',
      phone_number: '380670000001',
      user_id: 'UA.TEST0001',
      username: 'olena.k',
    }),
  },
  'smb_app_state_sync.remove': {
    types: ['contact.deleted'],
    payload: sync('remove', { full_name: 'Joost de Wit', first_name: 'Joost', phone_number: '31600000001' }),
  },
} satisfies Record<string, Sample>;
