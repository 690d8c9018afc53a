import { type TwilioOptions, twilio } from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import { receivingTwilio, type Sent } from './twilio-harness.ts';

const inside = 'http://10.0.0.7:8080/webhooks/twilio';
const outside = 'https://app.example.com/webhooks/twilio';

describe('the URL that Twilio signed', () => {
  it.each<[string, Partial<TwilioOptions>, Sent]>([
    ['is that of the request, where nothing stands before the app', {}, { signedUrl: outside }],
    ['has the query of the request', {}, { signedUrl: `${outside}?tenant=7&x=a%20b` }],
    [
      'has the origin that is configured',
      { publicUrl: 'https://app.example.com' },
      { signedUrl: outside, url: inside },
    ],
    [
      'takes a slash after the origin for none',
      { publicUrl: 'https://app.example.com/' },
      { signedUrl: outside, url: inside },
    ],
    [
      'has a port that is configured',
      { publicUrl: 'https://app.example.com:8443' },
      { signedUrl: outside.replace('.com', '.com:8443'), url: inside },
    ],
    [
      'may be signed without the port that is configured',
      { publicUrl: 'https://app.example.com:8443' },
      { signedUrl: outside, url: inside },
    ],
    [
      'may be signed with the standard port',
      { publicUrl: 'https://app.example.com' },
      { signedUrl: outside.replace('.com', '.com:443'), url: inside },
    ],
    [
      'has the user and password that are configured',
      { publicUrl: 'https://me:s3cret@app.example.com' },
      { signedUrl: outside.replace('//', '//me:s3cret@'), url: inside },
    ],
    [
      'has the origin even if the adapter does not know the host',
      { publicUrl: 'https://app.example.com' },
      { signedUrl: `${outside}?a=1`, url: '/webhooks/twilio?a=1' },
    ],
    [
      'has the path that is configured, where a proxy strips a prefix',
      { publicUrl: 'https://app.example.com/api/webhooks/twilio' },
      { signedUrl: 'https://app.example.com/api/webhooks/twilio', url: inside },
    ],
    [
      'has the query of the request after the path that is configured',
      { publicUrl: 'https://app.example.com/sms' },
      { signedUrl: 'https://app.example.com/sms?a=%27', url: `${inside}?a=%27` },
    ],
    [
      'has a slash at the end of the path if that is configured',
      { publicUrl: 'https://app.example.com/sms/' },
      { signedUrl: 'https://app.example.com/sms/', url: inside },
    ],
    [
      'has the connection after the path, spelt as it was sent',
      { publicUrl: 'https://app.example.com/sms' },
      { signedUrl: 'https://app.example.com/sms/caf%c3%a9%2Done?a=1', url: `${inside}/caf%c3%a9%2Done?a=1` },
    ],
    [
      'never has the fragment that is configured',
      { publicUrl: 'https://app.example.com/sms#rc=3&rp=all' },
      { signedUrl: 'https://app.example.com/sms', url: inside },
    ],
    [
      'is what a function says',
      { publicUrl: (request) => `https://${request.header('x-tenant')}.example.com/in#rc=3` },
      { signedUrl: 'https://acme.example.com/in', url: inside, headers: { 'x-tenant': 'acme' } },
    ],
    [
      'has the protocol that a trusted proxy tells',
      { trustProxy: true },
      { signedUrl: outside, url: outside.replace('https', 'http'), headers: { 'x-forwarded-proto': 'https' } },
    ],
    [
      'has the first host and protocol that trusted proxies tell',
      { trustProxy: true },
      {
        signedUrl: outside,
        url: inside,
        headers: { 'x-forwarded-proto': 'HTTPS, http', 'x-forwarded-host': 'app.example.com, lb.internal' },
      },
    ],
    [
      'has the port that a trusted proxy tells',
      { trustProxy: true },
      {
        signedUrl: outside.replace('.com', '.com:8443'),
        url: inside,
        headers: { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'app.example.com', 'x-forwarded-port': '8443' },
      },
    ],
    [
      'is signed without the inner port that a trusted proxy tells',
      { trustProxy: true },
      {
        signedUrl: outside,
        url: inside,
        headers: { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'app.example.com', 'x-forwarded-port': '80' },
      },
    ],
    [
      'has one port where a trusted proxy tells two',
      { trustProxy: true },
      {
        signedUrl: outside.replace('.com', '.com:8443'),
        url: inside,
        headers: {
          'x-forwarded-proto': 'https',
          'x-forwarded-host': 'app.example.com:8443',
          'x-forwarded-port': '3000',
        },
      },
    ],
    [
      'is that of the request where a trusted proxy tells a port that cannot be',
      { trustProxy: true },
      { signedUrl: outside, headers: { 'x-forwarded-host': 'app.example.com', 'x-forwarded-port': '99999' } },
    ],
    [
      'is that of the request where a trusted proxy tells nothing, or nonsense',
      { trustProxy: true },
      { signedUrl: outside, headers: { 'x-forwarded-proto': 'gopher', 'x-forwarded-host': 'evil.example/x?' } },
    ],
    [
      'is told by a trusted proxy alone if the adapter does not know the host',
      { trustProxy: true },
      { signedUrl: outside, url: '/webhooks/twilio', headers: { 'x-forwarded-host': 'app.example.com' } },
    ],
    [
      'is not told by a proxy where publicUrl is set',
      { trustProxy: true, publicUrl: 'https://app.example.com' },
      { signedUrl: outside, url: inside, headers: { 'x-forwarded-host': 'other.example.com' } },
    ],
  ])('%s', async (_, options, sent) => {
    const path = (sent.url ?? sent.signedUrl).replace(/^https?:\/\/[^/]*/, '').split('?')[0] ?? '';
    const { send, events } = receivingTwilio(options);
    expect(await send({ path, ...sent })).toBe(200);
    expect(events).toHaveLength(1);
    expect(
      await receivingTwilio(options).send({
        path,
        ...sent,
        signedUrl: `${sent.signedUrl}x`,
        url: sent.url ?? sent.signedUrl,
      }),
    ).toBe(401);
  });

  it('is not believed of headers that anybody can set', async () => {
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'staging.example.com' };
    const { send } = receivingTwilio();
    expect(await send({ signedUrl: 'https://staging.example.com/webhooks/twilio', url: outside, headers })).toBe(401);
  });

  it.each([
    [
      'has a fragment in its host',
      { url: 'http://app.example.com/voice#/webhooks/twilio', host: 'app.example.com/voice#' },
    ],
    ['has a path in its host', { url: 'http://app.example.com/api/webhooks/twilio', host: 'app.example.com/api' }],
    [
      'has a query in its host',
      { url: 'http://app.example.com/voice?/webhooks/twilio', host: 'app.example.com/voice?' },
    ],
    ['has a fragment in its path', { url: 'http://app.example.com/voice#/webhooks/twilio', host: 'app.example.com' }],
  ])('is never one that a caller made up who %s', async (_, { url, host }) => {
    const target = url.split('#')[0]?.replace('http://app.example.com', '') ?? '';
    for (const options of [
      {},
      { trustProxy: true },
      { publicUrl: 'http://app.example.com' },
      { publicUrl: ({ url }: { url: string }) => url },
    ]) {
      const { send, events } = receivingTwilio(options);
      const sent = { signedUrl: `http://app.example.com${target}`, url, path: '/webhooks/twilio', headers: { host } };
      expect(await send(sent)).toBe(401);
      expect(events).toEqual([]);
    }
  });

  it('keeps what is before the mount point', async () => {
    const { send } = receivingTwilio({ publicUrl: 'https://app.example.com' }, { path: '/hooks' });
    const url = 'http://10.0.0.7/api/hooks/twilio';
    expect(await send({ signedUrl: 'https://app.example.com/api/hooks/twilio', url, path: '/hooks/twilio' })).toBe(200);
  });

  it('is tried in other spellings unless it is longer than any that is configured', async () => {
    const { send } = receivingTwilio();
    const queryOf = (length: number) => `?a='${'x'.repeat(length)}`;
    const spelt = (length: number) => outside + queryOf(length).replace("'", '%27');
    expect(await send({ signedUrl: spelt(4000), url: outside + queryOf(4000) })).toBe(200);
    expect(await send({ signedUrl: spelt(5000), url: outside + queryOf(5000) })).toBe(401);
    expect(await send({ signedUrl: outside + queryOf(5000) })).toBe(200);
  });
});

