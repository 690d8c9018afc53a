import { createReceiver, errorCodes, memoryDedup } from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import { notes, send, shop } from './harness.ts';

const down = () => Promise.reject(new Error('The details of the failure'));

describe('the reply', () => {
  it('to a delivery that was handled is exactly 200 with {"ok":true}', async () => {
    const receiver = createReceiver({ providers: [shop()], logger: false, onEvent() {} });
    expect(await send(receiver, notes([{ id: '1' }, { id: '2' }]))).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"ok":true}',
    });
  });

  it('to a delivery without events is the same', async () => {
    expect((await send(createReceiver({ providers: [shop()], logger: false }), notes([]))).status).toBe(200);
  });

  it('is what the vendor wants to hear, but never instead of a failure', async () => {
    const success = { status: 200, headers: { 'content-type': 'text/xml' }, body: '<Response/>' };
    const options = { providers: [shop({ success })], logger: false as const };
    expect(await send(createReceiver(options), notes([{ id: '1' }]))).toEqual(success);
    expect((await send(createReceiver({ ...options, onEvent: down }), notes([{ id: '1' }]))).status).toBe(500);
  });

  it('to a failure is problem+json with the code, and nothing of what happened', async () => {
    const receiver = createReceiver({ providers: [shop()], logger: false, onEvent: down });
    expect(await send(receiver, notes([{ id: '1' }]))).toEqual({
      status: 500,
      headers: { 'content-type': 'application/problem+json' },
      body: JSON.stringify({ title: errorCodes.handler_failed.title, status: 500, code: 'handler_failed' }),
    });
  });

  it('to a batch in which several things failed is the one that asks for a retry most clearly', async () => {
    const memory = memoryDedup();
    const claim: typeof memory.claim = (key, options) => (key.endsWith('2') ? down() : memory.claim(key, options));
    const receiver = createReceiver({
      providers: [shop()],
      logger: false,
      dedup: { ...memory, claim },
      onEvent: ({ id }) => (id.endsWith('3') ? undefined : down()),
    });
    for (const ids of [
      ['1', '2', '3'],
      ['3', '2', '1'],
    ]) {
      const reply = await send(receiver, notes(ids.map((id) => ({ id }))));
      expect([reply.status, reply.headers['retry-after']]).toEqual([503, '5']);
    }
  });
});
