import { watsi } from '@chathooks/core';
import { providerConformance } from '@chathooks/testing';
import { describe, it } from 'vitest';

// The signature below was computed independently of this code, from the vendor's description.

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
