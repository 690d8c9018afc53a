import type { JsonObject, Samples } from '../samples.ts';
import { handshakeOf, headers, payloadsOf } from './samples.ts';

const { inbound, echo, standby, page, test } = payloadsOf('page', {
  account: '900000000000001',
  customer: '7000000000000001',
});
const secret = 'messenger-test-secret';
const verifyToken = 'messenger-test-token';

const message = (mid: string, content: JsonObject) => inbound({ message: { mid: `m_TEST_${mid}`, ...content } });
const file = (type: string, name: string): JsonObject => ({
  type,
  payload: { url: `https://cdn.example/${name}?expires=soon` },
});

/** An example of every event of Messenger. */
export const samples = {
  secret,
  environment: { MESSENGER_VERIFY_TOKEN: verifyToken },
  handshake: handshakeOf(verifyToken),
  headers,
  events: {
    'message.text': {
      types: ['message.inbound'],
      payload: message('text', { text: 'Is the shop open on Sunday? ☀️' }),
    },
    'message.image': {
      types: ['message.inbound'],
      payload: message('image', { attachments: [file('image', 'shelf.jpg'), file('image', 'label.jpg')] }),
    },
    'message.audio': {
      types: ['message.inbound'],
      payload: message('audio', { attachments: [file('audio', 'a.mp4')] }),
    },
    'message.video': {
      types: ['message.inbound'],
      payload: message('video', { attachments: [file('video', 'v.mp4')] }),
    },
    'message.file': {
      types: ['message.inbound'],
      payload: message('file', { attachments: [file('file', 'order.pdf')] }),
    },
    'message.sticker': {
      types: ['message.inbound'],
      payload: message('sticker', {
        attachments: [
          { type: 'image', payload: { url: 'https://cdn.example/thumb.png', sticker_id: 100000000000001 } },
          { type: 'sticker', payload: { url: 'https://cdn.example/thumb.png', sticker_id: 100000000000001 } },
        ],
      }),
    },
    'message.location': {
      types: ['message.inbound'],
      payload: message('location', {
        attachments: [{ type: 'location', payload: { coordinates: { lat: 38.7, long: -9.1 } } }],
      }),
    },
    'message.fallback': {
      types: ['message.inbound'],
      payload: message('fallback', {
        text: 'https://shop.example/spring',
        attachments: [{ type: 'fallback', payload: { url: 'https://shop.example/spring', title: 'Spring' } }],
      }),
    },
    'message.reel': {
      types: ['message.inbound'],
      payload: message('reel', { attachments: [file('reel', 'reel.mp4')] }),
    },
    'message.post': {
      types: ['message.inbound'],
      payload: message('post', { attachments: [file('post', 'post.jpg')] }),
    },
    'message.appointment_booking': {
      types: ['message.inbound'],
      payload: message('appointment_booking', { attachments: [{ type: 'appointment_booking' }] }),
    },
    'message.template': {
      types: ['message.inbound'],
      payload: message('template', {
        text: 'Do you have it in blue?',
        attachments: [
          {
            type: 'template',
            payload: { product: { elements: [{ id: '600000000000001', retailer_id: 'sku-7', title: 'Vase' }] } },
          },
        ],
      }),
    },
    'message.quick_reply': {
      types: ['message.inbound'],
      payload: message('quick_reply', { text: 'Yes', quick_reply: { payload: 'confirm:yes' } }),
    },
    'message.reply_to': {
      types: ['message.inbound'],
      payload: message('reply_to', {
        text: 'This one',
        reply_to: { mid: 'm_TEST_image', is_self_reply: false },
      }),
    },
    'message.referral': {
      types: ['message.inbound'],
      payload: message('referral', {
        text: 'Is it still for sale?',
        referral: {
          ref: 'spring',
          source: 'ADS',
          type: 'OPEN_THREAD',
          ad_id: '500000000000001',
          referer_uri: 'https://shop.example/',
          ads_context_data: {
            ad_title: 'Spring sale',
            photo_url: 'https://cdn.example/ad.jpg',
            product_id: '600000000000001',
          },
        },
      }),
    },
    'message.is_echo': {
      types: ['message.outbound'],
      payload: echo({ mid: 'm_TEST_echo', app_id: 800000000001, metadata: 'crm-message-8', text: 'Yes, from noon.' }),
    },
    message_edit: {
      types: ['message.updated'],
      payload: inbound({ message_edit: { mid: 'm_TEST_text', text: 'Is the shop open this Sunday?', num_edit: 1 } }),
    },
    postback: {
      types: ['message.inbound'],
      payload: inbound({
        postback: {
          mid: 'm_TEST_postback',
          title: 'Get started',
          payload: 'GET_STARTED',
          referral: { ref: 'window', source: 'SHORTLINK', type: 'OPEN_THREAD' },
        },
      }),
    },
    order: {
      types: ['message.inbound'],
      payload: inbound({
        order: {
          products: [
            {
              id: '600000000000001',
              retailer_id: 'sku-7',
              name: 'Vase',
              unit_price: 11.5,
              currency: 'EUR',
              quantity: 2,
            },
          ],
          note: 'As a present, please',
        },
      }),
    },
    'reaction.react': {
      types: ['message.reaction'],
      payload: inbound({ reaction: { mid: 'm_TEST_echo', action: 'react', reaction: 'love', emoji: '❤️' } }),
    },
    'reaction.unreact': {
      types: ['message.reaction'],
      payload: inbound({ reaction: { mid: 'm_TEST_echo', action: 'unreact', reaction: 'love', emoji: '❤️' } }),
    },
    delivery: {
      types: ['chat.watermark', 'message.status', 'message.status'],
      payload: inbound({ delivery: { mids: ['m_TEST_echo', 'm_TEST_echo_2'], watermark: 1781079331000 } }),
    },
    read: { types: ['chat.watermark'], payload: inbound({ read: { watermark: 1781079331000 } }) },
    referral: {
      types: ['contact.updated'],
      payload: inbound({
        referral: {
          ref: 'window',
          source: 'ADS',
          type: 'OPEN_THREAD',
          ad_id: '500000000000002',
          ads_context_data: { ad_title: 'Summer sale' },
        },
      }),
    },
    optin: { types: ['contact.created'], payload: inbound({ optin: { ref: 'checkout' } }) },
    'optin.notification_messages': {
      types: ['contact.updated'],
      payload: inbound({
        optin: {
          type: 'notification_messages',
          payload: 'spring',
          title: 'Offers',
          notification_messages_token: '400000000000001',
          notification_messages_status: 'STOP_NOTIFICATIONS',
        },
      }),
    },
    account_linking: {
      types: ['contact.updated'],
      payload: inbound({ account_linking: { status: 'linked', authorization_code: 'shop-account-5' } }),
    },
    pass_thread_control: {
      types: ['account.updated'],
      payload: inbound({
        pass_thread_control: {
          previous_owner_app_id: '800000000001',
          new_owner_app_id: '800000000002',
          metadata: 'Help',
        },
      }),
    },
    take_thread_control: {
      types: ['account.updated'],
      payload: inbound({ take_thread_control: { previous_owner_app_id: '800000000002', metadata: 'Solved' } }),
    },
    request_thread_control: {
      types: ['account.updated'],
      payload: inbound({ request_thread_control: { requested_owner_app_id: '800000000002', metadata: 'Help' } }),
    },
    app_roles: { types: ['account.updated'], payload: page({ app_roles: { '800000000001': ['primary_receiver'] } }) },
    policy_enforcement: {
      types: ['account.updated'],
      payload: page({ policy_enforcement: { action: 'warning', reason: 'Too many messages of one kind' } }),
    },
    response_feedback: {
      types: ['unknown'],
      payload: inbound({ response_feedback: { feedback: 'Good response', mid: 'm_TEST_echo' } }),
    },
    standby: {
      types: ['message.inbound'],
      payload: standby({ message: { mid: 'm_TEST_standby', text: 'Can I talk to somebody?' } }),
    },
    messages: {
      types: ['message.inbound'],
      payload: test('messages', { message: { mid: 'm_TEST_button', text: 'test_message' } }),
    },
  },
} satisfies Samples;
