import {
  basic,
  bearer,
  consoleLogger,
  createReceiver,
  type DedupStore,
  memoryDedup,
  type Provider,
  pathSecret,
  type ReceiverOptions,
  silentLogger,
  staticHeader,
  wexio,
} from '@chathooks/core';
import { createTestClock, deliver } from '@chathooks/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { recordLogs, requestOf, type Sent, send, shop, shopSecret, signed } from './harness.ts';

/** What must never be in a log, and is in every delivery here. */
const text = 'my-diagnosis-is';
const phone = '31655544433';
const secret = 'top-secret-of-wexio';

const clock = createTestClock();
const sign = { secret, now: clock.now() };
const message = deliver.wexio(
  'message.inbound.created',
  { id: `evt-${phone}`, data: { message: { text }, contact: { phoneNumber: `+${phone}` } } },
  sign,
);
const signature = message.headers['x-wexio-signature']?.split('v1=')[1] ?? expect.fail('The delivery is not signed');
const broken = (body: string) => deliver.wexio.body(body, sign);

async function logOf(sent: Sent, options: Partial<ReceiverOptions> = {}, body?: () => never) {
  const logs = recordLogs();
  const providers = [wexio({ secret })];
  const receiver = createReceiver({ providers, clock, logger: logs.logger, ...options });
  const request = requestOf(sent);
  await receiver.handle(body ? { ...request, body } : request);
  return logs;
}

const fail = () => Promise.reject(new Error('no'));
const storeWith = (methods: Partial<DedupStore>) => ({ dedup: { ...memoryDedup({ clock }), ...methods } });

describe('the log', () => {
  const withHeader = (value: string): Sent => ({ ...message, headers: { 'x-wexio-signature': value } });
  const cases: [string, () => Promise<ReturnType<typeof recordLogs>>][] = [
    ['a forged body', () => logOf({ ...message, body: Buffer.from(`{"text":"${text} +${phone}"}`) })],
    ['a malformed signature', () => logOf(withHeader(`${signature}`))],
    ['a stale signature', () => logOf(withHeader(`t=1,v1=${signature}`))],
    ['a signature from the future', () => logOf(withHeader(`t=99999999999,v1=${signature}`))],
    ['a secret with a line break', () => logOf(message, { providers: [wexio({ secret: `${secret}\n` })] })],
    [
      'a mix-up of secrets',
      () => logOf(message, { providers: [wexio({ secret: 'other' }), wexio({ name: 'wexio-eu', secret })] }),
    ],
    ['an unknown connection', () => logOf(message, { providers: [wexio({ secret: () => undefined })] })],
    ['an empty secret', () => logOf(message, { providers: [wexio({ secret: () => [secret, ''] })] })],
    ['broken JSON', () => logOf(broken(`{"text":"${text}","phone":"+${phone}`))],
    // Short bodies, which the message of a SyntaxError quotes in full.
    ['a message that is no JSON', () => logOf(broken(text))],
    ['a phone number that is no JSON', () => logOf(broken(`+${phone}`))],
    ['JSON broken at its end', () => logOf(broken(`"${text}" +${phone}`))],
    ['invalid UTF-8', () => logOf(deliver.wexio.body(Buffer.from(`"${text} +${phone}\xff"`, 'latin1'), sign))],
    ['deep JSON', () => logOf(broken(`${'['.repeat(100)}"${text} +${phone}"${']'.repeat(100)}`))],
    ['an unknown event', () => logOf(broken(JSON.stringify({ type: 'odd', text, phone })))],
    [
      'an event that does not fit',
      () =>
        logOf(
          broken(JSON.stringify({ id: phone, type: 'message.inbound.created', data: { message: text, chat: phone } })),
        ),
    ],
    [
      'a provider that cannot normalize',
      () => logOf(signed(JSON.stringify({ notes: text, phone })), { providers: [shop()] }),
    ],
    [
      'too many events',
      () =>
        logOf(signed(JSON.stringify({ notes: [{ id: text }, { id: phone }] })), {
          providers: [shop()],
          limits: { events: 1 },
        }),
    ],
    [
      'a wrong content type',
      () => logOf({ ...message, headers: { ...message.headers, 'content-type': `text/${text}` } }),
    ],
    ['a wrong encoding', () => logOf({ ...message, headers: { ...message.headers, 'content-encoding': text } })],
    ['a handler that fails', () => logOf(message, { onMessageInbound: fail })],
    ['a store that fails', () => logOf(message, { onEvent() {}, ...storeWith({ claim: fail }) })],
    [
      'a store that is done without',
      () => logOf(message, { onEvent() {}, onStoreError: 'process', ...storeWith({ claim: fail }) }),
    ],
    ['a store that cannot complete', () => logOf(message, { onEvent() {}, ...storeWith({ complete: fail }) })],
    ['a lease that was lost', () => logOf(message, { onEvent() {}, ...storeWith({ complete: () => false }) })],
    [
      'a body that something else has read',
      () =>
        logOf(message, {}, () => {
          throw Object.assign(new Error('The body was read'), { code: 'body_consumed' });
        }),
    ],
    ...credentials().map(([name, provider, sent]): (typeof cases)[number] => [
      name,
      () => logOf(sent, { providers: [provider] }),
    ]),
  ];

  it.each(cases)('of %s says something, and no secret, signature, phone number or message', async (_, run) => {
    const logs = await run();
    expect(logs.lines).not.toEqual([]);
    const seen = logs.text();
    for (const private_ of [
      text,
      phone,
      secret,
      signature,
      shopSecret,
      'top-secret',
      'guessed',
      btoa('user:guessed'),
    ]) {
      expect(seen).not.toContain(private_);
    }
  });

  it('of a failed event names it by a reference that a report can quote', async () => {
    const [first, second] = [await logOf(message, { onEvent: fail }), await logOf(message, { onEvent: fail })];
    const { eventRef } = first.lines[0]?.details ?? {};
    expect(eventRef).toMatch(/^[0-9a-f]{16}$/);
    expect(second.lines[0]?.details.eventRef).toBe(eventRef);
  });

  it('of a refusal that anybody can cause is short: there is no stack in it', async () => {
    const logs = await logOf({ ...message, headers: { ...message.headers, 'x-wexio-signature': 't=1,v1=0' } });
    expect(logs.lines).toMatchObject([
      { level: 'warn', details: { code: 'verification_failed', reason: 'malformed' } },
    ]);
    expect(logs.text()).not.toContain('receiver.ts');
  });

  it('of a sender that hung up is for debugging only', async () => {
    const logs = await logOf(message, {}, () => {
      throw Object.assign(new Error('The sender hung up'), { code: 'body_aborted' });
    });
    expect(logs.lines.map(({ level }) => level)).toEqual(['debug']);
  });

  it('of something that is no error still says something', async () => {
    const logs = await logOf(message, {}, () => {
      throw 'nonsense';
    });
    expect(logs.lines).toMatchObject([
      { level: 'error', details: { code: 'internal_error' }, message: 'The receiver failed' },
    ]);
  });

  it('of an unknown event says how to see such events, unless somebody does', async () => {
    const logs = await logOf(broken('{"id":"1","type":"odd"}'));
    expect(logs.lines).toMatchObject([
      {
        level: 'warn',
        details: { provider: 'wexio', providerEvent: 'odd', reason: 'unknown_event' },
        message: expect.stringContaining('onUnknown'),
      },
    ]);
    expect((await logOf(broken('{"id":"1","type":"odd"}'), { onUnknown() {} })).lines).toEqual([]);
    expect((await logOf(broken('{"id":"1","type":"odd"}'), { onEvent() {} })).lines).toEqual([]);
  });

  it('of an event that does not fit names the fields', async () => {
    const logs = await logOf(broken('{"id":"1","type":"chat.deleted","data":{"chat":{}}}'));
    expect(logs.lines).toMatchObject([{ details: { reason: 'invalid_payload', issues: [{ path: 'data.chat.id' }] } }]);
  });

  it('of a delivery that went well is empty', async () => {
    expect((await logOf(message, { onEvent() {} })).lines).toEqual([]);
  });
});

