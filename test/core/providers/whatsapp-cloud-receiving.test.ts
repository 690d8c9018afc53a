import { type ChatEvent, createReceiver, type JsonValue, type ReceiverOptions, whatsappCloud } from '@chathooks/core';
import { assertFitsCatalog, assertSurvivesJson, deliver } from '@chathooks/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf, recordLogs, send } from '../harness.ts';
import { delivered, eventsOf, written } from './whatsapp-cloud-envelope.ts';

const secret = 'secret';

function receiving(options: Partial<ReceiverOptions> = {}) {
  const events: ChatEvent[] = [];
  const logs = recordLogs();
  const receiver = createReceiver({
    providers: [whatsappCloud({ appSecret: secret, verifyToken: 'token' })],
    logger: logs.logger,
    onEvent: (event) => void events.push(event),
    ...options,
  });
  const post = (payload: unknown) => send(receiver, deliver.whatsappCloud.body(JSON.stringify(payload), { secret }));
  return { receiver, events, logs, post };
}

const get = (query: string) => ({
  method: 'GET',
  path: `/webhooks/whatsapp-cloud?${query}`,
  headers: {},
  body: new Uint8Array(0),
});
const statuses = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `wamid.${index}`,
    status: 'delivered',
    timestamp: '1781079330',
    recipient_id: `38067${1_000_000 + index}`,
  }));

