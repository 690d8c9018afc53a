import { createHash } from 'node:crypto';
import { identifier, type JsonObject, readsData, type Samples, standardWebhooks } from '@chathooks/core';
import { type ProviderSubject, providerConformance } from '@chathooks/testing';
import { describe, it } from 'vitest';
import { z } from 'zod';

const secretFrom = (text: string) => `whsec_${createHash('sha256').update(text).digest('base64')}`;
const { samples } = standardWebhooks;

/** Printed by the tests of the specification's reference libraries, for Go and JavaScript. */
const printed = {
  body: '{"test": 2432232314}',
  now: 1614265330_000,
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: '1614265330',
  symmetric: {
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
  // The reference prints the private key, "TESTSIGNINGKEYDONOTUSETHISFORANY"; this is its public half, by openssl.
  asymmetric: {
    secret: 'whpk_ZlN4eg7dSSqi0moX9hQUk3orrOouK3QVQSlJa248c/g=',
    signature: 'v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag==',
  },
};
const vectorOf = ({ secret, signature }: { secret: string; signature: string }, prefix = 'webhook') => ({
  secret,
  body: printed.body,
  now: printed.now,
  headers: {
    [`${prefix}-id`]: printed.id,
    [`${prefix}-timestamp`]: printed.timestamp,
    [`${prefix}-signature`]: signature,
  },
});

const subject = {
  name: 'standard-webhooks',
  create: (secret) => standardWebhooks({ secret }),
  samples,
  vectors: [
    vectorOf(printed.symmetric),
    vectorOf(printed.symmetric, 'svix'),
    vectorOf(printed.asymmetric),
    vectorOf({ ...printed.symmetric, secret: printed.symmetric.secret.replace('whsec_', '') }),
  ],
  unknownEvent: { type: 'contact.folded', timestamp: '2026-06-09T10:15:30Z', data: {} },
  secretFrom,
  toleranceSeconds: 300,
  malformed: {
    'has no version': (value) => value.replace('v1,', ''),
    'has an unknown version only': (value) => value.replace('v1,', 'v9,'),
    'holds more signatures than a rotation needs': (value) => Array.from({ length: 17 }, () => value).join(' '),
    'is in hex': (value) => `v1,${Buffer.from(value.slice(3), 'base64').toString('hex')}`,
  },
} satisfies ProviderSubject;

providerConformance({ describe, it }, subject);

const withTypes = (types: Samples['events'][string]['types'][]): Samples['events'] =>
  Object.fromEntries(
    Object.entries<{ payload: JsonObject }>(samples.events).map(([name, { payload }], index) => [
      name,
      { payload, types: types[index] ?? [] },
    ]),
  );

providerConformance(
  { describe, it },
  {
    ...subject,
    name: 'standard-webhooks with a table of events, sent by Svix',
    create: (secret) =>
      standardWebhooks({
        secret,
        events: {
          'contact.created': readsData(z.object({ id: identifier }), ({ id }) => [
            { type: 'contact.created', data: { contact: { id } } },
          ]),
          'message.received': readsData(z.object({ id: identifier, chat: identifier }), ({ id, chat }) => [
            { type: 'chat.created', data: { chat: { id: chat } } },
            { type: 'message.inbound', data: { message: { id, direction: 'inbound', kind: 'text' } } },
          ]),
        },
      }),
    samples: {
      ...samples,
      events: withTypes([['contact.created'], ['chat.created', 'message.inbound']]),
      headers: (body, options) =>
        Object.fromEntries(
          Object.entries(samples.headers(body, options)).map(([name, value]) => [
            name.replace(/^webhook-/, 'svix-'),
            value,
          ]),
        ),
    },
  },
);
