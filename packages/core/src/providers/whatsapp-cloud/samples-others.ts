import type { JsonObject, Sample } from '../samples.ts';
import { contact, delivery, from, ofNumber } from './samples-envelope.ts';

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
  'statuses.delivered.hidden_number': {
    types: ['message.status'],
    payload: delivery(
      'messages',
      ofNumber({
        contacts: [{ profile: { name: 'Olena K', username: 'olena.k' }, user_id: 'UA.TEST0002' }],
        statuses: [
          {
            id: 'wamid.TEST-sent-3',
            status: 'delivered',
            timestamp: '1781079331',
            recipient_user_id: 'UA.TEST0002',
          },
        ],
      }),
    ),
  },
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
  'smb_message_echoes.image': echo({
    id: 'wamid.TEST-echo-image',
    type: 'image',
    image: {
      id: 'TEST-media-echo-image',
      mime_type: 'image/jpeg',
      sha256: 'ZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGQ=',
      url: 'https://lookaside.example/media/echo-image',
      caption: 'This one',
    },
  }),
  'smb_message_echoes.document': echo({
    id: 'wamid.TEST-echo-document',
    type: 'document',
    document: { id: 'TEST-media-echo-document', mime_type: 'application/pdf', filename: 'invoice.pdf' },
  }),
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
