import { hmacKey } from '../../signatures/hmac-key.ts';
import type { JsonObject, Samples } from '../samples.ts';

const user = { type: 'user', userId: 'UTESTuser000000000000000000000001' };
const group = { type: 'group', groupId: 'CTESTgroup00000000000000000000001' };
const inRoom = { type: 'room', roomId: 'RTESTroom000000000000000000000001', userId: user.userId };
const inGroup = { ...group, userId: user.userId };

/** The shapes are the vendor's, the values are made up. Every example is a batch of one event. */
const batch = (type: string, number: number, fields: JsonObject): JsonObject => ({
  destination: 'UTESTbot0000000000000000000000001',
  events: [
    {
      type,
      timestamp: 1781079330000 + number,
      mode: 'active',
      webhookEventId: `01TEST00000000000000000${100 + number}`,
      deliveryContext: { isRedelivery: false },
      source: user,
      ...fields,
    },
  ],
});
const message = (number: number, content: JsonObject, fields: JsonObject = {}) =>
  batch('message', number, {
    replyToken: `test-reply-token-${number}`,
    message: { id: `TEST46000000${100 + number}`, ...content },
    ...fields,
  });
const line = { contentProvider: { type: 'line' } };

/** An example of every event of LINE, and of every type of message. */
export const samples = {
  secret: 'line-test-channel-secret',
  headers: (body, { secret }) => ({
    'content-type': 'application/json; charset=utf-8',
    'x-line-signature': hmacKey('sha256', secret)('', body, '', 'base64'),
  }),
  events: {
    'message.text': {
      types: ['message.inbound'],
      payload: message(
        1,
        {
          type: 'text',
          text: '@Tulip shop สวัสดี 🌷',
          quoteToken: 'test-quote-token',
          quotedMessageId: 'TEST46000000050',
          mention: { mentionees: [{ type: 'user', index: 0, length: 11, isSelf: true }] },
        },
        { source: inGroup },
      ),
    },
    'message.text.room': {
      types: ['message.inbound'],
      payload: message(27, { type: 'text', text: 'Is it open?' }, { source: inRoom }),
    },
    'message.text.standby': {
      types: ['message.inbound'],
      payload: message(28, { type: 'text', text: 'Can I talk to somebody?' }, { mode: 'standby' }),
    },
    'message.image': {
      types: ['message.inbound'],
      payload: message(2, { type: 'image', ...line, imageSet: { id: 'TESTset1', index: 1, total: 2 } }),
    },
    'message.video': {
      types: ['message.inbound'],
      payload: message(3, {
        type: 'video',
        duration: 12500,
        contentProvider: { type: 'external', originalContentUrl: 'https://media.example/video.mp4' },
      }),
    },
    'message.audio': {
      types: ['message.inbound'],
      payload: message(4, { type: 'audio', duration: 4200, ...line }),
    },
    'message.file': {
      types: ['message.inbound'],
      payload: message(5, { type: 'file', fileName: 'invoice.pdf', fileSize: 20480 }),
    },
    'message.location': {
      types: ['message.inbound'],
      payload: message(6, {
        type: 'location',
        title: 'Tulip shop',
        address: '1 Test Street, Bangkok',
        latitude: 13.7563,
        longitude: 100.5018,
      }),
    },
    'message.sticker': {
      types: ['message.inbound'],
      payload: message(7, {
        type: 'sticker',
        packageId: '446',
        stickerId: '1988',
        stickerResourceType: 'ANIMATION',
        keywords: ['hello'],
      }),
    },
    postback: {
      types: ['message.inbound'],
      payload: batch('postback', 8, {
        replyToken: 'test-reply-token-8',
        postback: { data: 'action=reserve&table=4', params: { datetime: '2026-06-12T19:00' } },
      }),
    },
    unsend: {
      types: ['message.deleted'],
      payload: batch('unsend', 9, { source: inGroup, unsend: { messageId: 'TEST46000000101' } }),
    },
    follow: {
      types: ['contact.created'],
      payload: batch('follow', 10, { replyToken: 'test-reply-token-10', follow: { isUnblocked: false } }),
    },
    'follow.unblocked': {
      types: ['contact.updated'],
      payload: batch('follow', 11, { replyToken: 'test-reply-token-11', follow: { isUnblocked: true } }),
    },
    unfollow: { types: ['contact.updated'], payload: batch('unfollow', 12, {}) },
    join: {
      types: ['chat.created'],
      payload: batch('join', 13, { source: group, replyToken: 'test-reply-token-13' }),
    },
    leave: { types: ['chat.deleted'], payload: batch('leave', 14, { source: group }) },
    memberJoined: {
      types: ['chat.updated'],
      payload: batch('memberJoined', 15, {
        source: group,
        replyToken: 'test-reply-token-15',
        joined: { members: [user] },
      }),
    },
    memberLeft: {
      types: ['chat.updated'],
      payload: batch('memberLeft', 16, { source: group, left: { members: [user] } }),
    },
    module: {
      types: ['account.updated'],
      payload: batch('module', 17, {
        module: { type: 'attached', botId: 'UTESTbot0000000000000000000000001', scopes: ['message:send'] },
      }),
    },
    activated: {
      types: ['account.updated'],
      payload: batch('activated', 18, { chatControl: { expireAt: 1781082930000 } }),
    },
    deactivated: { types: ['account.updated'], payload: batch('deactivated', 19, { mode: 'standby' }) },
    botSuspended: { types: ['account.updated'], payload: batch('botSuspended', 20, {}) },
    botResumed: { types: ['account.updated'], payload: batch('botResumed', 21, {}) },
    videoPlayComplete: {
      types: ['unknown'],
      payload: batch('videoPlayComplete', 22, {
        replyToken: 'test-reply-token-22',
        videoPlayComplete: { trackingId: 'spring-film' },
      }),
    },
    beacon: {
      types: ['unknown'],
      payload: batch('beacon', 23, {
        replyToken: 'test-reply-token-23',
        beacon: { hwid: 'TEST000001', type: 'enter' },
      }),
    },
    accountLink: {
      types: ['contact.updated'],
      payload: batch('accountLink', 24, {
        replyToken: 'test-reply-token-24',
        link: { result: 'ok', nonce: 'test-nonce' },
      }),
    },
    membership: {
      types: ['unknown'],
      payload: batch('membership', 25, {
        replyToken: 'test-reply-token-25',
        membership: { type: 'joined', membershipId: 3189 },
      }),
    },
    delivery: { types: ['unknown'], payload: batch('delivery', 26, { delivery: { data: 'order-1042' } }) },
  },
} satisfies Samples;
