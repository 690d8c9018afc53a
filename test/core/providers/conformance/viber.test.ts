import { viber } from '@chathooks/core';
import { providerConformance } from '@chathooks/testing';
import { describe, it } from 'vitest';

// The signature below was computed with openssl, from the vendor's description.

providerConformance(
  { describe, it },
  {
    name: 'viber',
    create: (authToken) => viber({ authToken }),
    samples: viber.samples,
    vectors: [
      {
        secret: 'viber-test-token',
        body: '{"event":"seen","timestamp":1781079350456,"message_token":5912345678901234567,"user_id":"TESTuser0000000000001A=="}',
        headers: { 'x-viber-content-signature': '20b7f9eca5ba94a056199a3738baaac90809e27e2091f2e31eec5260b9f02721' },
      },
    ],
    unknownEvent: { event: 'typing', timestamp: 1781079350456, message_token: '5900000000000000099' },
    malformed: { 'has a prefix': (value) => `sha256=${value}` },
  },
);
