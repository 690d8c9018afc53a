import { generateKeyPairSync, sign } from 'node:crypto';
import {
  type ChatEvent,
  createReceiver,
  type EventReader,
  identifier,
  notModelled,
  optionalText,
  type Provider,
  present,
  reads,
  readsData,
  standardWebhooks,
  toPhone,
} from '@chathooks/core';
import { assertFitsCatalog, assertSurvivesJson, createTestClock, deliver } from '@chathooks/testing';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { send } from '../harness.ts';

const { secret } = standardWebhooks.samples;
const contact = z.object({ id: identifier, name: optionalText });
const message = z.object({ id: identifier, chat: identifier, from: optionalText, text: optionalText });

const events: Readonly<Record<string, EventReader>> = {
  'contact.created': readsData(contact, ({ id, name }) => [
    { type: 'contact.created', data: { contact: present({ id, name: name ?? undefined }) } },
  ]),
  'message.received': readsData(message, ({ id, chat, from, text }) => [
    { type: 'chat.updated', ordering: chat, data: { chat: { id: chat } } },
    {
      type: 'message.inbound',
      ordering: chat,
      data: {
        message: present({
          id,
          direction: 'inbound' as const,
          kind: 'text',
          text,
          from: present({ phone: toPhone(from) }),
        }),
      },
    },
  ]),
  'contact.renamed': readsData(contact, ({ id }) => [
    {
      type: 'contact.updated',
      key: `renamed:${id}`,
      occurredAt: '2026-01-01T00:00:00.000Z',
      data: { contact: { id } },
    },
  ]),
  'invoice.paid': notModelled,
  'flat.event': reads(z.object({ id: identifier }), ({ id }) => [{ type: 'ping', key: `flat:${id}`, data: {} }]),
};

/** A receiver that keeps what it heard. */
function receiving(provider: Provider) {
  const heard: ChatEvent[] = [];
  const clock = createTestClock();
  const receiver = createReceiver({
    providers: [provider],
    clock,
    logger: false,
    onEvent: (event) => void heard.push(event),
  });
  const post = async (payload: unknown) => {
    heard.length = 0;
    const options = { now: clock.now(), name: provider.name };
    const { status } = await send(receiver, deliver.standardWebhooks.body(JSON.stringify(payload), options));
    return { status, heard: [...heard] };
  };
  return { receiver, clock, post, heard };
}
const timestamp = '2026-06-09T10:15:30.123456Z';

