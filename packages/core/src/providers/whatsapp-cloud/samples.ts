import { hmacKey } from '../../signatures/hmac-key.ts';
import type { Samples } from '../samples.ts';
import { accountSamples, batchSamples } from './samples-account.ts';
import { contentSamples } from './samples-content.ts';
import { appSamples, statusSamples } from './samples-others.ts';
import { personSamples } from './samples-persons.ts';

/** An example of every field, every message type and every status of WhatsApp. */
export const samples = {
  secret: 'whatsapp-cloud-test-secret',
  environment: {
    WHATSAPP_CLOUD_APP_SECRET: 'whatsapp-cloud-test-secret',
    WHATSAPP_CLOUD_VERIFY_TOKEN: 'whatsapp-cloud-test-token',
  },
  handshake: {
    query: 'hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=whatsapp-cloud-test-token',
    reply: '1158201444',
  },
  headers: (body, { secret }) => ({
    'content-type': 'application/json',
    'x-hub-signature-256': `sha256=${hmacKey('sha256', secret)('', body, '', 'hex')}`,
  }),
  events: {
    ...contentSamples,
    ...statusSamples,
    ...appSamples,
    ...personSamples,
    ...accountSamples,
    ...batchSamples,
  },
} satisfies Samples;
