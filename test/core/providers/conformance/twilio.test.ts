import { twilio } from '@chathooks/core';
import { providerConformance } from '@chathooks/testing';
import { describe, it } from 'vitest';

// The signatures below were computed independently of this code, from the vendor's description:
// printf '%s' 'http://localhost/webhooks/twilioAccountSidAC1Body…' | openssl dgst -sha1 -hmac 12345 -binary | base64

const form = { 'content-type': 'application/x-www-form-urlencoded' };

providerConformance(
  { describe, it },
  {
    name: 'twilio',
    create: (secret) => twilio({ authToken: secret }),
    samples: twilio.samples,
    proves: 'parameters',
    vectors: [
      {
        secret: '12345',
        body: 'ToCountry=US&SmsStatus=received&Body=It%27s+caf%C3%A9+%26+cr%C3%A8me%21&FromZip=&MessageSid=SM1&From=%2B15005550010&To=%2B15005550006&AccountSid=AC1',
        headers: { ...form, 'x-twilio-signature': 'pVu0klgKUeD0CFtxqsqo/qp20jw=' },
      },
      {
        secret: '12345',
        body: 'MessageStatus=delivered&MessageSid=SM2&Tag=b&Tag=a&Tag=b',
        headers: { ...form, 'x-twilio-signature': 'LCRnpHgFNdBAEcj67TRxU07725k=' },
      },
    ],
    unknownEvent: { CallSid: 'CA1', CallStatus: 'ringing', From: '+15005550010' },
    malformed: { 'has a prefix': (value) => `sha1=${value}` },
  },
);
