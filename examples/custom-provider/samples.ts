import { createHmac } from 'node:crypto';
import type { Samples } from '@chathooks/core';

/** An example of every event of Frontdesk, and how it signs. */
export const samples = {
  secret: 'frontdesk-test-secret',
  headers(body, { secret }) {
    const signature = createHmac('sha256', secret).update(body).digest('base64');
    return { 'content-type': 'application/json', 'x-frontdesk-signature': `v1=${signature}` };
  },
  events: {
    'note.added': {
      types: ['message.inbound'],
      payload: {
        id: 'fd_1001',
        kind: 'note.added',
        at: 1781079330,
        note: { id: 'note_7', body: 'Late arrival, around 23:00 🌙', guest: { phone: '+31600000001', name: 'Mirte' } },
      },
    },
  },
} satisfies Samples;