describe('WhatsApp’s receiver', () => {
  it('keeps every digit of a template’s id, which is a number that no number can hold', async () => {
    const { receiver, events } = receiving();
    const value = '{"event":"APPROVED","message_template_id":98765432109876543,"message_template_name":"x"}';
    const change = `{"field":"message_template_status_update","value":${value}}`;
    const body = `{"object":"whatsapp_business_account","entry":[{"id":"1","time":1781079330,"changes":[${change}]}]}`;
    expect((await send(receiver, deliver.whatsappCloud.body(body, { secret }))).status).toBe(200);
    expect(events).toMatchObject([
      {
        orderingKey: 'whatsapp-cloud:template:98765432109876543',
        raw: { value: { message_template_id: '98765432109876543' } },
      },
    ]);
    const broken = await send(receiver, deliver.whatsappCloud.body(body.slice(0, -1), { secret }));
    expect(codeOf(broken)).toBe('invalid_body');
  });

  it('answers the check of the URL with the challenge, if the token is right', async () => {
    const { receiver } = receiving();
    const query = 'hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=';
    expect(await send(receiver, get(`${query}token`))).toMatchObject({ status: 200, body: '1158201444' });
    const refused = await send(receiver, get(`${query}guess`));
    expect([refused.status, codeOf(refused)]).toEqual([401, 'verification_failed']);
  });

  it('takes both secrets from the environment, and answers as its samples say', async () => {
    const { environment = {}, handshake } = whatsappCloud.samples;
    const provider = whatsappCloud.fromEnvironment(environment);
    const receiver = createReceiver({ providers: provider ? [provider] : [], logger: false, onEvent() {} });
    expect((await send(receiver, get(handshake?.query ?? ''))).body).toBe(handshake?.reply);
    expect((await send(receiver, deliver.whatsappCloud('message.text'))).status).toBe(200);
    expect(whatsappCloud.environmentVariables).toEqual(Object.keys(environment));
    for (const [name, value] of Object.entries(environment)) {
      expect(() => whatsappCloud.fromEnvironment({ [name]: value })).toThrow('missing_secret');
    }
  });

  it('takes 3 MiB, unless it is told otherwise', async () => {
    const limitOf = async (options: Partial<ReceiverOptions>) => {
      let limit = 0;
      const { path, headers, body } = deliver.whatsappCloud.body('{}', { secret });
      const read = (maxBytes: number) => {
        limit = maxBytes;
        return body;
      };
      const { receiver } = receiving(options);
      await receiver.handle({ method: 'POST', url: path, path, header: (name) => headers[name], body: read });
      return limit;
    };
    expect(await limitOf({})).toBe(3 * 1024 * 1024);
    expect(await limitOf({ limits: { bodyBytes: 1000 } })).toBe(1000);
  });

  it('hands out a thousand items though one is broken, and says so in one', async () => {
    const { post, events } = receiving();
    const items: JsonValue[] = statuses(1000);
    items[500] = { ...statuses(501)[500], status: { broken: true } };
    expect((await post(delivered({ statuses: items }))).status).toBe(200);
    expect(events.length).toBe(1000);
    expect(events.filter(({ type }) => type === 'unknown').map(({ raw }) => raw)).toEqual([items[500]]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(1000);
  });

  it('repeats only the item whose handler failed when WhatsApp sends the batch again', async () => {
    let failures = 0;
    const handled: string[] = [];
    const { post } = receiving({
      onEvent() {},
      onMessageStatus({ data }) {
        if (data.messageId === 'wamid.500' && failures++ === 0) throw new Error('no');
        handled.push(data.messageId);
      },
    });
    const batch = delivered({ statuses: statuses(1000) });
    expect((await post(batch)).status).toBe(500);
    expect(handled.length).toBe(999);
    expect((await post(batch)).status).toBe(200);
    expect(handled.slice(999)).toEqual(['wamid.500']);
  });

  it('hands out what is in a batch twice, or in two batches, once', async () => {
    const { post, events } = receiving();
    const batch = (...ids: string[]) =>
      delivered({ messages: ids.map((id) => written({ id, type: 'text', text: { body: 'hi' } })) });
    await post(batch('wamid.1', 'wamid.2', 'wamid.1'));
    await post(batch('wamid.2', 'wamid.3'));
    expect(events.map(({ id }) => id)).toEqual(['wamid.1', 'wamid.2', 'wamid.3'].map((id) => `whatsapp-cloud:${id}`));
  });

  it('logs nothing of what people write, nor their numbers', async () => {
    const logs = recordLogs();
    // Without a handler for it, an event that cannot be read is logged.
    const receiver = createReceiver({ providers: [deliver.whatsappCloud.provider()], logger: logs.logger });
    const broken = delivered({ messages: [{ type: 'text', text: { body: 'my secret' }, from: '380670000001' }] });
    await send(receiver, deliver.whatsappCloud.body(JSON.stringify(broken)));
    expect(logs.lines.length).toBeGreaterThan(0);
    expect(logs.text()).not.toMatch(/my secret|380670000001/);
  });

  it('reads batches in a time that grows with them, and not with their square', () => {
    const timeOf = (count: number) => {
      const items = statuses(count);
      const contacts = items.map(({ recipient_id }) => ({ wa_id: recipient_id, profile: { name: 'N' } }));
      const provider = whatsappCloud({ appSecret: secret, verifyToken: 'token' });
      const delivery = { receivedAt: '', connection: undefined, header: () => undefined };
      const payload = delivered({ contacts, statuses: items });
      const times = Array.from({ length: 10 }, () => {
        const start = performance.now();
        provider.normalize(payload, delivery);
        return performance.now() - start;
      });
      return Math.min(...times);
    };
    timeOf(2_000);
    // Twenty times as many would take four hundred times as long.
    expect(timeOf(40_000) / timeOf(2_000)).toBeLessThan(120);
  });
});

describe('Whatever is signed in WhatsApp’s name', () => {
  const samples = Object.values<{ payload: JsonValue }>(whatsappCloud.samples.events);

  it('becomes events that fit the catalog, and never throws', () => {
    const keys = fc.constantFrom('id', 'type', 'from', 'text', 'context', 'status', 'errors', '__proto__', 'timestamp');
    const item = fc.oneof(fc.dictionary(keys, fc.jsonValue(), { maxKeys: 5 }), fc.jsonValue());
    const lists = fc.constantFrom(
      'messages',
      'statuses',
      'message_echoes',
      'history',
      'state_sync',
      'errors',
      'groups',
    );
    const value = fc.oneof(fc.dictionary(lists, fc.oneof(fc.array(item), item)), fc.jsonValue());
    const fields = fc.constantFrom('messages', 'history', 'standby', 'smb_message_echoes', 'account_update', 'x');
    const envelope = fc
      .array(fc.record({ field: fields, value }))
      .map((changes) => ({ object: 'whatsapp_business_account', entry: [{ id: '1', changes }] }));
    const property = fc.property(fc.oneof(envelope, fc.jsonValue()), (payload) => {
      expectEvents(JSON.parse(JSON.stringify(payload)));
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('becomes events that fit the catalog when something in a real delivery is replaced', () => {
    const mutant = fc.oneof(
      fc.constantFrom<JsonValue>(null, '', 0, -1, [], {}, [null], 'x'.repeat(10_000), '9'.repeat(40), 1e300),
      fc.json().map((text): JsonValue => JSON.parse(text)),
    );
    const property = fc.property(fc.constantFrom(...samples), fc.nat(), mutant, ({ payload }, place, value) => {
      let index = 0;
      const count = JSON.stringify(payload).split(/[[{,:]/).length;
      const mutated = JSON.parse(JSON.stringify(payload), (_, field) => (index++ === place % count ? value : field));
      expectEvents(mutated);
    });
    fc.assert(property, { numRuns: 2000 });
  });

  function expectEvents(payload: unknown) {
    for (const event of eventsOf(payload)) {
      assertFitsCatalog(event);
      assertSurvivesJson(event.data);
      if (event.type === 'unknown') expect(event.data.reason).not.toBe('normalize_failed');
    }
    expect({}).not.toHaveProperty('polluted');
  }
});
