import { type ChatEvent, createReceiver, type JsonObject, line, type Provider } from '@chathooks/core';
import { assertFitsCatalog, assertSurvivesJson, deliver } from '@chathooks/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { send } from '../harness.ts';

const provider = line({ channelSecret: 'secret' });
const delivery: Parameters<Provider['normalize']>[1] = {
  receivedAt: '2026-06-10T09:00:00.000Z',
  connection: undefined,
  header: () => undefined,
};

/** What is made of a batch, without `raw`, which must be the items themselves. */
function normalizedBatch(items: readonly JsonObject[], destination: unknown = 'Ubot') {
  return provider.normalize({ destination, events: items }, delivery).map(({ raw, ...event }) => {
    expect(items).toContain(raw);
    assertFitsCatalog(event);
    assertSurvivesJson(event.data);
    return event;
  });
}

const user = { type: 'user', userId: 'Uuser' };
const group = { type: 'group', groupId: 'Cgroup', userId: 'Uuser' };
const person = { id: 'Uuser', channelUserId: 'Uuser' };
const privateChat = { id: 'Uuser', kind: 'private', channel: 'line', channelChatId: 'Uuser', integrationId: 'Ubot' };
const groupChat = { ...privateChat, id: 'Cgroup', kind: 'group', channelChatId: 'Cgroup' };
const occurredAt = '2026-06-10T08:15:30.000Z';
const common = { key: '01EVENT', account: 'Ubot', occurredAt };

const item = (type: string, fields: JsonObject = {}): JsonObject => ({
  type,
  timestamp: 1781079330000,
  mode: 'active',
  webhookEventId: '01EVENT',
  deliveryContext: { isRedelivery: false },
  source: user,
  ...fields,
});
const single = (type: string, fields?: JsonObject) => normalizedBatch([item(type, fields)]);
const written = (message: JsonObject, fields?: JsonObject) => single('message', { message, ...fields })[0];

describe('LINE events, as documented', () => {
  it('message is message.inbound', () => {
    expect(single('message', { replyToken: 'r', message: { type: 'text', id: '46', text: 'hi' } })).toEqual([
      {
        ...common,
        type: 'message.inbound',
        providerEvent: 'message',
        ordering: 'Uuser',
        data: {
          message: {
            id: '46',
            chatId: 'Uuser',
            direction: 'inbound',
            kind: 'text',
            text: 'hi',
            from: person,
            to: { id: 'Ubot' },
            sentAt: occurredAt,
          },
          chat: privateChat,
        },
      },
    ]);
  });

  it('postback is message.inbound, a tap on a button', () => {
    const events = single('postback', { source: group, postback: { data: 'a=1', params: { date: '2026-06-12' } } });
    expect(events).toEqual([
      {
        ...common,
        type: 'message.inbound',
        providerEvent: 'postback',
        ordering: 'Cgroup',
        data: {
          message: {
            id: '01EVENT',
            chatId: 'Cgroup',
            direction: 'inbound',
            kind: 'button',
            interactive: { id: 'a=1', payload: { date: '2026-06-12' } },
            from: person,
            to: { id: 'Ubot' },
            sentAt: occurredAt,
          },
          chat: groupChat,
        },
      },
    ]);
    expect(single('postback', { postback: { data: 'a=1' } })[0]?.data).toMatchObject({
      message: { interactive: { id: 'a=1' } },
    });
  });

  it('unsend is message.deleted', () => {
    expect(single('unsend', { unsend: { messageId: '46' } })).toEqual([
      {
        ...common,
        type: 'message.deleted',
        providerEvent: 'unsend',
        ordering: 'Uuser',
        data: {
          message: {
            id: '46',
            chatId: 'Uuser',
            direction: 'inbound',
            kind: 'unknown',
            from: person,
            to: { id: 'Ubot' },
          },
          chat: privateChat,
          deletedAt: occurredAt,
        },
      },
    ]);
  });

  it.each([
    ['follow', { follow: { isUnblocked: false } }, 'contact.created', true],
    ['follow', {}, 'contact.created', true],
    ['follow', { follow: { isUnblocked: true } }, 'contact.updated', true],
    ['unfollow', {}, 'contact.updated', false],
  ])('%s with %o is %s', (type, fields, expected, subscribed) => {
    expect(single(type, fields)).toEqual([
      {
        ...common,
        type: expected,
        providerEvent: type,
        ordering: 'Uuser',
        data: { contact: { ...person, subscribed } },
      },
    ]);
  });

  it('join is chat.created, leave is chat.deleted', () => {
    const about = { ...common, ordering: 'Cgroup' };
    expect(single('join', { source: group })).toEqual([
      { ...about, type: 'chat.created', providerEvent: 'join', data: { chat: groupChat } },
    ]);
    expect(single('leave', { source: group })).toEqual([
      { ...about, type: 'chat.deleted', providerEvent: 'leave', data: { chat: groupChat, deletedAt: occurredAt } },
    ]);
  });

  it.each([
    ['memberJoined', 'joined'],
    ['memberLeft', 'left'],
  ])('%s is a chat.updated for each member', (type, field) => {
    const members = [user, { type: 'user', userId: 'Uother' }, { type: 'user' }];
    const about = { ...common, type: 'chat.updated', providerEvent: type, ordering: 'Cgroup' };
    expect(single(type, { source: group, [field]: { members } })).toEqual([
      { ...about, key: '01EVENT:0', data: { chat: groupChat, contact: person } },
      { ...about, key: '01EVENT:1', data: { chat: groupChat, contact: { id: 'Uother', channelUserId: 'Uother' } } },
      { ...about, key: '01EVENT:2', data: { chat: groupChat } },
    ]);
    expect(single(type, { source: group, [field]: { members: [] } })).toEqual([
      { ...about, data: { chat: groupChat } },
    ]);
  });

  it.each(['module', 'activated', 'deactivated', 'botSuspended', 'botResumed'])('%s is account.updated', (type) => {
    const payload = item(type, { [type]: { type: 'attached' } });
    expect(normalizedBatch([payload])).toEqual([
      {
        ...common,
        type: 'account.updated',
        providerEvent: type,
        ordering: 'Uuser',
        data: { change: type, payload },
      },
    ]);
  });

  it('accountLink is contact.updated, with what LINE says of the link', () => {
    const linked = (link: JsonObject) => single('accountLink', { link });
    const about = { ...common, type: 'contact.updated', providerEvent: 'accountLink', ordering: 'Uuser' };
    expect(linked({ result: 'ok', nonce: 'n' })).toEqual([
      { ...about, data: { contact: { ...person, fields: { 'link.result': 'ok', 'link.nonce': 'n' } } } },
    ]);
    expect(linked({ result: 'failed' })).toEqual([
      { ...about, data: { contact: { ...person, fields: { 'link.result': 'failed' } } } },
    ]);
  });

  it.each(['videoPlayComplete', 'beacon', 'membership', 'delivery'])('%s has no place in the model', (type) => {
    expect(single(type)).toEqual([
      { ...common, type: 'unknown', providerEvent: type, data: { reason: 'not_modelled' } },
    ]);
  });
});

