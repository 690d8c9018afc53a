import { deliver } from '@chathooks/testing';
import type { Step } from './scenario.ts';

const olena = { wa_id: '380670000001', user_id: 'UA.TEST0000000001', profile: { name: 'Olena Test' } };
const from = { from: olena.wa_id, from_user_id: olena.user_id, timestamp: '1781079330' };
const to = { recipient_id: olena.wa_id, recipient_user_id: olena.user_id, timestamp: '1781079331' };

const value = {
  messaging_product: 'whatsapp',
  metadata: { display_phone_number: '15550100001', phone_number_id: '106540000000001' },
  contacts: [olena],
};

/** What WhatsApp sends after a pause: messages, statuses, and something that came out yesterday. */
const payload = {
  object: 'whatsapp_business_account',
  entry: [
    {
      id: '100200300400500',
      changes: [
        {
          field: 'messages',
          value: {
            ...value,
            messages: [
              { ...from, id: 'wamid.DEMOBATCH1', type: 'text', text: { body: 'Two tickets for Sunday, please' } },
              {
                ...from,
                id: 'wamid.DEMOBATCH2',
                type: 'location',
                location: { latitude: 50.45, longitude: 30.52, name: 'Kyiv' },
              },
              {
                ...from,
                id: 'wamid.DEMOBATCH3',
                type: 'reaction',
                reaction: { message_id: 'wamid.DEMOBATCH9', emoji: '🎉' },
              },
              { ...from, id: 'wamid.DEMOBATCH4', type: 'hologram', hologram: { shape: 'tulip' } },
            ],
          },
        },
        {
          field: 'messages',
          value: {
            ...value,
            statuses: [
              { ...to, id: 'wamid.DEMOBATCH8', status: 'delivered' },
              {
                ...to,
                id: 'wamid.DEMOBATCH7',
                status: 'failed',
                errors: [{ code: 131026, title: 'Message undeliverable' }],
              },
            ],
          },
        },
        { field: 'holograms', value: { shape: 'tulip' } },
      ],
    },
  ],
};

/** A delivery of several messages, statuses and things that nobody has heard of. */
export const whatsappBatch = (): Step => ({
  vendor: 'whatsapp-cloud',
  sends: 'a batch',
  request: deliver.whatsappCloud.body(JSON.stringify(payload)),
  verdict: 'unknown',
  status: 200,
  types: [
    'message.inbound',
    'message.inbound',
    'message.reaction',
    'message.inbound',
    'message.status',
    'message.status',
    'unknown',
  ],
});
