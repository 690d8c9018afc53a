import type { JsonObject, Sample } from '../samples.ts';

/** The id of our number. */
export const number = '100000000000001';
/** The id of the conversation of all samples. */
export const chat = 'conv_TEST01';

/** The shapes are the vendor's, the values are made up. */
export const conversation = (fields: JsonObject = {}): JsonObject => ({
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

const fileOf = (id: number, filename: string, content_type: string): JsonObject => ({
  has_media: true,
  media_url: `https://example.com/media/${id}`,
  media_data: { url: `https://example.com/media/${id}`, filename, content_type, byte_size: 204800 },
});

/** Messages of every kind, and several at once. */
export const receivedSamples = {
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
      fileOf(1, 'garden.jpg', 'image/jpeg'),
    ),
  },
  'whatsapp.message.received.audio': {
    types: ['message.inbound'],
    payload: received('wamid.TESTK03', {
      type: 'audio',
      audio: { id: '2000000000002', voice: true, mime_type: 'audio/ogg; codecs=opus' },
    }),
  },
  'whatsapp.message.received.video': {
    types: ['message.inbound'],
    payload: received(
      'wamid.TESTK14',
      { type: 'video', video: { caption: 'Does it grow?', id: '2000000000003', mime_type: 'video/mp4' } },
      fileOf(3, 'garden.mp4', 'video/mp4'),
    ),
  },
  'whatsapp.message.received.document': {
    types: ['message.inbound'],
    payload: received(
      'wamid.TESTK15',
      { type: 'document', document: { id: '2000000000004', filename: 'order.pdf', mime_type: 'application/pdf' } },
      fileOf(4, 'order.pdf', 'application/pdf'),
    ),
  },
  'whatsapp.message.received.sticker': {
    types: ['message.inbound'],
    payload: received(
      'wamid.TESTK16',
      { type: 'sticker', sticker: { id: '2000000000005', mime_type: 'image/webp', animated: false } },
      fileOf(5, 'sticker.webp', 'image/webp'),
    ),
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
  'whatsapp.message.received.list_reply': {
    types: ['message.inbound'],
    payload: received('wamid.TESTK17', {
      type: 'interactive',
      interactive: { type: 'list_reply', list_reply: { id: 'row_2', title: 'Tulips', description: 'Ten of them' } },
      context: { id: 'wamid.TESTK10', from: number },
    }),
  },
  'whatsapp.message.received.order': {
    types: ['message.inbound'],
    payload: received('wamid.TESTK18', {
      type: 'order',
      order: {
        catalog_id: '600000000000001',
        text: 'As a present, please',
        product_items: [{ product_retailer_id: 'sku-7', quantity: 2, item_price: 11.5, currency: 'EUR' }],
      },
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
  'whatsapp.message.received.batch': {
    types: ['message.inbound', 'message.inbound'],
    payload: {
      type: 'whatsapp.message.received',
      batch: true,
      data: [
        received('wamid.TESTK19', { type: 'text', text: { body: 'Hello,' } }),
        received('wamid.TESTK20', { type: 'text', text: { body: 'are you open?' } }),
      ],
      batch_info: { size: 2 },
    },
  },
} satisfies Record<string, Sample>;