describe('the loggers', () => {
  afterEach(() => vi.restoreAllMocks());

  it('write warnings and errors on the console by default', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    const receiver = createReceiver({ providers: [shop()] });
    await send(receiver, { ...signed('{'), headers: {} });
    await send(receiver, signed('{'));
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      expect.stringMatching(/^\[chathooks\] /),
      expect.objectContaining({ code: 'verification_failed' }),
    );
    expect(error).toHaveBeenCalledExactlyOnceWith(
      expect.stringMatching(/^\[chathooks\] /),
      expect.objectContaining({ code: 'invalid_body' }),
    );
    await send(createReceiver({ providers: [shop()], logger: false }), signed('{'));
    await send(createReceiver({ providers: [shop()], logger: silentLogger }), { ...signed('{'), headers: {} });
    expect(error).toHaveBeenCalledOnce();
  });

  it('need no debug method', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const receiver = createReceiver({ providers: [shop()], logger: consoleLogger });
    const request = {
      ...requestOf(signed('{}')),
      body: () => Promise.reject(Object.assign(new Error(), { code: 'body_aborted' })),
    };
    expect((await receiver.handle(request))?.status).toBe(400);
  });
});

/** Requests with a wrong credential to providers that do not sign. */
function credentials(): [string, Provider, Sent][] {
  const sent = (headers: Record<string, string>, path = '/webhooks/shop'): Sent => ({
    path,
    headers,
    body: Buffer.from(JSON.stringify({ text, phone })),
  });
  const basicHeader = `Basic ${btoa('user:guessed')}`;
  return [
    ['a wrong bearer token', shop({ verifier: bearer({ token: secret }) }), sent({ authorization: 'Bearer guessed' })],
    [
      'a wrong password',
      shop({ verifier: basic({ username: 'user', password: secret }) }),
      sent({ authorization: basicHeader }),
    ],
    ['a wrong header', shop({ verifier: staticHeader({ header: 'x-token', secret }) }), sent({ 'x-token': 'guessed' })],
    ['a wrong path', shop({ verifier: pathSecret({ secret }) }), sent({}, '/webhooks/shop/guessed')],
    [
      'a path in the wrong order',
      shop({ verifier: pathSecret({ secret }) }),
      sent({}, `/webhooks/shop/${secret}/acme`),
    ],
  ];
}