describe('publicUrl', () => {
  it.each([
    '',
    'app.example.com',
    '/webhooks/twilio',
    'ftp://app.example.com',
    'https://',
    'https://a b',
    'https:///x',
  ])('is refused at start when it is %j', (publicUrl) => {
    expect(() => twilio({ authToken: 'token', publicUrl })).toThrow('invalid_option');
  });

  it('is refused at start with a query, and without being told, since it may hold a password', () => {
    const start = () => twilio({ authToken: 'token', publicUrl: 'https://me:s3cret@app.example.com/sms?a=1' });
    expect(start).toThrow('publicUrl has a query, expected none');
    expect(start).not.toThrow('s3cret');
    expect(() => twilio({ authToken: 'token', publicUrl: 'me:s3cret@x' })).not.toThrow('s3cret');
    // As JavaScript may pass it.
    expect(() => Reflect.apply(twilio, undefined, [{ authToken: 'token', publicUrl: 7 }])).toThrow('invalid_option');
  });

  it('fails closed when its function gives no URL', async () => {
    for (const wrong of ['', '/webhooks/twilio', 'app.example.com']) {
      const { send, reason } = receivingTwilio({ publicUrl: () => wrong });
      expect(await send({ signedUrl: wrong, url: outside })).toBe(401);
      expect(reason()).toBe('mismatch');
    }
  });

  it('does not let JSON pass whose hash is in the request but not in the URL that was signed', async () => {
    const { send, reason } = receivingTwilio({ publicUrl: () => outside });
    const hash = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';
    const headers = { 'content-type': 'application/json' };
    const sent = { signedUrl: outside, url: `${outside}?bodySHA256=${hash}`, headers, parameters: [], body: '{}' };
    expect(await send(sent)).toBe(401);
    expect(reason()).toBe('malformed');
  });
});

