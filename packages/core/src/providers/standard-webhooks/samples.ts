import * as crypto from 'node:crypto';
import { hmacKey } from '../../signatures/hmac-key.ts';
import type { JsonObject, Samples } from '../samples.ts';

/** The shape is that of the specification, the values are made up. */
const payload = (type: string, timestamp: string, data: JsonObject): JsonObject => ({ type, timestamp, data });

/** What any sender of the specification may send. What it becomes depends on the table of events that you give. */
export const samples = {
  secret: `whsec_${Buffer.from('standard-webhooks-test-secret-32').toString('base64')}`,
  headers(body, { secret, now, event }) {
    const content = crypto.createHash('sha256').update(body).digest('hex').slice(0, 16);
    const id = `msg_TEST${event === undefined ? content : event.replaceAll('.', '_')}`;
    const timestamp = String(Math.floor(now / 1000));
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${hmacKey('sha256', key)(`${id}.${timestamp}.`, body, '', 'base64')}`,
    };
  },
  events: {
    'contact.created': {
      types: ['unknown'],
      payload: payload('contact.created', '2026-06-09T10:15:30.123456Z', { id: 'ct_0007', name: 'Petro' }),
    },
    'message.received': {
      types: ['unknown'],
      payload: payload('message.received', '2026-06-09T10:16:00Z', {
        id: 'm_0001',
        chat: 'ch_0001',
        from: '+31600000001',
        text: 'Is the shop open on Sunday? ☀️',
      }),
    },
  },
} satisfies Samples;
