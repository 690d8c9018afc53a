import { createReceiver, type Provider } from '@chathooks/core';
import { type DeliverOptions, deliver, type SignedDelivery } from '@chathooks/testing';
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

describe('a vendor that sends forms and signs the URL', () => {
  const statusAt = async (url: string, { method, path, headers, body }: SignedDelivery) => {
    const receiver = createReceiver({ providers: [deliver.twilio.provider()], logger: false });
    const header = (name: string) => headers[name];
    return (await receiver.handle({ method, path, url, header, body: () => body }))?.status;
  };

  it('gets its changes as fields of the form', async () => {
    const delivery = deliver.twilio('incoming.sms', { Body: 'Ça va? 1 + 1 = 2 & more', NumMedia: undefined });
    const form = new URLSearchParams(textOf(delivery.body));
    expect(form.get('Body')).toBe('Ça va? 1 + 1 = 2 & more');
    expect(form.has('NumMedia')).toBe(false);
    expect(await statusAt(`http://localhost${delivery.path}`, delivery)).toBe(200);
  });

  it('is accepted where it was sent to, and nowhere else', async () => {
    const origin = 'https://app.example.com';
    const delivery = deliver.twilio('incoming.sms', {}, { origin, base: '/hooks', connection: 'acme' });
    const receiver = createReceiver({ providers: [deliver.twilio.provider()], path: '/hooks', logger: false });
    const { method, path, headers, body } = delivery;
    const request = { method, path, header: (name: string) => headers[name], body: () => body };
    expect((await receiver.handle({ ...request, url: `${origin}/hooks/twilio/acme` }))?.status).toBe(200);
    for (const url of ['https://app.example.org/hooks/twilio/acme', `${origin}/hooks/twilio/other`]) {
      expect((await receiver.handle({ ...request, url }))?.status, url).toBe(401);
    }
  });
});

describe('a handshake', () => {
  const asking = vendors.filter(({ deliveries }) => deliveries.handshake);

  it('is there for those who check the URL', () => {
    expect(asking.map(({ vendor }) => vendor).sort()).toEqual(
      vendors.flatMap(({ vendor, samples }) => (samples.handshake ? [vendor] : [])).sort(),
    );
    expect(asking.map(({ vendor }) => vendor)).toContain('whatsapp-cloud');
    expect(deliver.wexio.handshake).toBeUndefined();
  });

  it.each(asking)('of $vendor is answered with what its samples expect', async ({ samples, deliveries }) => {
    const receiver = createReceiver({ providers: [deliveries.provider()], logger: false });
    const url = deliveries.handshake?.({ connection: 'acme' }) ?? '';
    const [path = ''] = url.split('?');
    const body = new Uint8Array(0);
    const reply = await receiver.handle({ method: 'GET', path, url, header: () => undefined, body: () => body });
    expect([reply?.status, reply?.body]).toEqual([200, samples.handshake?.reply]);
  });
});
