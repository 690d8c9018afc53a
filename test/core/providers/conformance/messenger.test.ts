import { instagram, messenger } from '@chathooks/core';
import { providerConformance } from '@chathooks/testing';
import { describe, it } from 'vitest';

// The signatures below were computed with openssl, over bodies written as Meta writes them: in ASCII, with escapes.

providerConformance(
  { describe, it },
  {
    name: 'messenger',
    create: (appSecret) => messenger({ appSecret, verifyToken: 'token' }),
    samples: messenger.samples,
    vectors: [
      {
        secret: 'messenger-test-secret',
        body: String.raw`{"object":"page","entry":[{"id":"900000000000001","time":1781000000123,"messaging":[{"sender":{"id":"7000000000000001"},"recipient":{"id":"900000000000001"},"timestamp":1781000000100,"message":{"mid":"m_FAKE_mid_0001","text":"hello \u2615"}}]}]}`,
        headers: {
          'x-hub-signature-256': 'sha256=942de83e8aa7f9910a7967ef6d99e0ff804687c63df3b5ff30d8b2db0019d69a',
        },
      },
    ],
    unknownEvent: {
      object: 'page',
      entry: [{ id: '900000000000001', messaging: [{ sender: { id: '7000000000000001' }, game_play: { score: 1 } }] }],
    },
    unknownItem: { sender: { id: '7000000000000001' }, game_play: { score: 1 } },
    malformed: {
      'has no prefix': (value) => value.replace('sha256=', ''),
      'has the prefix of the older header': (value) => value.replace('sha256=', 'sha1='),
    },
    batch: {
      types: ['message.inbound', 'message.reaction', 'message.inbound', 'message.outbound'],
      payload: {
        object: 'page',
        entry: [
          {
            id: '900000000000001',
            time: 1781000000123,
            messaging: [
              { sender: { id: '7' }, recipient: { id: '900000000000001' }, message: { mid: 'm_1', text: 'one' } },
              { sender: { id: '7' }, reaction: { mid: 'm_0', action: 'react', emoji: '👍' } },
            ],
          },
          {
            id: '900000000000009',
            messaging: [{ sender: { id: '8' }, message: { mid: 'm_2', text: 'two' } }],
            standby: [{ recipient: { id: '8' }, message: { mid: 'm_3', is_echo: true, text: 'three' } }],
          },
        ],
      },
    },
  },
);

providerConformance(
  { describe, it },
  {
    name: 'instagram',
    create: (appSecret) => instagram({ appSecret, verifyToken: 'token' }),
    samples: instagram.samples,
    vectors: [
      {
        secret: 'instagram-test-secret',
        body: String.raw`{"object":"instagram","entry":[{"id":"900000000000002","time":1781000000,"changes":[{"field":"comments","value":{"id":"200000000000001","text":"caf\u00e9?"}}]}]}`,
        headers: {
          'x-hub-signature-256': 'sha256=092ad4efd16336676c8690466aee8e7b2d973c018f349fbba6f667eef7eb1ffd',
        },
      },
    ],
    unknownEvent: { object: 'instagram', entry: [{ id: '1', changes: [{ field: 'polls', value: { id: '5' } }] }] },
    unknownItem: { field: 'polls', value: { id: '5' } },
    malformed: { 'has no prefix': (value) => value.replace('sha256=', '') },
    batch: {
      types: ['message.status', 'message.inbound', 'message.inbound'],
      payload: {
        object: 'instagram',
        entry: [
          {
            id: '1',
            messaging: [{ sender: { id: '7' }, read: { mid: 'm_1' } }],
            changes: [
              { field: 'comments', value: { id: '20', text: 'one' } },
              { field: 'mentions', value: { media_id: '30' } },
            ],
          },
        ],
      },
    },
  },
);
