import { xobito } from '@chathooks/core';
import { providerConformance } from '@chathooks/testing';
import { describe, it } from 'vitest';

// The signature below was computed independently of this code, from the vendor's description.

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
