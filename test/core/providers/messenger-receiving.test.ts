import { type ChatEvent, createReceiver, instagram, type JsonValue, messenger } from '@chathooks/core';
import { assertFitsCatalog, assertSurvivesJson, deliver } from '@chathooks/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf, recordLogs, send } from '../harness.ts';

const vendors = [
  { name: 'messenger', object: 'page', factory: messenger, deliveries: deliver.messenger },
  { name: 'instagram', object: 'instagram', factory: instagram, deliveries: deliver.instagram },
] as const;

const secret = 'secret';
const verifyToken = 'token';
const sent = (mid: string) => ({ sender: { id: '7' }, recipient: { id: '9' }, message: { mid, text: 'Hi' } });

/** A receiver of one vendor, and what it hands out. */
function receiving({ factory }: (typeof vendors)[number], appSecret: string | readonly string[] = secret) {
  const events: ChatEvent[] = [];
  const names: string[] = [];
  const logs = recordLogs();
  const receiver = createReceiver({
    providers: [factory({ appSecret, verifyToken })],
    logger: logs.logger,
    onEvent(event, { secretName }) {
      events.push(event);
      names.push(secretName);
    },
  });
  return { receiver, events, names, logs };
}

describe.each(vendors)('$name', (vendor) => {
  const { name, object, deliveries } = vendor;
  const get = (query: string) => ({
    method: 'GET',
    path: `/webhooks/${name}?${query}`,
    headers: {},
    body: new Uint8Array(0),
  });

  it('answers the check of the URL with the challenge, if the token is right', async () => {
    const { receiver } = receiving(vendor);
    const query = `hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=`;
    expect(await send(receiver, get(query + verifyToken))).toMatchObject({ status: 200, body: '1158201444' });
    const refused = await send(receiver, get(`${query}guess`));
    expect([refused.status, codeOf(refused)]).toEqual([401, 'verification_failed']);
  });

  it('answers a check that is made as its samples say', async () => {
    const { handshake, environment, secret } = vendor.factory.samples;
    const [variable = ''] = vendor.factory.environmentVariables;
    const provider = vendor.factory.fromEnvironment({ [variable]: secret, ...environment });
    const receiver = createReceiver({ providers: provider ? [provider] : [], logger: false });
    expect((await send(receiver, get(handshake?.query ?? ''))).body).toBe(handshake?.reply);
    expect((await send(receiver, deliveries('message.text'))).status).toBe(200);
  });

  it('needs both variables of the environment', () => {
    const [appSecret = '', token = ''] = vendor.factory.environmentVariables;
    expect(vendor.factory.fromEnvironment({})).toBeUndefined();
    expect(() => vendor.factory.fromEnvironment({ [appSecret]: 'secret' })).toThrow(token);
    expect(() => vendor.factory.fromEnvironment({ [token]: 'token' })).toThrow(appSecret);
  });

  it('takes the signature of any of several apps', async () => {
    const { receiver, names } = receiving(vendor, ['facebook', 'instagram']);
    for (const [index, appSecret] of ['facebook', 'instagram'].entries()) {
      const body = JSON.stringify({ object, entry: [{ id: '9', messaging: [sent(`m_${index}`)] }] });
      expect((await send(receiver, deliveries.body(body, { secret: appSecret }))).status).toBe(200);
    }
    expect(names).toEqual(['secret 1', 'secret 2']);
    expect((await send(receiver, deliveries.body('{}', { secret: 'another' }))).status).toBe(401);
  });

  it('handles what is in a batch twice, or in two batches, once', async () => {
    const { receiver, events } = receiving(vendor);
    const batch = (...mids: string[]) =>
      deliveries.body(JSON.stringify({ object, entry: [{ id: '9', messaging: mids.map(sent) }] }), { secret });
    expect((await send(receiver, batch('m_1', 'm_2', 'm_1'))).status).toBe(200);
    expect((await send(receiver, batch('m_2', 'm_3'))).status).toBe(200);
    expect(events.map(({ id }) => id).sort()).toEqual([`${name}:m_1`, `${name}:m_2`, `${name}:m_3`]);
  });

  it('hands out a comment and the mention in it, also where one message counts once', async () => {
    const events: ChatEvent[] = [];
    const receiver = createReceiver({
      providers: [vendor.factory({ appSecret: secret, verifyToken })],
      dedup: { across: 'channel' },
      onEvent: (event) => void events.push(event),
    });
    const changes = [
      { field: 'mentions', value: { media_id: '30', comment_id: '20' } },
      { field: 'comments', value: { id: '20', text: 'Hi', media: { id: '30' } } },
    ];
    const body = JSON.stringify({ object, entry: [{ id: '9', changes }] });
    expect((await send(receiver, deliveries.body(body, { secret }))).status).toBe(200);
    expect(events.map(({ providerEvent }) => providerEvent).sort()).toEqual(['comments', 'mentions']);
  });

  it('is content with a delivery that holds nothing', async () => {
    const { receiver, events } = receiving(vendor);
    const body = JSON.stringify({ object, entry: [] });
    expect((await send(receiver, deliveries.body(body, { secret }))).status).toBe(200);
    expect(events).toEqual([]);
  });

  it('keeps who wrote what to whom out of the log', async () => {
    const { receiver, logs } = receiving(vendor);
    const unreadable = { sender: { id: 'somebody' }, message: { text: 'a secret wish' } };
    const body = JSON.stringify({ object, entry: [{ id: '9', messaging: [unreadable] }] });
    await send(receiver, deliveries.body(body, { secret }));
    expect(logs.text()).not.toMatch(/somebody|wish/);
  });

  describe('whatever JSON is signed', () => {
    const anyJson = fc.json().map((text): JsonValue => JSON.parse(text));
    const mutant = fc.oneof(
      fc.constant(undefined),
      anyJson,
      fc.constantFrom<JsonValue[]>(
        null,
        '',
        0,
        -1,
        8.64e15,
        1e308,
        true,
        [],
        {},
        [null, [], {}],
        'x'.repeat(10_000),
        '2026-99-99T99:99:99Z',
        JSON.parse('{"__proto__":{"polluted":true},"constructor":null,"toString":1}'),
      ),
    );
    const samples = Object.values(vendor.factory.samples.events).map(({ payload }) => payload);
    /** Samples in which some values are others, or missing. */
    const broken = fc
      .tuple(fc.constantFrom(...samples), fc.array(fc.tuple(fc.nat(30), mutant), { minLength: 1, maxLength: 4 }))
      .map(([sample, mutations]): JsonValue => {
        const mutants = new Map(mutations);
        let place = 0;
        const text = JSON.stringify(sample);
        return JSON.parse(text, (_, value) => (mutants.has(place++) ? mutants.get(place - 1) : value)) ?? null;
      });
    const anyEntry = anyJson.map((content): JsonValue => ({ object, entry: [content] }));
    const anyItem = fc
      .tuple(fc.constantFrom('messaging', 'standby', 'changes'), anyJson)
      .map(([list, content]): JsonValue => ({ object, entry: [{ id: '9', [list]: [content] }] }));

    it('becomes events, and nothing is lost or thrown', async () => {
      const property = fc.asyncProperty(fc.oneof(anyJson, anyEntry, anyItem, broken), async (payload) => {
        const { receiver, events, logs } = receiving(vendor);
        const reply = await send(receiver, deliveries.body(JSON.stringify(payload), { secret }));
        expect(reply.status).toBe(200);
        const isEmpty =
          typeof payload === 'object' && payload !== null && 'entry' in payload && isEmptyList(payload.entry);
        if (!isEmpty) expect(events.length).toBeGreaterThan(0);
        for (const event of events) {
          assertFitsCatalog(event);
          assertSurvivesJson(event);
          if (event.type === 'unknown') expect(event.data.reason).not.toBe('normalize_failed');
        }
        expect(logs.lines.filter(({ level }) => level === 'error')).toEqual([]);
        expect({}).not.toHaveProperty('polluted');
      });
      await fc.assert(property, { numRuns: 1500 });
    });
  });
});

const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0;
