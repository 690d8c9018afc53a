import { timestampedHmac, type UnverifiedRequest } from '@chathooks/core';
import { describe, expect, it } from 'vitest';

// Printed in api.slack.com/authentication/verifying-requests-from-slack.
const slack = {
  secret: '8f742231b10e8888abcd99yyyzzz85a5',
  timestamp: '1531420618',
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  body: 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
};
const scheme = {
  secret: slack.secret,
  header: 'X-Slack-Signature',
  prefix: 'v0=',
  timestampHeader: 'X-Slack-Request-Timestamp',
  signedContent: 'v0:{timestamp}:{body}',
};
const verifier = timestampedHmac(scheme);

function verify(headers: Record<string, string> = {}, now = 1531420618_000) {
  const all: Record<string, string> = {
    'x-slack-signature': slack.signature,
    'x-slack-request-timestamp': slack.timestamp,
    ...headers,
  };
  const body = Buffer.from(slack.body);
  const request = { method: 'POST', url: '/', path: '/', header: (name: string) => all[name], body: () => body };
  const input: UnverifiedRequest = { request, body, connection: undefined, pathSecret: undefined, now };
  return verifier.verify(input);
}

describe('a timestamp in a header of its own', () => {
  it('is signed with the body', async () => {
    expect(await verify()).toEqual({ ok: true, secret: 'secret 1' });
    expect(await verify({ 'x-slack-request-timestamp': '1531420619' })).toMatchObject({ reason: 'mismatch' });
  });

  it.each([
    ['missing_header', { 'x-slack-request-timestamp': '' }],
    ['missing_header', { 'x-slack-signature': '' }],
    ['malformed', { 'x-slack-request-timestamp': '2018-07-12T18:36:58Z' }],
    ['malformed', { 'x-slack-signature': slack.signature.slice(3) }],
    ['malformed', { 'x-slack-signature': `${slack.signature}, ${slack.signature}` }],
    ['stale', { 'x-slack-request-timestamp': '1531420317' }],
    ['future', { 'x-slack-request-timestamp': '1531420919' }],
  ])('is refused as %s: %o', async (reason, headers) => {
    expect(await verify(headers)).toMatchObject({ ok: false, reason });
  });

  it('does not go with a layout of one header, and a prefix does not go without it', () => {
    expect(() => timestampedHmac({ ...scheme, layout: 't=…,v1=…' })).toThrow('invalid_option');
    const { timestampHeader: _, ...oneHeader } = scheme;
    expect(() => timestampedHmac(oneHeader)).toThrow('invalid_option');
  });
});