describe('a sender of Standard Webhooks', () => {
  it('tells of what is in the table, with the id and the time of the delivery', async () => {
    const { post } = receiving(standardWebhooks({ secret, events }));
    const payload = { type: 'contact.created', timestamp, data: { id: 'ct_0007', name: 'Petro', tier: 'gold' } };
    const { heard } = await post(payload);
    expect(heard).toEqual([
      {
        id: expect.stringMatching(/^standard-webhooks:msg_TEST\w+$/),
        type: 'contact.created',
        provider: 'standard-webhooks',
        providerEvent: 'contact.created',
        occurredAt: '2026-06-09T10:15:30.123Z',
        receivedAt: expect.any(String),
        mode: 'live',
        data: { contact: { id: 'ct_0007', name: 'Petro' } },
        raw: payload,
      },
    ]);
  });

  it('may be read by one function that sees all of its payloads', async () => {
    const normalize: Provider['normalize'] = (raw, { header }) => [
      { type: 'ping', key: header('webhook-id') ?? '', data: {}, providerEvent: 'beat', raw },
    ];
    const { post } = receiving(standardWebhooks({ secret, normalize }));
    const { heard } = await post(['no type at all']);
    expect(heard).toMatchObject([{ type: 'ping', providerEvent: 'beat', raw: ['no type at all'] }]);
    expect(heard[0]?.id).toMatch(/^standard-webhooks:msg_TEST/);
    const both = { secret, normalize, events } as unknown as Parameters<typeof standardWebhooks>[0];
    expect(() => standardWebhooks(both)).toThrow('normalize and events');
  });

  it('may tell several things at once, each with a key of its own', async () => {
    const { post } = receiving(standardWebhooks({ secret, events, name: 'crm' }));
    const { heard } = await post({
      type: 'message.received',
      data: { id: 'm1', chat: 7, from: '31600000001', text: 'Hi' },
    });
    const [first, second] = heard;
    expect(heard.map(({ type }) => type)).toEqual(['chat.updated', 'message.inbound']);
    expect(first?.id).toMatch(/^crm:msg_TEST\w+$/);
    // Not `:2`, which another delivery's id may end with.
    expect(second?.id).toBe(`${first?.id}·2`);
    expect(second).toMatchObject({ orderingKey: 'crm:7', data: { message: { from: { phone: '+31600000001' } } } });
    expect(second).not.toHaveProperty('occurredAt');
  });

  it('may be given keys and times by the reader', async () => {
    const { post } = receiving(standardWebhooks({ secret, events }));
    const { heard } = await post({ type: 'contact.renamed', timestamp, data: { id: 5 } });
    expect(heard).toMatchObject([{ id: 'standard-webhooks:renamed:5', occurredAt: '2026-01-01T00:00:00.000Z' }]);
  });

  it('may send payloads of another shape', async () => {
    const { post } = receiving(standardWebhooks({ secret, events }));
    expect((await post({ type: 'flat.event', id: 3 })).heard).toMatchObject([{ id: 'standard-webhooks:flat:3' }]);
  });

  it('is passed on whole, under webhook-id, where there is no reader, or where the data does not fit', async () => {
    const { post } = receiving(standardWebhooks({ secret, events }));
    const cases = [
      { payload: { type: 'contact.folded', data: {} }, data: { reason: 'unknown_event' } },
      { payload: { type: 'invoice.paid', data: { total: 5 } }, data: { reason: 'not_modelled' } },
      { payload: { data: {} }, data: { reason: 'unknown_event' } },
      {
        payload: { type: 'contact.created', timestamp, data: { id: {} } },
        data: { reason: 'invalid_payload', issues: [{ path: 'data.id', message: expect.any(String) }] },
      },
      {
        payload: { type: 'contact.created' },
        data: { reason: 'invalid_payload', issues: [{ path: 'data', message: expect.any(String) }] },
      },
    ];
    for (const { payload, data } of cases) {
      expect((await post(payload)).heard).toMatchObject([
        { id: expect.stringMatching(/:msg_TEST\w+$/), type: 'unknown', data, raw: payload },
      ]);
    }
  });

  it('is understood when it leaves the time out, or says nonsense', async () => {
    const { post } = receiving(standardWebhooks({ secret, events }));
    for (const [index, time] of [undefined, null, 'yesterday', {}, true].entries()) {
      const { heard } = await post({ type: 'contact.created', timestamp: time, data: { id: index } });
      expect(heard).toMatchObject([{ type: 'contact.created' }]);
      expect(heard[0]).not.toHaveProperty('occurredAt');
    }
  });

  it('may say no more than that it happened', async () => {
    const seen = readsData(z.undefined(), (_, { type }) => [
      { type: 'account.updated', data: { change: type, payload: 1 } },
    ]);
    const { post } = receiving(standardWebhooks({ secret, events: { 'plan.changed': seen } }));
    expect((await post({ type: 'plan.changed', timestamp })).heard).toMatchObject([
      { occurredAt: '2026-06-09T10:15:30.123Z', data: { change: 'plan.changed' } },
    ]);
  });

  it('may name events that cannot be listed', async () => {
    const other = (name: string) => (name.startsWith('flow.') ? events['contact.created'] : undefined);
    const { post } = receiving(standardWebhooks({ secret, other }));
    expect((await post({ type: 'flow.x', data: { id: 1 } })).heard).toMatchObject([{ type: 'contact.created' }]);
    expect((await post({ type: 'float', data: { id: 1 } })).heard).toMatchObject([{ type: 'unknown' }]);
  });

  it('is heard once, whatever attempt arrives', async () => {
    const { receiver, heard, clock } = receiving(standardWebhooks({ secret, events }));
    const attempt = () => deliver.standardWebhooks('contact.created', {}, { now: clock.now() });
    expect((await send(receiver, attempt())).status).toBe(200);
    await clock.advance(60_000);
    expect((await send(receiver, attempt())).status).toBe(200);
    expect(heard).toHaveLength(1);
  });

  it('takes the id from the headers that were verified, and from no others', async () => {
    const { receiver, heard, clock } = receiving(standardWebhooks({ secret, events }));
    const sent = deliver.standardWebhooks('contact.created', {}, { now: clock.now() });
    const svix = Object.fromEntries(
      Object.entries(sent.headers).map(([name, value]) => [name.replace(/^webhook-/, 'svix-'), value]),
    );
    expect((await send(receiver, { ...sent, headers: { ...svix, 'webhook-id': 'forged' } })).status).toBe(200);
    expect((await send(receiver, { ...sent, headers: { ...sent.headers, 'svix-id': 'forged' } })).status).toBe(200);
    expect(heard.map(({ id }) => id)).toEqual(['standard-webhooks:msg_TESTcontact_created']);
  });

  it('may sign with a key pair', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64');
    const { receiver, heard, clock } = receiving(standardWebhooks({ secret: `whpk_${raw}`, events }));
    const sent = deliver.standardWebhooks('contact.created', {}, { now: clock.now() });
    const text = `${sent.headers['webhook-id']}.${sent.headers['webhook-timestamp']}.${Buffer.from(sent.body)}`;
    const signature = `v1a,${sign(null, Buffer.from(text), privateKey).toString('base64')}`;
    expect((await send(receiver, sent)).status).toBe(401);
    expect((await send(receiver, sent, { 'webhook-signature': signature })).status).toBe(200);
    expect(heard).toHaveLength(1);
  });

  it('may be given another tolerance', async () => {
    const { receiver, clock } = receiving(standardWebhooks({ secret, toleranceSeconds: 10 }));
    const old = deliver.standardWebhooks('contact.created', {}, { now: clock.now() - 11_000 });
    expect((await send(receiver, old)).status).toBe(401);
  });

  it('becomes events, whatever JSON it signs', async () => {
    const { post } = receiving(standardWebhooks({ secret, events }));
    const type = fc.oneof(fc.constantFrom(...Object.keys(events), '__proto__', 'constructor', ''), fc.jsonValue());
    const near = fc.record({ type, timestamp: fc.jsonValue(), data: fc.jsonValue() }, { requiredKeys: [] });
    const property = fc.asyncProperty(fc.oneof(near, fc.jsonValue()), async (payload) => {
      const { status, heard } = await post(payload);
      expect(status).toBe(200);
      for (const event of heard) {
        assertFitsCatalog(event);
        assertSurvivesJson(event);
        if (event.type === 'unknown') expect(event.data.reason).not.toBe('normalize_failed');
      }
    });
    await fc.assert(property, { numRuns: 500 });
  });
});

describe('readsData', () => {
  it('gives its reader the data as the schema reads it, and the envelope', () => {
    const reader = readsData(contact, (data, envelope) => {
      expectTypeOf(data).toEqualTypeOf<{ id: string; name?: string | null | undefined }>();
      expect(envelope).toMatchObject({ type: 'contact.created', timestamp: '2026-06-09T10:15:30.123Z' });
      expect(envelope.id).toMatch(/^contact\.created:sha256-/);
      return [];
    });
    const delivery = { receivedAt: timestamp, connection: undefined, header: () => undefined };
    expect(reader({ type: 'contact.created', timestamp, data: { id: 1 } }, delivery)).toEqual([]);
  });
});
