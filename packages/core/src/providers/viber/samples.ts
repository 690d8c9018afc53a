import { hmacKey } from '../../signatures/hmac-key.ts';
import type { JsonObject, Samples } from '../samples.ts';

const user = {
  id: 'TESTuser0000000000001A==',
  name: 'Oksana Test',
  avatar: 'https://cdn.example/avatar.jpg',
  language: 'uk',
  country: 'UA',
  api_version: 10,
};

/** The shapes are the vendor's, the values are made up. Tokens are texts here, and digits in the JSON: see `encode`. */
const callback = (event: string, message_token: string, timestamp: number, fields: JsonObject = {}): JsonObject => ({
  event,
  timestamp,
  chat_hostname: 'SN-TEST-01',
  message_token,
  ...fields,
});
const message = (message_token: string, timestamp: number, content: JsonObject) =>
  callback('message', message_token, timestamp, {
    sender: user,
    message: { tracking_data: '', ...content },
    silent: false,
  });

/** An example of every callback of Viber, and of every type of message. */
export const samples = {
  secret: 'viber-test-token',
  encode: (payload) => JSON.stringify(payload).replace(/"message_token":"(\d+)"/g, '"message_token":$1'),
  headers: (body, { secret }) => ({
    'content-type': 'application/json',
    'x-viber-content-signature': hmacKey('sha256', secret)('', body, '', 'hex'),
  }),
  events: {
    webhook: {
      types: ['ping'],
      payload: callback('webhook', '5900000000000000001', 1781079300123),
    },
    subscribed: {
      types: ['contact.created'],
      payload: callback('subscribed', '5900000000000000003', 1781079310123, { user }),
    },
    unsubscribed: {
      types: ['contact.updated'],
      payload: callback('unsubscribed', '5900000000000000005', 1781083000123, { user_id: user.id }),
    },
    conversation_started: {
      types: ['chat.created'],
      payload: callback('conversation_started', '5900000000000000007', 1781079305123, {
        type: 'open',
        context: 'spring-poster',
        user,
        subscribed: false,
      }),
    },
    'message.text': {
      types: ['message.inbound'],
      payload: message('5900000000000000009', 1781079330456, { type: 'text', text: 'Добрий день ☕' }),
    },
    'message.picture': {
      types: ['message.inbound'],
      payload: message('5900000000000000011', 1781079331456, {
        type: 'picture',
        text: 'This one?',
        media: 'https://media.example/picture.jpg',
        thumbnail: 'https://media.example/thumbnail.jpg',
        file_name: 'picture.jpg',
        size: 48213,
      }),
    },
    'message.video': {
      types: ['message.inbound'],
      payload: message('5900000000000000013', 1781079332456, {
        type: 'video',
        media: 'https://media.example/video.mp4',
        thumbnail: 'https://media.example/thumbnail.jpg',
        size: 1048576,
        duration: 12,
      }),
    },
    'message.file': {
      types: ['message.inbound'],
      payload: message('5900000000000000015', 1781079333456, {
        type: 'file',
        media: 'https://media.example/invoice.pdf',
        file_name: 'invoice.pdf',
        size: 20480,
      }),
    },
    'message.sticker': {
      types: ['message.inbound'],
      payload: message('5900000000000000017', 1781079334456, { type: 'sticker', sticker_id: 40133 }),
    },
    'message.contact': {
      types: ['message.inbound'],
      payload: message('5900000000000000019', 1781079335456, {
        type: 'contact',
        contact: { name: 'Taras Test', phone_number: '+380000000001' },
      }),
    },
    'message.location': {
      types: ['message.inbound'],
      payload: message('5900000000000000021', 1781079336456, {
        type: 'location',
        location: { lat: 50.4501, lon: 30.5234 },
      }),
    },
    'message.url': {
      types: ['message.inbound'],
      payload: message('5900000000000000023', 1781079337456, { type: 'url', media: 'https://shop.example/spring' }),
    },
    delivered: {
      types: ['message.status'],
      payload: callback('delivered', '5900000000000000025', 1781079340456, { user_id: user.id }),
    },
    seen: {
      types: ['message.status'],
      payload: callback('seen', '5900000000000000025', 1781079350456, { user_id: user.id }),
    },
    failed: {
      types: ['message.status'],
      payload: callback('failed', '5900000000000000027', 1781079360456, {
        user_id: user.id,
        desc: 'The user does not support this message type',
      }),
    },
    client_status: {
      types: ['unknown'],
      payload: callback('client_status', '5900000000000000029', 1781079370456, { user_id: user.id }),
    },
  },
} satisfies Samples;
