import { createHmac } from 'node:crypto';
import { aisoule, bearer, byPresentHeaders, createReceiver, hmac, type Provider, watsi } from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import { recordLogs, requestOf } from '../harness.ts';

const secret = 'aisoule-test-secret';
const body = Buffer.from('{"event":"ping"}');
const digest = (key: string) => createHmac('sha256', key).update(body).digest('hex');
const docs = `sha256=${digest(secret)}`;
const help = digest(secret);

async function post(headers: Record<string, string>, provider = aisoule({ secret }), others: Provider[] = []) {
  const { logger, lines } = recordLogs();
  const receiver = createReceiver({ providers: [provider, ...others], logger });
  const reply = await receiver.handle(requestOf({ path: `/webhooks/${provider.name}`, headers, body }));
  return { status: reply?.status, reason: lines[0]?.details.reason, message: lines[0]?.message };
}

describe('the signatures of AISoule', () => {
  it('are accepted in either dialect, and in both at once', async () => {
    expect(await post({ 'x-aisoule-signature': docs })).toMatchObject({ status: 200 });
    expect(await post({ 'x-webhook-signature': help })).toMatchObject({ status: 200 });
    expect(await post({ 'x-aisoule-signature': docs, 'x-webhook-signature': help })).toMatchObject({ status: 200 });
  });

  it('are refused when there are two and one of them does not fit', async () => {
    const wrong = digest('another secret');
    const mismatch = { status: 401, reason: 'mismatch' };
    expect(await post({ 'x-aisoule-signature': docs, 'x-webhook-signature': wrong })).toMatchObject(mismatch);
    expect(await post({ 'x-aisoule-signature': `sha256=${wrong}`, 'x-webhook-signature': help })).toMatchObject(
      mismatch,
    );
    expect(await post({ 'x-aisoule-signature': docs, 'x-webhook-signature': '' })).toMatchObject({ status: 401 });
  });

  it('are missed under the names of both headers', async () => {
    const { status, reason, message } = await post({});
    expect({ status, reason }).toEqual({ status: 401, reason: 'missing_header' });
    expect(message).toContain('x-aisoule-signature or x-webhook-signature');
  });

  it('are known by the secret of another provider, in both directions', async () => {
    const mixedUp = await post({ 'x-webhook-signature': digest('of watsi') }, undefined, [
      watsi({ secret: 'of watsi' }),
    ]);
    expect(mixedUp).toMatchObject({ reason: 'mismatch', message: expect.stringContaining('"watsi"') });
    const swapped = await post({ 'x-watsi-signature': help }, watsi({ secret: 'of watsi' }), [aisoule({ secret })]);
    expect(swapped).toMatchObject({ reason: 'mismatch', message: expect.stringContaining('"aisoule"') });
  });

  it('are looked up per connection', async () => {
    const lookedUp = aisoule({ secret: async () => secret });
    expect(await post({ 'x-webhook-signature': help }, lookedUp)).toMatchObject({ status: 200 });
    const both = { 'x-aisoule-signature': docs, 'x-webhook-signature': digest('another') };
    expect(await post(both, lookedUp)).toMatchObject({ status: 401, reason: 'mismatch' });
  });
});

describe('byPresentHeaders', () => {
  it('combines verifiers of any kind, whatever the case of the header names', async () => {
    const verifier = byPresentHeaders({
      'X-Acme-Signature': hmac({ secret, header: 'x-acme-signature' }),
      Authorization: bearer({ token: { name: 'token', value: 'tulip' } }),
    });
    const verify = (headers: Record<string, string>) =>
      verifier.verify({
        request: requestOf({ path: '/', headers, body }),
        body,
        connection: undefined,
        pathSecret: undefined,
        now: 0,
      });
    expect(await verify({ authorization: 'Bearer tulip' })).toEqual({ ok: true, secret: 'token' });
    expect(await verify({ 'x-acme-signature': help })).toMatchObject({ ok: true });
    expect(await verify({ 'x-acme-signature': help, authorization: 'Bearer rose' })).toMatchObject({
      reason: 'mismatch',
    });
    expect(await verify({})).toMatchObject({ ok: false, reason: 'missing_header' });
  });
});
