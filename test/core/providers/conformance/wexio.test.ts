import { wexio } from '@chathooks/core';
import { providerConformance } from '@chathooks/testing';
import { describe, it } from 'vitest';

// The signature below was computed independently of this code, from the vendor's description.

providerConformance(
  { describe, it },
  {
    name: 'wexio',
    create: (secret) => wexio({ secret }),
    samples: wexio.samples,
    vectors: [
      {
        secret: 'wexio-test-secret',
        body: '{"id":"evt_t","type":"contact.deleted"}',
        headers: {
          'x-wexio-signature': 't=1781079330,v1=f460b4d9d7f7d40ae9977668a86c049a5a389db73c005ddac2598641111de3b4',
        },
        now: 1781079330_000,
      },
    ],
    unknownEvent: { id: 'evt_new', type: 'chat.pinned', data: { chat: { id: 'chat_1' } } },
    toleranceSeconds: 300,
    malformed: {
      'has another version': (value) => value.replace('v1=', 'v2='),
      'has no timestamp': (value) => value.replace(/t=\d+,/, ''),
      'has a timestamp that is no number': (value) => value.replace(/t=\d+/, 't=2026-06-10T08:15:30Z'),
      'has no signature': (value) => value.replace(/,v1=.*/, ''),
    },
    redeliver: (payload) => {
      const meta = typeof payload.meta === 'object' ? payload.meta : null;
      return { ...payload, meta: { ...meta, attempt: 2 } };
    },
  },
);
