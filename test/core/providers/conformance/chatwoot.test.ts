import { chatwoot } from '@chathooks/core';
import { providerConformance } from '@chathooks/testing';
import { describe, it } from 'vitest';

providerConformance(
  { describe, it },
  {
    name: 'chatwoot',
    create: (secret) => chatwoot({ secret }),
    samples: chatwoot.samples,
    vectors: [
      {
        secret: 'chatwoot-test-secret',
        // printf '%s' '1781079330.{…}' | openssl dgst -sha256 -hmac 'chatwoot-test-secret'
        body: '{"account":{"id":1},"event":"message_created","id":118,"message_type":"incoming","content":"Où êtes-vous ?"}',
        headers: {
          'x-chatwoot-timestamp': '1781079330',
          'x-chatwoot-signature': 'sha256=e5ec388dffdd4e8ab8524202ff1558b45671f2c5ef963d09dcbdce809e304ec1',
        },
        now: 1781079330_000,
      },
    ],
    unknownEvent: { event: 'conversation_merged', id: 10 },
    toleranceSeconds: 300,
    malformed: {
      'has no prefix': (value) => value.replace('sha256=', ''),
      'has the prefix of another algorithm': (value) => value.replace('sha256=', 'sha1='),
    },
  },
);