describe('a message in LINE', () => {
  const lineKeepsIt = { contentProvider: { type: 'line' } };
  const external = { contentProvider: { type: 'external', originalContentUrl: 'https://m.example/v.mp4' } };

  it.each([
    [
      'image',
      { ...lineKeepsIt, imageSet: { id: 'set' } },
      { kind: 'image', media: [{ id: '46', expires: true }], albumId: 'set' },
    ],
    [
      'video',
      { ...external, duration: 12500 },
      { kind: 'video', media: [{ url: 'https://m.example/v.mp4', durationSeconds: 12.5 }] },
    ],
    ['audio', { duration: 4200 }, { kind: 'audio', media: [{ id: '46', expires: true, durationSeconds: 4.2 }] }],
    [
      'file',
      { fileName: 'i.pdf', fileSize: 9 },
      { kind: 'document', media: [{ id: '46', expires: true, filename: 'i.pdf', sizeBytes: 9 }] },
    ],
    [
      'location',
      { title: 'Shop', address: '1 Test Street', latitude: 13.75, longitude: 0 },
      { kind: 'location', location: { latitude: 13.75, longitude: 0, name: 'Shop', address: '1 Test Street' } },
    ],
    ['location', { address: 'somewhere' }, { kind: 'location' }],
    [
      'sticker',
      { stickerId: '1988', packageId: '446', text: 'Hi!' },
      { kind: 'sticker', text: 'Hi!', media: [{ id: '1988' }] },
    ],
    ['sticker', {}, { kind: 'sticker' }],
    ['text', { text: 'Yes', quotedMessageId: '45' }, { kind: 'text', text: 'Yes', replyTo: { messageId: '45' } }],
    ['Hologram', { text: null, latitude: 1, longitude: 1 }, { kind: 'hologram' }],
  ])('of type %s keeps its content: %o', (type, content, expected) => {
    expect(written({ type, id: '46', ...content })?.data).toEqual({
      message: {
        id: '46',
        chatId: 'Uuser',
        direction: 'inbound',
        from: person,
        to: { id: 'Ubot' },
        sentAt: occurredAt,
        ...expected,
      },
      chat: privateChat,
    });
  });

  it('arrives without its sender, its chat, its time and its bot', () => {
    const payload = { type: 'message', webhookEventId: '01EVENT', message: { type: 'text', id: '46' } };
    for (const source of [undefined, null, {}, { type: 'user' }, { type: 'user', userId: '' }]) {
      const [event] = provider.normalize({ events: [{ ...payload, source }] }, delivery);
      expect(event?.data).toEqual({ message: { id: '46', direction: 'inbound', kind: 'text' } });
      expect([event?.ordering, event?.account, event?.occurredAt]).toEqual([undefined, undefined, undefined]);
    }
  });

  it('belongs to its room or group, even when nobody is named', () => {
    const room = { type: 'room', roomId: 'Rroom' };
    const [event] = single('message', { message: { type: 'text', id: '46' }, source: room });
    expect(event).toMatchObject({
      ordering: 'Rroom',
      data: { message: { chatId: 'Rroom' }, chat: { id: 'Rroom', kind: 'group', channelChatId: 'Rroom' } },
    });
    expect(Object(event?.data).message).not.toHaveProperty('from');
  });

  it('has texts for ids, whatever LINE sends, and the time in seconds or text', () => {
    for (const timestamp of [1781079330, '1781079330000', occurredAt]) {
      const message = { type: 'text', id: 46 };
      const events = normalizedBatch(
        [item('message', { timestamp, message, source: { userId: 7 }, webhookEventId: 8 })],
        9,
      );
      expect(events).toMatchObject([
        {
          key: '8',
          account: '9',
          occurredAt,
          data: { message: { id: '46', from: { id: '7' }, to: { id: '9' }, sentAt: occurredAt }, chat: { id: '7' } },
        },
      ]);
    }
  });
});

