import { createReceiver, type Provider } from '@chathooks/core';
import { type DeliverOptions, deliver } from '@chathooks/testing';
import { describe, expect, it, vi } from 'vitest';
import { vendors } from '../vendors.ts';

const textOf = (body: Uint8Array) => new TextDecoder().decode(body);

describe.each(vendors)('a delivery of $vendor', ({ vendor, samples, deliveries }) => {
  const [event = ''] = deliveries.events;
  const receive = async (provider: Provider, options: DeliverOptions = {}) => {
    const onEvent = vi.fn();
    const { method, path, headers, body } = deliveries(event, {}, options);
    const url = `http://localhost${path}`;
    const header = (name: string) => headers[name];
    const receiver = createReceiver({ providers: [provider], logger: false, onEvent });
    const reply = await receiver.handle({ method, path, url, header, body: () => body });
    return { status: reply?.status, types: onEvent.mock.calls.map(([{ type }]) => type).sort() };
  };

  it('is accepted by the provider of the samples', async () => {
    const provider = deliveries.provider();
    expect(provider.name).toBe(vendor);
    const types = [...(samples.events[event]?.types ?? [])].sort();
    expect(await receive(provider)).toEqual({ status: 200, types });
  });

  it('is refused when it is signed with another secret', async () => {
    expect((await receive(deliveries.provider(), { secret: 'whsec_Z3Vlc3M=' })).status).toBe(401);
  });

  it('goes where it is addressed to', () => {
    expect(deliveries(event).path).toBe(`/webhooks/${vendor}`);
    const options = { base: '/api/hooks', name: 'other', connection: 'Ann & Co' };
    expect(deliveries(event, {}, options).path).toBe('/api/hooks/other/Ann%20%26%20Co');
    expect(deliveries.handshake?.(options) ?? '/api/hooks/other/Ann%20%26%20Co?').toMatch(
      /^\/api\/hooks\/other\/Ann%20%26%20Co\?/,
    );
  });

  it('is of an event that there is', () => {
    expect(() => deliveries('no.such.event')).toThrow(`${vendor} has no sample "no.such.event"; there are `);
    expect(() => deliveries('toString')).toThrow(RangeError);
  });
});

describe('changes', () => {
  const bodyOf = (changes: Parameters<typeof deliver.watsi>[1]) =>
    JSON.parse(textOf(deliver.watsi('message.received', changes).body));
  const sample = bodyOf({});

  it('are laid over the sample, down to the last field, and leave the rest as it is', () => {
    const changed = bodyOf({ data: { body: 'Hi', extra: { list: [1, { two: 2 }] } } });
    expect(changed).toEqual({ ...sample, data: { ...sample.data, body: 'Hi', extra: { list: [1, { two: 2 }] } } });
    expect(bodyOf({})).toEqual(sample);
  });

  it('take a field away when it is undefined, and keep it as null', () => {
    const { id: _, ...withoutId } = sample;
    expect(bodyOf({ id: undefined })).toEqual(withoutId);
    expect(bodyOf({ id: null })).toEqual({ ...sample, id: null });
  });

  it('replace what is no object', () => {
    expect(bodyOf({ data: 'text' })).toEqual({ ...sample, data: 'text' });
    expect(bodyOf({ id: { of: 'another form' } })).toEqual({ ...sample, id: { of: 'another form' } });
  });
});
