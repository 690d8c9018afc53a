import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createReceiver, type Diagnostics, diagnostics, wexio } from '@chathooks/core';
import { deliver } from '@chathooks/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { notes, send, shop, signed } from './harness.ts';

type Name = keyof Diagnostics;
const names = Object.keys(diagnostics) as Name[];

describe('the diagnostics channels', () => {
  let messages: [Name, object][] = [];
  const listeners = names.map((name) => {
    const listener = (message: unknown) => void messages.push([name, message as object]);
    return { name, listener };
  });
  const about = { provider: 'shop', connection: undefined, durationMs: expect.any(Number) };
  const event = { ...about, eventId: 'shop:n1', type: 'message.inbound', providerEvent: 'note' };
  const one = notes([{ id: 'n1' }]);
  const received = {
    ...about,
    bytes: one.body.length,
    events: 1,
    secretName: 'secret 1',
  };

  beforeEach(() => {
    messages = [];
    for (const { name, listener } of listeners) subscribe(name, listener);
  });
  afterEach(() => {
    for (const { name, listener } of listeners) unsubscribe(name, listener);
  });

  it('tell of a delivery and of the event that was handled', async () => {
    const receiver = createReceiver({ providers: [shop()], logger: false, onMessageInbound() {}, onEvent() {} });
    await send(receiver, one);
    expect(messages).toEqual([
      ['chathooks:received', received],
      ['chathooks:handled', { ...event, attempt: 1, handlers: 2, stale: false }],
    ]);
  });

  it('tell of an event that nobody asked for', async () => {
    await send(createReceiver({ providers: [shop()], logger: false }), one);
    expect(messages[1]).toEqual(['chathooks:handled', { ...event, attempt: 1, handlers: 0, stale: false }]);
  });

  it('tell of a duplicate, whether it came later or at the same time', async () => {
    const receiver = createReceiver({ providers: [shop()], logger: false, onEvent: () => Promise.resolve() });
    await Promise.all([send(receiver, one), send(receiver, one)]);
    await send(receiver, one);
    expect(messages.map(([name]) => name)).toEqual([
      'chathooks:received',
      'chathooks:received',
      'chathooks:handled',
      'chathooks:duplicate',
      'chathooks:received',
      'chathooks:duplicate',
    ]);
    expect(messages.at(-1)).toEqual(['chathooks:duplicate', event]);
  });

  it('tell of a failure with its error', async () => {
    const problem = new Error('no');
    const fail = () => Promise.reject(problem);
    await send(createReceiver({ providers: [shop()], logger: false, onEvent: fail }), one);
    expect(messages[1]).toEqual([
      'chathooks:failed',
      {
        ...event,
        attempt: 1,
        final: false,
        code: 'handler_failed',
        error: expect.objectContaining({ cause: problem }),
      },
    ]);
  });

  it('tell of an unknown event', async () => {
    await send(createReceiver({ providers: [shop()], logger: false }), signed('{}', '/webhooks/shop/acme'));
    expect(messages[1]).toEqual([
      'chathooks:unknown',
      expect.objectContaining({ connection: 'acme', type: 'unknown', eventId: expect.stringContaining('shop/acme:') }),
    ]);
  });

  it('tell of a refusal and why', async () => {
    const receiver = createReceiver({ providers: [shop()], logger: false });
    await send(receiver, one, { 'x-shop-signature': undefined });
    await send(receiver, signed('{'));
    expect(messages).toEqual([
      ['chathooks:refused', { ...about, code: 'verification_failed', status: 401, reason: 'missing_header' }],
      ['chathooks:refused', { ...about, code: 'invalid_body', status: 400, reason: undefined }],
    ]);
  });

  it('tell of stale statuses, dropped ones included', async () => {
    for (const staleStatus of ['mark', 'drop'] as const) {
      const receiver = createReceiver({ providers: [shop()], logger: false, staleStatus, onEvent() {} });
      await send(receiver, notes([{ id: '1', status: 'read' }]));
      await send(receiver, notes([{ id: '2', status: 'sent' }]));
    }
    const handled = messages.filter(([name]) => name === 'chathooks:handled').map(([, message]) => message);
    expect(handled).toMatchObject([
      { handlers: 1, stale: false },
      { handlers: 1, stale: true },
      { handlers: 1, stale: false },
      { handlers: 0, stale: true },
    ]);
  });

  it('never carry what is in a delivery', async () => {
    const receiver = createReceiver({
      providers: [wexio({ secret: 'wexio-test-secret' })],
      logger: false,
      onMessageInbound: () => Promise.reject(new Error('no')),
    });
    for (const name of deliver.wexio.events) await send(receiver, deliver.wexio(name));
    await send(receiver, deliver.wexio('chat.created', {}, { secret: 'wrong' }));
    await send(receiver, deliver.wexio.body('{"type":"odd","text":"Is the shop open"}'));
    expect(new Set(messages.map(([name]) => name)).size).toBe(5);
    const text = JSON.stringify(messages);
    for (const secret of ['Is the shop', '31600000001', 'Mirte', 'wexio-test-secret', 'v1=']) {
      expect(text).not.toContain(secret);
    }
  });
});