describe('LINE', () => {
  it('makes nothing of an empty batch, which is the check of the console, and answers 200', async () => {
    const events: ChatEvent[] = [];
    const receiver = createReceiver({
      providers: [line({ channelSecret: line.samples.secret })],
      logger: false,
      onEvent: (event) => void events.push(event),
    });
    expect((await send(receiver, deliver.line.body('{"destination":"Ubot","events":[]}'))).status).toBe(200);
    expect(events).toEqual([]);
  });

  it('marks what a bot on standby only looks at', () => {
    const modes = ['active', 'standby', undefined, 7].map(
      (mode) => provider.normalize({ events: [{ ...item('unfollow'), mode }] }, delivery)[0]?.mode,
    );
    expect(modes).toEqual([undefined, 'standby', undefined, undefined]);
    expect(single('somethingNew', { mode: 'standby' })).toMatchObject([{ type: 'unknown', mode: 'standby' }]);
  });

  it('does not take what a bot on standby looks at for what another one is to act on', () => {
    const [seen, toDo] = normalizedBatch([item('unfollow', { mode: 'standby' }), item('unfollow')]);
    expect([seen?.key, toDo?.key]).toEqual(['standby:01EVENT', '01EVENT']);
    expect(single('memberLeft', { mode: 'standby', source: group, left: { members: [user] } })).toMatchObject([
      { key: 'standby:01EVENT:0' },
    ]);
  });

  it('keeps the reply token and the mark of a redelivery in raw', () => {
    const payload = item('message', { replyToken: 'r', message: { type: 'text', id: '46' } });
    expect(provider.normalize({ events: [payload] }, delivery)[0]?.raw).toBe(payload);
  });

  it('reads every event of a batch for itself', () => {
    const text = (id: string) => item('message', { webhookEventId: id, message: { type: 'text', id } });
    const events = normalizedBatch([
      text('1'),
      item('message', { webhookEventId: '2' }),
      item('somethingNew', { webhookEventId: '3' }),
      item('follow', { webhookEventId: '4', source: group }),
      item('join', { webhookEventId: '5' }),
      item('unfollow', { webhookEventId: '6', source: null }),
      text('7'),
    ]);
    expect(events.map(({ key, type }) => [key, type])).toEqual([
      ['1', 'message.inbound'],
      ['2', 'unknown'],
      ['3', 'unknown'],
      ['4', 'contact.created'],
      ['5', 'unknown'],
      ['6', 'unknown'],
      ['7', 'message.inbound'],
    ]);
    expect(events[1]?.data).toMatchObject({ reason: 'invalid_payload', issues: [{ path: 'message' }] });
    expect(events[2]?.data).toEqual({ reason: 'unknown_event' });
    expect(events[4]?.data).toMatchObject({ reason: 'invalid_payload', issues: [{ path: 'source' }] });
  });

  it('handles an event that is twice in a batch, and again in a redelivery, once', async () => {
    const events: ChatEvent[] = [];
    const receiver = createReceiver({
      providers: [line({ channelSecret: line.samples.secret })],
      logger: false,
      onEvent: (event) => void events.push(event),
    });
    const twice = item('unfollow');
    const again = { ...twice, deliveryContext: { isRedelivery: true } };
    for (const items of [[twice, twice], [again]]) {
      const body = JSON.stringify({ destination: 'Ubot', events: items });
      expect((await send(receiver, deliver.line.body(body))).status).toBe(200);
    }
    expect(events.map(({ id }) => id)).toEqual(['line:01EVENT']);
  });

  it('knows events without an id again by their message or their content, whichever try it is', () => {
    const key = (type: string, fields: JsonObject) => {
      const [first, again] = [false, true].map((isRedelivery) => {
        const payload = item(type, { ...fields, webhookEventId: '', deliveryContext: { isRedelivery } });
        return normalizedBatch([payload])[0]?.key;
      });
      expect(first).toBe(again);
      return first;
    };
    expect(key('message', { message: { type: 'text', id: '46' } })).toBe('message:46');
    expect(key('unsend', { unsend: { messageId: '46' } })).toBe('unsend:46');
    expect(key('unfollow', {})).toMatch(/^unfollow:sha256-/);
    expect(key('unfollow', { timestamp: 1 })).not.toBe(key('unfollow', { timestamp: 2 }));
    expect(key('postback', { postback: { data: 'a' } })).not.toBe(key('postback', { postback: { data: 'b' } }));
    // Whatever is told of one message some day may be told of it twice.
    const told = (word: string) => key('somethingNew', { message: { id: '46' }, unsend: { messageId: '46' }, word });
    expect(told('one')).not.toBe(told('another'));
  });

  it('passes on what is no batch', () => {
    for (const payload of [null, 7, [], {}, { events: null }, { events: { length: 1 } }]) {
      const events = provider.normalize(payload, delivery);
      expect(events).toMatchObject([{ type: 'unknown', data: { reason: 'unknown_event' } }]);
      expect(events[0]?.raw).toBe(payload);
    }
    const events = provider.normalize({ events: [null, 7, [], 'x', {}] }, delivery);
    expect(events.map(({ type, raw }) => [type, raw])).toEqual([null, 7, [], 'x', {}].map((raw) => ['unknown', raw]));
    expect(new Set(events.map(({ key }) => key)).size).toBe(5);
  });

  it('is not fooled by names that every object has', () => {
    const poisoned: JsonObject = JSON.parse(
      '{"type":"message","webhookEventId":"1","__proto__":{"mode":"standby"},"source":{"__proto__":{"userId":"x"}},"message":{"type":"__proto__","id":"46"}}',
    );
    expect(normalizedBatch([poisoned])).toEqual([
      {
        type: 'message.inbound',
        key: '1',
        account: 'Ubot',
        providerEvent: 'message',
        data: { message: { id: '46', direction: 'inbound', kind: '__proto__', to: { id: 'Ubot' } } },
      },
    ]);
    for (const type of ['__proto__', 'toString', 'constructor']) {
      expect(single(type)).toMatchObject([{ type: 'unknown', providerEvent: type }]);
    }
  });

  it('answers 200 to whatever JSON LINE signs, and hands on every item of it', async () => {
    let count = 0;
    const receiver = createReceiver({
      providers: [line({ channelSecret: line.samples.secret })],
      logger: false,
      limits: { events: 10_000 },
      onEvent: () => void count++,
    });
    const types = ['message', 'postback', 'unsend', 'follow', 'join', 'leave', 'memberJoined', 'module', 'beacon'];
    let id = 0;
    const anyItem = fc
      .record({ type: fc.constantFrom(...types), value: fc.jsonValue(), source: fc.constantFrom(user, group, null) })
      .map(({ type, value, source }) => ({ ...item(type, { source, webhookEventId: `${id++}` }), [type]: value }));
    const batch = fc.array(anyItem, { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), batch), async (told) => {
        count = 0;
        const body = typeof told === 'string' ? `{"unique":${id++},"told":${told}}` : JSON.stringify({ events: told });
        expect((await send(receiver, deliver.line.body(body))).status).toBe(200);
        expect(count).toBe(typeof told === 'string' ? 1 : told.length);
      }),
      { numRuns: 500 },
    );
  });
});
