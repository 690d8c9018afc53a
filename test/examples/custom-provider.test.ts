import { providerConformance } from '@chathooks/testing';
import { describe, it } from 'vitest';
import { frontdesk } from '../../examples/custom-provider/frontdesk.ts';
import { samples } from '../../examples/custom-provider/samples.ts';

providerConformance(
  { describe, it },
  {
    name: 'frontdesk',
    create: (secret) => frontdesk({ secret }),
    samples,
    vectors: [
      {
        secret: 'frontdesk-test-secret',
        // printf %s '{"kind":"note.added"}' | openssl dgst -sha256 -hmac frontdesk-test-secret -binary | openssl base64
        headers: { 'x-frontdesk-signature': 'v1=lsOE8mCgGF+hcTLCTLmwlqXgigIAg0+Fc6TXz3xciHk=' },
        body: '{"kind":"note.added"}',
      },
    ],
    unknownEvent: { id: 'fd_2', kind: 'note.folded' },
    malformed: { 'has no prefix': (value) => value.replace('v1=', '') },
  },
);
