import { aisoule } from '@chathooks/core';
import { providerConformance } from '@chathooks/testing';
import { describe, it } from 'vitest';

// The signatures below were computed independently of this code, from the vendor's description.

const pingDigest = '3ea79fb2fe712db916b769076629e83793592c8738a5e1d557ce461555b73b1a';

providerConformance(
  { describe, it },
  {
    name: 'aisoule',
    create: (secret) => aisoule({ secret }),
    samples: aisoule.samples,
    vectors: [
      {
        secret: 'aisoule-test-secret',
        body: '{"event":"ping"}',
        headers: { 'x-aisoule-signature': `sha256=${pingDigest}` },
      },
      { secret: 'aisoule-test-secret', body: '{"event":"ping"}', headers: { 'x-webhook-signature': pingDigest } },
    ],
    unknownEvent: { event: 'label.added', data: {} },
    malformed: {
      'has the prefix of the other dialect': (value) =>
        value.startsWith('sha256=') ? value.slice('sha256='.length) : `sha256=${value}`,
      'has an unknown prefix': (value) => `sha512=${value.replace('sha256=', '')}`,
    },
    alwaysNew: ['ping'],
  },
);
