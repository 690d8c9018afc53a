import type { JsonObject, Sample } from '../samples.ts';
import { contact, delivery, from, inbound, ofNumber } from './samples-envelope.ts';

const sync = (action: string, contactOfApp: JsonObject) =>
  delivery(
    'smb_app_state_sync',
    ofNumber({
      state_sync: [{ type: 'contact', action, contact: contactOfApp, metadata: { timestamp: '1781079350' } }],
    }),
  );

const preference = (value: string, detail: string): Sample => ({
  types: ['contact.updated'],
  payload: delivery(
    'user_preferences',
    ofNumber({
      contacts: [contact],
      user_preferences: [
        { wa_id: '380670000001', detail, category: 'marketing_messages', value, timestamp: 1781079330 },
      ],
    }),
  ),
});

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
  'message.system.customer_changed_number': inbound(
    {
      from: '380670000008',
      id: 'wamid.TEST-new-number-older',
      timestamp: '1781079330',
      type: 'system',
      system: {
        type: 'customer_changed_number',
        body: 'User Olena K changed from 380670000008 to 380670000009',
        new_wa_id: '380670000009',
      },
    },
    ['message.inbound', 'contact.identityChanged'],
  ),
  'message.system.customer_identity_changed': inbound({
    ...from('new-keys'),
    type: 'system',
    system: { type: 'customer_identity_changed', body: 'User Olena K has new keys', wa_id: '380670000001' },
  }),
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
  user_preferences: preference('stop', 'User requested to stop marketing messages'),
  'user_preferences.resume': preference('resume', 'User requested to resume marketing messages'),
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
