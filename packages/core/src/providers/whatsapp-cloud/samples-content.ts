import type { Sample } from '../samples.ts';
import { delivery, from, inbound, metadata, ofNumber } from './samples-envelope.ts';

const sha256 = 'ZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGQ=';
const file = (name: string, mime_type: string) => ({
  id: `TEST-media-${name}`,
  mime_type,
  sha256,
  url: `https://lookaside.example/media/${name}`,
});

/** An example of every type of message. */
export const contentSamples = {
  'message.text': inbound({
    ...from('text'),
    type: 'text',
    text: { body: 'Do you have it in blue? 👋🏽' },
    context: {
      from: '15550100001',
      id: 'wamid.TEST-earlier',
      forwarded: true,
      referred_product: { catalog_id: 'TEST-catalog-1', product_retailer_id: 'SKU-1' },
    },
    referral: {
      source_url: 'https://fb.example/ad-1',
      source_id: 'TEST-ad-1',
      source_type: 'ad',
      headline: 'Summer sale',
      body: 'Everything must go',
      media_type: 'image',
      image_url: 'https://fb.example/ad-1.jpg',
      ctwa_clid: 'TEST-click-1',
      ref: 'summer',
    },
  }),
  'message.text.hidden_number': {
    types: ['message.inbound'],
    payload: delivery(
      'messages',
      ofNumber({
        contacts: [{ profile: { name: 'Olena K', username: 'olena.k' }, user_id: 'UA.TEST0002' }],
        messages: [
          {
            from_user_id: 'UA.TEST0002',
            id: 'wamid.TEST-hidden',
            timestamp: '1781079330',
            type: 'text',
            text: { body: 'Hi' },
          },
        ],
      }),
    ),
  },
  'message.text.group': inbound({
    ...from('group-text'),
    group_id: 'TEST-group-1',
    type: 'text',
    text: { body: 'Hello, all' },
  }),
  'message.image': inbound({
    ...from('image'),
    type: 'image',
    image: { ...file('image', 'image/jpeg'), caption: 'Like this one' },
  }),
  'message.video': inbound({ ...from('video'), type: 'video', video: file('video', 'video/mp4') }),
  'message.audio': inbound({
    ...from('audio'),
    type: 'audio',
    audio: { ...file('audio', 'audio/ogg; codecs=opus'), voice: true },
  }),
  'message.document': inbound({
    ...from('document'),
    type: 'document',
    document: { ...file('document', 'application/pdf'), filename: 'invoice.pdf', caption: 'The invoice' },
  }),
  'message.sticker': inbound({
    ...from('sticker'),
    type: 'sticker',
    sticker: { ...file('sticker', 'image/webp'), animated: false },
  }),
  'message.location': inbound({
    ...from('location'),
    type: 'location',
    location: {
      latitude: 50.4501,
      longitude: 30.5234,
      name: 'Office',
      address: '1 Khreshchatyk Street',
      url: 'https://maps.example/office',
    },
  }),
  'message.contacts': inbound({
    ...from('contacts'),
    type: 'contacts',
    contacts: [
      {
        name: { formatted_name: 'Joost de Wit', first_name: 'Joost', last_name: 'de Wit' },
        phones: [{ phone: '+31 6 0000 0001', wa_id: '31600000001', type: 'CELL' }],
      },
    ],
  }),
  'message.interactive.button_reply': inbound({
    ...from('button-reply'),
    type: 'interactive',
    context: { from: '15550100001', id: 'wamid.TEST-asked' },
    interactive: { type: 'button_reply', button_reply: { id: 'confirm', title: 'Confirm' } },
  }),
  'message.interactive.list_reply': inbound({
    ...from('list-reply'),
    type: 'interactive',
    context: { from: '15550100001', id: 'wamid.TEST-asked' },
    interactive: {
      type: 'list_reply',
      list_reply: { id: 'slot-9', title: '9:00', description: 'Tomorrow morning' },
    },
  }),
  'message.interactive.nfm_reply': inbound({
    ...from('nfm-reply'),
    type: 'interactive',
    context: { from: '15550100001', id: 'wamid.TEST-asked' },
    interactive: {
      type: 'nfm_reply',
      nfm_reply: { name: 'flow', body: 'Sent', response_json: '{"flow_token":"TEST","size":"M"}' },
    },
  }),
  'message.interactive.nfm_reply.address_message': inbound({
    ...from('address'),
    type: 'interactive',
    context: { from: '15550100001', id: 'wamid.TEST-asked' },
    interactive: {
      type: 'nfm_reply',
      nfm_reply: {
        name: 'address_message',
        body: '1 Khreshchatyk Street',
        response_json: '{"values":{"address":"1 Khreshchatyk Street","city":"Kyiv"}}',
      },
    },
  }),
  'message.interactive.call_permission_reply': inbound({
    ...from('call-permission'),
    type: 'interactive',
    interactive: {
      type: 'call_permission_reply',
      call_permission_reply: {
        response: 'accept',
        is_permanent: false,
        expiration_timestamp: 1781684130,
        response_source: 'user_action',
      },
    },
  }),
  'message.interactive.errors': {
    types: ['message.inbound', 'account.updated'],
    payload: delivery('messages', {
      messaging_product: 'whatsapp',
      metadata,
      messages: [{ ...from('no-object'), type: 'interactive' }],
      errors: [{ code: 131000, title: 'Something went wrong', error_data: { details: 'Unknown interactive type' } }],
    }),
  },
  'message.button': inbound({
    ...from('button'),
    type: 'button',
    context: { from: '15550100001', id: 'wamid.TEST-template' },
    button: { payload: 'stop-reminders', text: 'No more reminders' },
  }),
  'message.reaction': inbound(
    { ...from('reaction'), type: 'reaction', reaction: { message_id: 'wamid.TEST-earlier', emoji: '👍🏽' } },
    ['message.reaction'],
  ),
  'message.reaction.removed': inbound(
    { ...from('unreaction'), type: 'reaction', reaction: { message_id: 'wamid.TEST-earlier', emoji: '' } },
    ['message.reaction'],
  ),
  'message.order': inbound({
    ...from('order'),
    type: 'order',
    order: {
      catalog_id: 'TEST-catalog-1',
      text: 'As a gift, please',
      product_items: [{ product_retailer_id: 'SKU-1', quantity: 2, item_price: 7.5, currency: 'EUR' }],
    },
  }),
  'message.unsupported': inbound({
    ...from('unsupported'),
    type: 'unsupported',
    unsupported: { type: 'poll' },
    errors: [
      {
        code: 131051,
        title: 'Message type unknown',
        message: 'Message type unknown',
        error_data: { details: 'Message type is currently not supported.' },
      },
    ],
  }),
  'message.edit': inbound(
    {
      ...from('edit'),
      type: 'edit',
      edit: {
        original_message_id: 'wamid.TEST-earlier',
        message: { type: 'text', text: { body: 'In dark blue' }, context: { id: 'wamid.TEST-asked' } },
      },
    },
    ['message.updated'],
  ),
  'message.revoke': inbound(
    { ...from('revoke'), type: 'revoke', revoke: { original_message_id: 'wamid.TEST-earlier' } },
    ['message.deleted'],
  ),
  'message.request_welcome': inbound({ ...from('welcome'), type: 'request_welcome' }, ['chat.created']),
  'message.type_of_tomorrow': inbound({
    ...from('tomorrow'),
    type: 'type_of_tomorrow',
    type_of_tomorrow: { option: 1 },
  }),
} satisfies Record<string, Sample>;
