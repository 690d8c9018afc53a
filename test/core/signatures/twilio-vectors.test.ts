import { type TwilioSignatureOptions, twilioSignature } from '@chathooks/core';
import { describe, expect, it } from 'vitest';

/*
 * Signatures that Twilio prints in its documentation of webhook security and in the tests of twilio-node
 * (spec/validation.spec.js, of 2024 and 2026); those marked `openssl` were computed by hand.
 */

const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
const call: Parameters = [
  ['CallSid', 'CA1234567890ABCDE'],
  ['Caller', '+14158675309'],
  ['Digits', '1234'],
  ['From', '+14158675309'],
  ['To', '+18005551212'],
];

type Parameters = readonly (readonly [name: string, value: string])[];

const encoded = (parameters: Parameters) => parameters.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');

async function reasonOf(
  sent: { readonly url: string; readonly signature: string; readonly body: string; readonly type?: string },
  options: Partial<TwilioSignatureOptions> = {},
): Promise<string> {
  const verifier = twilioSignature({ secret: '12345', publicUrl: () => sent.url, ...options });
  const headers: Readonly<Record<string, string>> = {
    'x-twilio-signature': sent.signature,
    'content-type': sent.type ?? 'application/x-www-form-urlencoded',
  };
  const body = new TextEncoder().encode(sent.body);
  const request = {
    method: 'POST',
    url: '/webhooks/twilio',
    path: '/webhooks/twilio',
    header: (name: string) => headers[name],
    body: () => body,
  };
  const found = await verifier.verify({ request, body, connection: undefined, pathSecret: undefined, now: 0 });
  return found.ok ? 'verified' : found.reason;
}

