import { telegram } from '@chathooks/core';
import { providerConformance } from '@chathooks/testing';
import { describe, it } from 'vitest';

// The header is the secret itself, unchanged: core.telegram.org/bots/api#setwebhook.

providerConformance(
  { describe, it },
  {
    name: 'telegram',
    create: (secretToken) => telegram({ secretToken, botId: 555000999 }),
    samples: telegram.samples,
    vectors: [
      {
        secret: 'A-secret_token-of-0123456789',
        body: '{"update_id":700000001,"message":{"message_id":42,"date":1781000000,"from":{"id":5550001112,"is_bot":false,"first_name":"Iryna","username":"iryna_t","language_code":"uk"},"chat":{"id":5550001112,"type":"private","first_name":"Iryna","username":"iryna_t"},"text":"hello"}}',
        headers: { 'x-telegram-bot-api-secret-token': 'A-secret_token-of-0123456789' },
      },
    ],
    unknownEvent: { update_id: 700000002, telepathic_message: { message_id: 43 } },
    proves: 'sender',
  },
);
