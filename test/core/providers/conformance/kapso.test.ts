import { kapso } from '@chathooks/core';
import { providerConformance } from '@chathooks/testing';
import { describe, it } from 'vitest';

const received = (id: string) => ({
  message: { id, type: 'text', text: { body: 'Hi' }, kapso: { direction: 'inbound' } },
  conversation: { id: 'conv_TEST02' },
  phone_number_id: '100000000000001',
});

providerConformance(
  { describe, it },
  {
    name: 'kapso',
    create: (secret) => kapso({ secret }),
    samples: kapso.samples,
    vectors: [
      {
        secret: 'kapso-test-secret',
        // printf '%s' '{…}' | openssl dgst -sha256 -hmac 'kapso-test-secret'
        body: '{"event":"workflow.execution.failed","occurred_at":"2026-06-10T12:00:00Z","workflow_execution_id":"exec_1","error":{"message":"Délai dépassé"}}',
        headers: { 'x-webhook-signature': 'd5a64dd32a5387702edfa4ac4176ecdefc0a66a79ccf9a0848adda9aee333a1a' },
      },
    ],
    unknownEvent: { event: 'workflow.execution.paused', workflow_execution_id: 'exec_2' },
    malformed: { 'has a prefix': (value) => `sha256=${value}` },
    batch: {
      payload: {
        type: 'whatsapp.message.received',
        batch: true,
        data: [received('wamid.TESTB1'), received('wamid.TESTB2'), { message: 'none' }],
        batch_info: { size: 3 },
      },
      types: ['message.inbound', 'message.inbound', 'unknown'],
    },
  },
);
