import { line } from '@chathooks/core';
import { providerConformance } from '@chathooks/testing';
import { describe, it } from 'vitest';

// The signature below was computed with openssl, from the vendor's description.

const source = { type: 'user', userId: 'UTESTuser000000000000000000000001' };
const about = { timestamp: 1781079330000, mode: 'active', deliveryContext: { isRedelivery: false }, source };
const unknownItem = { type: 'somethingNew', webhookEventId: '01TEST00000000000000000900', ...about };

providerConformance(
  { describe, it },
  {
    name: 'line',
    create: (channelSecret) => line({ channelSecret }),
    samples: line.samples,
    vectors: [
      {
        secret: 'line-test-channel-secret',
        body: '{"destination":"UTESTbot0000000000000000000000001","events":[{"type":"unfollow","timestamp":1781079330012,"mode":"active","webhookEventId":"01TEST00000000000000000112","deliveryContext":{"isRedelivery":false},"source":{"type":"user","userId":"UTESTuser000000000000000000000001"}}]}',
        headers: { 'x-line-signature': '0cMOhVdXGBTYD2cqucBszC5lBL/COsPw3Cc1m3lL6Mg=' },
      },
    ],
    unknownEvent: { destination: 'UTESTbot0000000000000000000000001', events: [unknownItem] },
    unknownItem,
    malformed: { 'has a prefix': (value) => `sha256=${value}`, 'is in base64url': (value) => `-_${value.slice(2)}` },
    redeliver: (payload) => {
      const events = Array.isArray(payload.events) ? payload.events : [];
      return { ...payload, events: events.map((event) => ({ ...event, deliveryContext: { isRedelivery: true } })) };
    },
    batch: {
      types: ['message.inbound', 'contact.updated', 'message.inbound'],
      payload: {
        destination: 'UTESTbot0000000000000000000000001',
        events: [
          { type: 'message', webhookEventId: '01TEST1', ...about, message: { type: 'text', id: '1', text: 'one' } },
          { type: 'unfollow', webhookEventId: '01TEST2', ...about },
          { type: 'message', webhookEventId: '01TEST3', ...about, message: { type: 'text', id: '2', text: 'two' } },
        ],
      },
    },
  },
);
