import { whatsappCloud } from '@chathooks/core';
import { providerConformance } from '@chathooks/testing';
import { describe, it } from 'vitest';

// The signature below was computed with openssl, over a body written as Meta writes it: in ASCII, with escapes.

providerConformance(
  { describe, it },
  {
    name: 'whatsapp-cloud',
    create: (appSecret) => whatsappCloud({ appSecret, verifyToken: 'token' }),
    samples: whatsappCloud.samples,
    vectors: [
      {
        secret: 'whatsapp-cloud-test-secret',
        body: String.raw`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550100001","phone_number_id":"2"},"messages":[{"from":"380670000001","id":"wamid.1","timestamp":"1781000000","type":"text","text":{"body":"\u043f\u0440\u0438\u0432\u0456\u0442 \ud83d\udc4b"}}]}}]}]}`,
        headers: {
          'x-hub-signature-256': 'sha256=3f0964644e3fcfd07bf894114b670acbe43a13dfa567c06ecb760e185c7feb6d',
        },
      },
    ],
    unknownEvent: {
      object: 'whatsapp_business_account',
      entry: [{ id: '1', changes: [{ field: 'broadcasts', value: { broadcasts: [{ id: '5' }] } }] }],
    },
    unknownItem: { field: 'broadcasts', value: { broadcasts: [{ id: '5' }] } },
    malformed: {
      'has no prefix': (value) => value.replace('sha256=', ''),
      'has the prefix of the older header': (value) => value.replace('sha256=', 'sha1='),
    },
    batch: whatsappCloud.samples.events.batch,
  },
);