describe('the log line of a refusal', () => {
  async function lineOf(options: Partial<TwilioOptions>, sent: Sent): Promise<string> {
    const { send, message, reason } = receivingTwilio(options);
    expect(await send(sent)).toBe(401);
    expect(reason()).toBe('mismatch');
    return message();
  }

  it('shows the URL without user and password, and of its query the names', async () => {
    const publicUrl = 'https://me:s3cret@app.example.com';
    const sent = { signedUrl: 'https://elsewhere.example', url: `${inside}?tenant=7&key=hidden&flag` };
    expect(await lineOf({ publicUrl }, sent)).toBe(
      'the signature in x-twilio-signature does not fit the body and the URL ' +
        'https://app.example.com/webhooks/twilio?tenant=…&key=…&…; ' +
        'is this, letter for letter, the URL that the vendor has, and the secret that of its account? (verification_failed)',
    );
  });

  it('shows no more than the beginning of a long URL', async () => {
    const url = `${outside}?${'a=1&'.repeat(3000)}`;
    expect((await lineOf({}, { signedUrl: outside, url })).length).toBeLessThan(600);
  });

  it.each<[string, Partial<TwilioOptions>, Sent, string]>([
    [
      'a proxy takes TLS off',
      {},
      { signedUrl: outside, url: outside.replace('https', 'http') },
      'it was signed for https://app.example.com/webhooks/twilio: set publicUrl to "https://app.example.com"',
    ],
    [
      'a proxy is there and not trusted',
      {},
      {
        signedUrl: outside,
        url: inside,
        headers: { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'app.example.com' },
      },
      'set publicUrl to "https://app.example.com"',
    ],
    [
      'a proxy is there, not trusted, and tells its own port',
      {},
      {
        signedUrl: outside,
        url: inside,
        headers: { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'app.example.com', 'x-forwarded-port': '80' },
      },
      'set publicUrl to "https://app.example.com"',
    ],
    [
      'publicUrl has the wrong protocol, and a path',
      { publicUrl: 'http://app.example.com/sms' },
      { signedUrl: 'https://app.example.com/sms', url: inside },
      'set publicUrl to "https://app.example.com/sms"',
    ],
    [
      'publicUrl lacks a slash at its end',
      { publicUrl: 'https://app.example.com/sms' },
      { signedUrl: 'https://app.example.com/sms/?a=1', url: `${inside}?a=1` },
      'it was signed for https://app.example.com/sms/?a=…: set publicUrl to "https://app.example.com/sms/"',
    ],
    [
      'publicUrl has a path that the vendor does not call',
      { publicUrl: 'https://app.example.com/sms' },
      { signedUrl: outside, url: outside.replace('https', 'http') },
      'set publicUrl to "https://app.example.com"',
    ],
    [
      'publicUrl has the wrong protocol, and there is a connection',
      { publicUrl: 'http://app.example.com/sms' },
      { signedUrl: 'https://app.example.com/sms/acme', url: `${inside}/acme` },
      'set publicUrl to "https://app.example.com/sms"',
    ],
    [
      'the vendor has a slash after the connection',
      { publicUrl: 'https://app.example.com/sms' },
      { signedUrl: 'https://app.example.com/sms/acme/', url: `${inside}/acme` },
      'take the slash away from the end of the URL that the vendor has',
    ],
    [
      'the host is not known',
      {},
      { signedUrl: outside, url: '/webhooks/twilio' },
      'set publicUrl to the origin that the vendor calls',
    ],
    [
      'the vendor has user and password in its URL',
      { publicUrl: 'https://app.example.com' },
      {
        signedUrl: outside.replace('//', '//me:s3cret@'),
        url: inside,
        headers: { authorization: 'Basic bWU6czNjcmV0' },
      },
      'holds a user and a password, so must publicUrl',
    ],
    [
      'the token ends in a line break',
      { authToken: 'token\n' },
      { signedUrl: outside },
      'the secret begins or ends with white space or a line break: remove it',
    ],
    [
      'the body was cut off in an escape',
      {},
      { signedUrl: outside, body: 'Body=caf%C3%' },
      'the body is no form: an escape or its UTF-8 is broken, so that no signature fits it; was the body changed on its way?',
    ],
  ])('names the cause when %s', async (_, options, sent, cause) => {
    const line = await lineOf(options, sent);
    expect(line).toContain(cause);
    expect(line).not.toContain('s3cret');
  });

  it('has no cause for a request so large that looking for one would take long', async () => {
    const parameters = [['Body', 'x'.repeat(10_000)]] as const;
    const line = await lineOf({}, { signedUrl: outside, url: outside.replace('https', 'http'), parameters });
    expect(line).toContain('is this, letter for letter, the URL that the vendor has');
  });

  it('names another provider whose token fits', async () => {
    const others = [twilio({ name: 'twilio-eu', authToken: 'eu-token' })];
    const { send, message } = receivingTwilio({}, { others });
    expect(await send({ signedUrl: outside, token: 'eu-token' })).toBe(401);
    expect(message()).toContain('it was signed with the secret of the provider "twilio-eu"');
  });
});
