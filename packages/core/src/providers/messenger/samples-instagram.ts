import type { JsonObject, Samples } from '../samples.ts';
import { handshakeOf, headers, payloadsOf } from './samples.ts';

const { inbound, echo, standby, change, test } = payloadsOf('instagram', {
  account: '900000000000002',
  customer: '7000000000000002',
});
const secret = 'instagram-test-secret';
const verifyToken = 'instagram-test-token';

const message = (mid: string, content: JsonObject) => inbound({ message: { mid: `TEST_${mid}`, ...content } });
const file = (type: string, name: string): JsonObject => ({
  type,
  payload: { url: `https://cdn.example/${name}?expires=soon` },
});

/** An example of every event of Instagram. */
export const samples = {
  secret,
  environment: { INSTAGRAM_VERIFY_TOKEN: verifyToken },
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
          { type: 'sticker', payload: { url: 'https://cdn.example/sticker.png', sticker_id: 100000000000002 } },
        ],
      }),
    },
    'message.share': {
      types: ['message.inbound'],
      payload: message('share', { attachments: [file('share', 'post.jpg')] }),
    },
    'message.post': {
      types: ['message.inbound'],
      payload: message('post', { attachments: [file('post', 'post.jpg')] }),
    },
    'message.ig_post': {
      types: ['message.inbound'],
      payload: message('ig_post', { attachments: [file('ig_post', 'ig_post.jpg')] }),
    },
    'message.ig_reel': {
      types: ['message.inbound'],
      payload: message('ig_reel', { attachments: [file('ig_reel', 'reel.mp4')] }),
    },
    'message.story_reply': {
      types: ['message.inbound'],
      payload: message('story_reply', {
        text: 'Is this still for sale?',
        reply_to: { story: { id: '300000000000001', url: 'https://cdn.example/story.jpg?expires=soon' } },
      }),
    },
    'message.story_mention': {
      types: ['message.inbound'],
      payload: message('story_mention', { attachments: [file('story_mention', 'mention.jpg')] }),
    },
    'message.ephemeral': {
      types: ['message.inbound'],
      payload: message('ephemeral', { attachments: [{ type: 'ephemeral' }] }),
    },
    'message.quick_reply': {
      types: ['message.inbound'],
      payload: message('quick_reply', { text: 'Yes', quick_reply: { payload: 'confirm:yes' } }),
    },
    'message.reply_to': {
      types: ['message.inbound'],
      payload: message('reply_to', { text: 'This one', reply_to: { mid: 'TEST_image' } }),
    },
    'message.referral': {
      types: ['message.inbound'],
      payload: message('referral', {
        text: 'Is it still for sale?',
        referral: {
          ref: 'spring',
          source: 'ADS',
          type: 'OPEN_THREAD',
          ad_id: '500000000000003',
          ads_context_data: { ad_title: 'Spring sale', photo_url: 'https://cdn.example/ad.jpg' },
          product: { id: '600000000000002' },
        },
      }),
    },
    'message.is_unsupported': { types: ['message.inbound'], payload: message('unsupported', { is_unsupported: true }) },
    'message.is_deleted': { types: ['message.deleted'], payload: message('image', { is_deleted: true }) },
    'message.is_echo': {
      types: ['message.outbound'],
      payload: echo({ mid: 'TEST_echo', app_id: 800000000003, text: 'Yes, from noon.' }),
    },
    message_edit: {
      types: ['message.updated'],
      payload: inbound({ message_edit: { mid: 'TEST_text', text: 'Is the shop open this Sunday?', num_edit: 1 } }),
    },
    postback: {
      types: ['message.inbound'],
      payload: inbound({ postback: { mid: 'TEST_postback', title: 'Track my order', payload: 'track' } }),
    },
    'reaction.react': {
      types: ['message.reaction'],
      payload: inbound({ reaction: { mid: 'TEST_echo', action: 'react', reaction: 'love', emoji: '❤️' } }),
    },
    'reaction.unreact': {
      types: ['message.reaction'],
      payload: inbound({ reaction: { mid: 'TEST_echo', action: 'unreact' } }),
    },
    read: { types: ['message.status'], payload: inbound({ read: { mid: 'TEST_echo' } }) },
    referral: {
      types: ['contact.updated'],
      payload: inbound({ referral: { ref: 'window', source: 'IGME-SOURCE-LINK', type: 'OPEN_THREAD' } }),
    },
    pass_thread_control: {
      types: ['account.updated'],
      payload: inbound({
        pass_thread_control: {
          previous_owner_app_id: '800000000003',
          new_owner_app_id: '800000000004',
          metadata: 'Help',
        },
      }),
    },
    take_thread_control: {
      types: ['account.updated'],
      payload: inbound({ take_thread_control: { previous_owner_app_id: '800000000004', metadata: 'Solved' } }),
    },
    request_thread_control: {
      types: ['account.updated'],
      payload: inbound({ request_thread_control: { requested_owner_app_id: '800000000004', metadata: 'Help' } }),
    },
    comments: {
      types: ['message.inbound'],
      payload: change('comments', {
        id: '200000000000001',
        parent_id: '200000000000000',
        from: { id: '7000000000000002', username: 'mirte.vos' },
        text: 'Do you ship to Faro?',
        media: {
          id: '300000000000002',
          media_product_type: 'FEED',
          ad_id: '500000000000004',
          ad_title: 'Spring sale',
        },
      }),
    },
    live_comments: {
      types: ['message.inbound'],
      payload: change('live_comments', {
        id: '200000000000002',
        from: { id: '7000000000000002', username: 'mirte.vos' },
        text: 'Hello from Faro',
        media: { id: '300000000000003', media_product_type: 'LIVE' },
      }),
    },
    mentions: {
      types: ['message.inbound'],
      payload: change('mentions', { media_id: '300000000000004', comment_id: '200000000000003' }),
    },
    standby: {
      types: ['message.inbound'],
      payload: standby({ message: { mid: 'TEST_standby', text: 'Can I talk to somebody?' } }),
    },
    messages: {
      types: ['message.inbound'],
      payload: test('messages', { message: { mid: 'TEST_button', text: 'test_message' } }),
    },
  },
} satisfies Samples;
