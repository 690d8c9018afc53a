import { createReceiver, eventTypes, type Receiver, wexio } from '@chathooks/core';
import { deliver } from '@chathooks/testing';
import { describe, expect, it, vi } from 'vitest';
import { notes, send, shop } from './harness.ts';

let count = 0;
const fresh = () => notes([{ id: `n${count++}` }]);
const shopReceiver = (options = {}) => createReceiver({ providers: [shop()], logger: false, ...options });

describe('receiver.on', () => {
  it('adds handlers, which run in the order in which they were added, those of * last', async () => {
    const calls: string[] = [];
    const note = (name: string) => () => void calls.push(name);
    const receiver = shopReceiver({ onEvent: note('option *'), onMessageInbound: note('option') });
    receiver.on('*', note('*'));
    receiver.on('message.inbound', note('first'));
    receiver.on('message.inbound', note('second'));
    receiver.on('message.outbound', note('never'));
    await send(receiver, fresh());
    expect(calls).toEqual(['option', 'first', 'second', 'option *', '*']);
  });

  it('gives what removes the handler again, and only that one', async () => {
    const handler = vi.fn();
    const receiver = shopReceiver();
    const removals = [receiver.on('message.inbound', handler), receiver.on('message.inbound', handler)];
    const expectCalls = async (times: number) => {
      handler.mockClear();
      await send(receiver, fresh());
      expect(handler).toHaveBeenCalledTimes(times);
    };
    await expectCalls(2);
    removals[0]?.();
    await expectCalls(1);
    removals[0]?.();
    await expectCalls(1);
    removals[1]?.();
    await expectCalls(0);
  });

  it('takes effect while the receiver is in use', async () => {
    const receiver = shopReceiver();
    await send(receiver, fresh());
    const late = vi.fn();
    receiver.on('*', late);
    await send(receiver, fresh());
    expect(late).toHaveBeenCalledOnce();
  });

  it('refuses a type that does not exist, and what is no function', () => {
    const on = shopReceiver().on as (type: string, handler: unknown) => void;
    expect(() => on('message.inbuond', () => {})).toThrow(
      expect.objectContaining({ code: 'unknown_option', message: expect.stringContaining('message.inbound') }),
    );
    expect(() => on('toString', () => {})).toThrow(expect.objectContaining({ code: 'unknown_option' }));
    expect(() => on('message.inbound', undefined)).toThrow(expect.objectContaining({ code: 'invalid_option' }));
  });
});

describe('a handler', () => {
  it('of every event type can be given as an option', async () => {
    for (const type of eventTypes) {
      const name = `on${type.replace(/(^|\.)(.)/g, (_, __, letter: string) => letter.toUpperCase())}`;
      expect(() => shopReceiver({ [name]: () => {} }), name).not.toThrow();
    }
  });

  it('gets exactly the events of its type', async () => {
    const seen: string[] = [];
    const receiver = createReceiver({
      providers: [wexio({ secret: 'wexio-test-secret' })],
      logger: false,
      onMessageInbound: ({ type }) => void seen.push(type),
      onMessageStatus: ({ type }) => void seen.push(type),
      onChatUpdated: ({ type }) => void seen.push(type),
      onFlowEvent: ({ type, data }) => void seen.push(`${type} ${data.name}`),
    });
    for (const name of deliver.wexio.events) await send(receiver, deliver.wexio(name));
    expect(seen.toSorted()).toEqual(['chat.updated', 'flow.event seat_reserved', 'message.inbound', 'message.status']);
  });

  it('gets an event with everything that is known of it', async () => {
    const onMessageInbound = vi.fn();
    const receiver = createReceiver({
      providers: [wexio({ secret: 'wexio-test-secret' })],
      logger: false,
      onMessageInbound,
    });
    const delivery = deliver.wexio('message.inbound.created', {}, { connection: 'büro 1' });
    await send(receiver, delivery);
    expect(onMessageInbound.mock.lastCall?.[0]).toEqual({
      id: 'wexio/b%C3%BCro%201:evt_in_1',
      type: 'message.inbound',
      provider: 'wexio',
      providerEvent: 'message.inbound.created',
      connection: 'büro 1',
      account: '70aa11bb22cc33dd44ee55f0',
      occurredAt: '2026-06-10T08:15:30.300Z',
      receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      orderingKey: 'wexio/b%C3%BCro%201:70aa11bb22cc33dd44ee5501',
      mode: 'live',
      data: expect.objectContaining({ message: expect.objectContaining({ id: 'msg_in_7' }) }),
      raw: JSON.parse(new TextDecoder().decode(delivery.body)),
    });
    expect(onMessageInbound.mock.lastCall?.[1]).toMatchObject({ secretName: 'secret 1', signal: { aborted: false } });
  });

  it('may return whatever it likes', async () => {
    for (const value of [undefined, null, false, 0, 'text', [], {}, new Error('returned')]) {
      const receiver: Receiver = shopReceiver({ onEvent: () => value });
      expect((await send(receiver, fresh())).status).toBe(200);
    }
  });
});