describe('the signatures of forms', () => {
  it.each([
    ['printed in the documentation', url, 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
    ['without the port of the URL', url.replace('.com', '.com:1234'), 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
    ['with its port', 'http://mycompany.com:1234/myapp.php?foo=1&bar=2', 'Zmvh+3yNM1Phv2jhDCwEM3q5ebU='],
    ['with 443 added', url, 'kvajT1Ptam85bY51eRf/AJRuM3w='],
    ['with 443 taken away', url.replace('.com', '.com:443'), 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
    ['with 80 added', url.replace('https', 'http'), '0ZXoZLH/DfblKGATFgpif+LLRf4='],
    ['with user and password', url.replace('//', '//user:pass@'), 'CukzLTc1tT5dXEDIHm/tKBanW10='],
    ['with a user', url.replace('//', '//user@'), '2YRLlVAflCqxaNicjMpJcSTgzSs='],
    ['with user, password and 443', url.replace('//', '//user:pass@'), 'ZQFR1PTIZXF2MXB8ZnKCvnnA+rI='],
    ["with a ' in the query as it is", `${url}&Body=It's+amazing`, 'dsq4Ehbj6cs+KdTkpF5sSSplOWw='],
    ["with a ' in the query as %27", `${url}&Body=It's+amazing`, 'TfZzewPq8wqrGlMfyAud8+/IvJ0='],
    ['with the query as querystring writes it (openssl)', `${url}&Body=It's+amazing`, 'bD9iT2C/HNMwZ/yCH1s/5R2+wUs='],
    ['with a fragment, which takes no part', `${url}#rc=3&rp=all`, 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
  ])('are accepted %s', async (_, called, signature) => {
    const body = encoded(call);
    expect(await reasonOf({ url: called, signature, body })).toBe('verified');
    expect(await reasonOf({ url: called, signature, body: body.replace('1234', '1235') })).toBe('mismatch');
    expect(await reasonOf({ url: called.replace('foo=1', 'foo=2'), signature, body })).toBe('mismatch');
    expect(await reasonOf({ url: called, signature, body }, { secret: '12346' })).toBe('mismatch');
  });

  it('are that of the other example in the documentation', async () => {
    const body = encoded(call).replaceAll('14158675309', '12349013030');
    expect(await reasonOf({ url, signature: '0/KCTR6DLpKmkAf8muzZqo1nDgQ=', body })).toBe('verified');
  });

  it('sort the values of a name and count each once', async () => {
    const address = 'MessagingBinding.Address';
    const two: Parameters = [
      [address, '+1325xxxxxxx'],
      [address, '+1415xxxxxxx'],
    ];
    for (const parameters of [two, two.toReversed(), [...two, ...two]]) {
      const sent = { url, signature: '83O6e2vORAoJHUNzJjDWN1jz+BA=', body: encoded(parameters) };
      expect(await reasonOf(sent)).toBe('verified');
    }
    const body = 'Digits=5678&Sid=CA123&Digits=1234&SidAccount=AC123&Digits=1234';
    expect(await reasonOf({ url, signature: 'IK+Dwps556ElfBT0I3Rgjkr1wJU=', body })).toBe('verified');
  });
});

describe('the signatures of JSON', () => {
  const type = 'application/json';
  const body = '{"property": "value", "boolean": true}';
  const hash = '0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620';

  it.each([
    ['a body', `${url}&bodySHA256=${hash}`, 'a9nBmqA0ju/hNViExpshrM61xv4=', body],
    [
      'an empty object',
      `${url}&bodySHA256=44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a`,
      'Ldidvp12m26NI7eqEvxnEpkd9Hc=',
      '{}',
    ],
    [
      'a URL with the hash alone',
      `https://mycompany.com/myapp.php?bodySHA256=${hash}`,
      'y77kIzt2vzLz71DgmJGsen2scGs=',
      body,
    ],
  ])('are accepted of %s, and of no other body', async (_, called, signature, sent) => {
    expect(await reasonOf({ url: called, signature, body: sent, type })).toBe('verified');
    expect(await reasonOf({ url: called, signature, body: sent, type: 'application/json; charset=utf-8' })).toBe(
      'verified',
    );
    expect(await reasonOf({ url: called, signature, body: `${sent} `, type })).toBe('mismatch');
  });

  it('are refused when the URL has no hash, although they fit the URL', async () => {
    // openssl, over the URL alone
    const signature = 'zYQTYrRWXE7LtzbG4PfP7/bkkGo=';
    expect(await reasonOf({ url, signature, body: '' })).toBe('verified');
    expect(await reasonOf({ url, signature, body, type })).toBe('malformed');
    expect(await reasonOf({ url, signature, body, type: 'application/cloudevents+json' })).toBe('malformed');
  });

  it('do not let a form pass whose hash fits but whose parameters were not signed', async () => {
    const called = `${url}&bodySHA256=42144f3939c3ffbbf0bf8b1f12affb5c23a4c5bd41e0ff672d54a5754f062058`;
    // openssl, over the URL alone, and over the URL with the parameter
    expect(await reasonOf({ url: called, signature: 'KvdnBZK6S3QazgeSbkMljbjCtW4=', body: 'a=b' })).toBe('mismatch');
    expect(await reasonOf({ url: called, signature: 'p68ilMUUH7LW+15dGZ1ck4nIzxM=', body: 'a=b' })).toBe('verified');
    expect(await reasonOf({ url: called, signature: 'p68ilMUUH7LW+15dGZ1ck4nIzxM=', body: 'a=%62' })).toBe('mismatch');
  });

  it.each(['', 'é'.repeat(64), `${hash}0`])('do not take %j for a hash', async (wrong) => {
    const called = `${url}&bodySHA256=${encodeURIComponent(wrong)}`;
    expect(await reasonOf({ url: called, signature: 'a9nBmqA0ju/hNViExpshrM61xv4=', body, type })).toBe('mismatch');
    const both = `${url}&bodySHA256=${hash}&bodySHA256=${encodeURIComponent(wrong)}`;
    expect(await reasonOf({ url: both, signature: 'a9nBmqA0ju/hNViExpshrM61xv4=', body, type })).toBe('mismatch');
  });
});
