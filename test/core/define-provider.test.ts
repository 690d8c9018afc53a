import {
  byEventName,
  type ChatEvent,
  catalog,
  contentKey,
  createReceiver,
  defineProvider,
  type EventReader,
  reads,
  unauthenticated,
} from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import { send } from './harness.ts';

const note: EventReader = reads(catalog['message.inbound'], ({ message }, { header, receivedAt }) => [
  {
    type: 'message.inbound',
    key: message.id,
    account: header('x-account'),
    occurredAt: receivedAt,
    mode: 'test',
    data: { message },
  },
]);

const acme = defineProvider({
  name: 'acme-2',
  verifier: unauthenticated,
  normalize: byEventName({
    name: (payload) => payload.kind,
    id: (payload) => payload.id,
    events: { note },
    other: (name) => (name.startsWith('note.') ? note : undefined),
  }),
});

async function receive(payload: unknown) {
  const events: ChatEvent[] = [];
  const receiver = createReceiver({ providers: [acme], logger: false, onEvent: (event) => void events.push(event) });
  const body = Buffer.from(JSON.stringify(payload));
  const reply = await send(receiver, { path: '/webhooks/acme-2', headers: { 'x-account': 'a1' }, body });
  expect(reply.status).toBe(200);
  return events;
}

const message = { id: 'm1', direction: 'inbound', kind: 'text' };

describe('a provider of named events', () => {
  it('reads what it lists, with what it knows of the delivery', async () => {
    const payload = { kind: 'note', message, extra: 1 };
    const [event, ...rest] = await receive(payload);
    expect(rest).toEqual([]);
    expect(event).toEqual({
      id: 'acme-2:m1',
      type: 'message.inbound',
      provider: 'acme-2',
      providerEvent: 'note',
      account: 'a1',
      occurredAt: event?.receivedAt,
      receivedAt: event?.receivedAt,
      mode: 'test',
      data: { message },
      raw: payload,
    });
  });

  it('reads names that cannot be listed', async () => {
    expect(await receive({ kind: 'note.private', message })).toMatchObject([{ providerEvent: 'note.private' }]);
  });

  it('passes on what it does not know, under the id of the vendor', async () => {
    expect(await receive({ kind: 'other', id: 'e1' })).toMatchObject([
      { id: 'acme-2:e1', type: 'unknown', providerEvent: 'other', data: { reason: 'unknown_event' } },
    ]);
  });

  it('passes on what does not fit, with the fields and without their values', async () => {
    const [event] = await receive({ kind: 'note', id: 'e1', message: { ...message, direction: 'sideways' } });
    expect(event).toMatchObject({
      id: 'acme-2:e1',
      data: { reason: 'invalid_payload', issues: [{ path: 'message.direction', message: expect.any(String) }] },
    });
    expect(JSON.stringify(event?.data)).not.toContain('sideways');
  });

  it.each([
    ['other', 'without an id', { kind: 'other', x: 1 }],
    ['other', 'with an id that is no text', { kind: 'other', id: { x: 1 } }],
    ['', 'without a name', { x: 1 }],
    ['', 'with a name that is no text', { kind: ['note'] }],
    ['', 'that is no object', ['note']],
  ])('tells an event named "%s" %s by its content', async (name, _, payload) => {
    const [event] = await receive(payload);
    expect(event).toMatchObject({ type: 'unknown', id: `acme-2:${contentKey(name, payload)}`, raw: payload });
  });
});

describe('a key made of content', () => {
  it('is the same for the same content only', () => {
    expect(contentKey('a', { x: 1 })).toBe(contentKey('a', { x: 1 }));
    const keys = [
      contentKey('a', { x: 1 }),
      contentKey('b', { x: 1 }),
      contentKey('a', { x: 2 }),
      contentKey('a', null),
    ];
    expect(new Set([...keys, contentKey('a', undefined)]).size).toBe(5);
  });
});
