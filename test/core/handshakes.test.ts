import { createReceiver, hubHandshake } from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import { codeOf, recordLogs, send, shop } from './harness.ts';

const verifyToken = ['new token', 'old token'];
const query = (values: Readonly<Record<string, string>>) => `?${new URLSearchParams(values)}`;
const good = { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': 'new token' };

async function ask(values: Readonly<Record<string, string>>, method = 'GET') {
  const logs = recordLogs();
  const receiver = createReceiver({
    providers: [shop({ handshake: hubHandshake({ verifyToken }) })],
    logger: logs.logger,
  });
  const path = `/webhooks/shop${query(values)}`;
  const reply = await send(receiver, { method, path, headers: {}, body: new Uint8Array(0) });
  return { reply, reason: logs.lines[0]?.details.reason, log: logs.text() };
}

describe('the handshake of WebSub', () => {
  it('is answered with the bare challenge', async () => {
    expect((await ask(good)).reply).toEqual({
      status: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: '1158201444',
    });
    expect((await ask({ ...good, 'hub.verify_token': 'old token' })).reply.status).toBe(200);
  });

  it.each([
    ['another token', { ...good, 'hub.verify_token': 'guess' }, 'mismatch'],
    ['an empty token', { ...good, 'hub.verify_token': '' }, 'missing_header'],
    ['no token', { 'hub.mode': 'subscribe', 'hub.challenge': '1' }, 'missing_header'],
    ['nothing', {}, 'missing_header'],
  ])('with %s is refused, and nothing of it is said', async (_, values, reason) => {
    const { reply, reason: logged, log } = await ask(values);
    expect([reply.status, codeOf(reply), logged]).toEqual([401, 'verification_failed', reason]);
    for (const text of [reply.body, log]) expect(text).not.toMatch(/new token|old token|guess|1158201444/);
  });

  it('without a challenge, or of another mode, is refused', async () => {
    for (const change of [{ 'hub.challenge': '' }, { 'hub.mode': 'unsubscribe' }]) {
      const { reply } = await ask({ ...good, ...change });
      expect([reply.status, codeOf(reply)]).toEqual([400, 'invalid_body']);
    }
  });

  it('proves nothing for a delivery', async () => {
    expect((await ask(good, 'POST')).reply.status).toBe(401);
  });

  it('cannot be set up without a token', () => {
    expect(() => hubHandshake({ verifyToken: '' })).toThrow('missing_secret');
  });
});
