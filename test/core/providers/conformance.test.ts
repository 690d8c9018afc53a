import { aisoule, watsi, wexio, xobito } from '@chathooks/core';
import { providerConformance } from '@chathooks/testing';
import { describe, it } from 'vitest';

// The signatures below were computed independently of this code, from the vendors' descriptions.

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

providerConformance(
  { describe, it },
  {
    name: 'xobito',
    create: (secret) => xobito({ secret }),
    samples: xobito.samples,
    vectors: [
      {
        secret: 'xobito-test-secret',
        body: '{"event":"message.delivered","model":"WhatsAppMessage","data":{"message_id":"wamid.TEST0001","status":"delivered","error_message":null,"tenant_id":42},"timestamp":"2026-06-10T08:15:30+00:00"}',
        headers: { 'x-webhook-signature': 'de6308fb555159e79ad374ae790b6a97eac5ea378f7b4dfbac10ffdc4209db8d' },
      },
    ],
    unknownEvent: { event: 'created', model: 'App\\Models\\Tenant\\Ticket', data: { id: 1 } },
    malformed: { 'has a prefix': (value) => `sha256=${value}` },
  },
);

providerConformance(
  { describe, it },
  {
    name: 'watsi',
    create: (secret) => watsi({ secret }),
    samples: watsi.samples,
    vectors: [
      {
        secret: 'watsi-test-secret',
        body: '{"id":"evt_TEST0002","type":"message.status","created_at":"2026-06-10T08:15:30.000Z","workspace_id":"0d5f2c1e-7a34-4b0a-9f61-3c2f5f0e8a11","data":{"messageId":"wamid.TEST0002","status":"read","recipientId":"31600000001","timestamp":"1781079330"}}',
        headers: { 'x-watsi-signature': '963a939e493231e1385880b4001f9839f0f55754c34bbbbc7df19c171fd5bbf5' },
      },
    ],
    unknownEvent: { id: 'evt_new', type: 'conversation.merged', data: {} },
    malformed: { 'has a prefix': (value) => `sha256=${value}` },
  },
);

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
