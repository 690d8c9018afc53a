import { type JsonObject, wexio } from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import { normalized } from './normalized.ts';

const provider = wexio({ secret: 'secret' });

const envelope = (type: string, data: JsonObject, attempt = 1) => ({
  id: 'evt_1',
  type,
  timestamp: '2026-06-10T08:16:10.000Z',
  data,
  meta: { organisationId: 'org_1', attempt },
});
const chat = { id: 'chat_1', channel: 'WHATSAPP' };
const message = {
  id: 'msg_1',
  chatId: 'chat_1',
  direction: 'OUTBOUND',
  type: 'TEXT',
  text: 'Yes, from noon.',
  sentAt: '2026-06-10T08:16:00.000Z',
};

const updated = (fields: JsonObject, previous?: JsonObject | null) => {
  const data = { chat, message: { ...message, ...fields }, ...(previous !== undefined && { previous }) };
  return normalized(provider, envelope('message.outbound.updated', data));
};
const summary = (events: ReturnType<typeof updated>) => events.map(({ type, key }) => ({ type, key }));
const edit = { type: 'message.updated', key: 'evt_1:edit' };
const status = { type: 'message.status', key: 'evt_1:status' };
const readAt = '2026-06-10T08:16:09.000Z';

describe('an update of an outbound message in Wexio', () => {
  it('is an edit and a status when it carries both, each with the part that it is about', () => {
    const events = updated({ readAt }, { text: 'Yes.', readAt: null });
    expect(summary(events)).toEqual([edit, status]);
    expect(events[0]?.data).toMatchObject({ message: { text: 'Yes, from noon.' }, previous: { text: 'Yes.' } });
    expect(events[1]?.data).toMatchObject({ messageId: 'msg_1', status: 'read', at: readAt });
  });

  it('is an edit only when no status changed, whatever was reached before', () => {
    expect(summary(updated({ readAt }, { text: 'Yes.' }))).toEqual([edit]);
  });

  it('is both when nothing tells which: previous is missing, null or empty', () => {
    for (const previous of [undefined, null, {}]) {
      expect(summary(updated({ readAt }, previous))).toEqual([edit, status]);
    }
  });

  it('is a status only when it failed, although the error fields changed too', () => {
    const failedAt = '2026-06-10T08:16:05.000Z';
    const fields = { failedAt, errorCode: 131026, errorMessage: 'Message undeliverable' };
    const events = updated(fields, { failedAt: null, errorCode: null, errorMessage: null });
    expect(summary(events)).toEqual([status]);
    expect(events[0]?.data).toMatchObject({
      status: 'failed',
      at: failedAt,
      error: { code: '131026', message: 'Message undeliverable' },
    });
  });

  it('takes an error code that is a text', () => {
    const [event] = updated({ failedAt: readAt, errorCode: 'UNDELIVERABLE' }, { failedAt: null });
    expect(event?.data).toMatchObject({ status: 'failed', error: { code: 'UNDELIVERABLE' } });
  });

  it.each([
    ['sent', {}],
    ['sent', { deliveredAt: null, readAt: null, failedAt: null }],
    ['delivered', { deliveredAt: readAt }],
    ['read', { deliveredAt: readAt, readAt }],
    ['read', { readAt }],
    ['failed', { deliveredAt: readAt, readAt, failedAt: readAt }],
  ])('is %s by its timestamps %o', (expected, fields) => {
    const [event] = updated(fields, { deliveredAt: null });
    expect(event?.data).toMatchObject({ status: expected });
  });
});

describe('Wexio', () => {
  it('gives a retry the id of the first attempt', () => {
    const data = { chat, message };
    const [first, retry] = [1, 2].map((attempt) =>
      normalized(provider, envelope('message.outbound.created', data, attempt)),
    );
    expect(retry).toEqual(first);
  });

  it('gives an event that cannot be read the id of its envelope, so that a retry is known again', () => {
    const unreadable = (attempt: number) => normalized(provider, envelope('chat.created', { chat: {} }, attempt));
    expect(unreadable(1)).toMatchObject([{ type: 'unknown', key: 'evt_1', data: { reason: 'invalid_payload' } }]);
    expect(unreadable(2)).toEqual(unreadable(1));
  });

  it('tells events with an empty id apart', () => {
    const nameless = (suffix: string) => normalized(provider, { ...envelope(`flow.${suffix}`, {}), id: '' })[0];
    expect(nameless('a')).toMatchObject({ type: 'unknown' });
    expect(nameless('a')?.key).not.toBe(nameless('b')?.key);
    expect(nameless('a')?.key).not.toBe('');
  });

  it.each([
    ['WHATSAPP', 'wamid.1', 'wamid.1'],
    [null, 'wamid.1', 'wamid.1'],
    ['WHATSAPP', '1', undefined],
    ['INSTAGRAM', 'mid_1', 'mid_1'],
    ['INSTAGRAM', '', undefined],
    // Each chat of Telegram counts for itself: another chat has a message 9 too.
    ['TELEGRAM', '9', undefined],
    ['VIBER', '9', undefined],
    [null, '9', undefined],
  ])('keeps the id of a message on %s, %s, as %s', (channel, providerMessageId, expected) => {
    const data = { chat: { id: 'chat_1', channel }, message: { ...message, raw: { providerMessageId } } };
    const [created] = normalized(provider, envelope('message.inbound.created', data));
    const [edited, status] = normalized(provider, envelope('message.outbound.updated', data));
    for (const event of [created, edited]) {
      if (event?.type !== 'message.inbound' && event?.type !== 'message.updated') throw new Error(event?.type);
      expect(event.data.message.channelMessageId).toBe(expected);
    }
    if (status?.type !== 'message.status') throw new Error(status?.type);
    expect(status.data.channelMessageId).toBe(expected);
  });

  it('makes texts of numeric ids', () => {
    const data = {
      chat: { id: 7, telegramId: 550001 },
      message: { ...message, id: 8, chatId: 7, integrationId: 5, raw: { providerMessageId: 9 } },
    };
    expect(normalized(provider, envelope('message.outbound.created', data))).toMatchObject([
      {
        ordering: '7',
        data: {
          message: { id: '8', chatId: '7', from: { id: '5' }, to: { channelUserId: '550001' } },
          chat: { id: '7', channelChatId: '550001' },
        },
      },
    ]);
  });

  it('takes null for every field that need not be there', () => {
    const none = (...names: string[]) => Object.fromEntries(names.map((name) => [name, null]));
    const data = {
      chat: {
        id: 'chat_1',
        ...none(
          'integrationId',
          'channel',
          'externalChatId',
          'firstName',
          'title',
          'photoUrl',
          'createdAt',
          'archivedAt',
        ),
      },
      message: {
        ...message,
        ...none('text', 'sentAt', 'deliveredAt', 'readAt', 'failedAt', 'errorCode', 'errorMessage', 'media', 'raw'),
      },
      contact: {
        peopleId: 'people_1',
        ...none('phoneNumber', 'email', 'firstName', 'lastName', 'tags', 'systemFields', 'customFields', 'updatedAt'),
      },
    };
    expect(normalized(provider, envelope('message.outbound.created', data))).toMatchObject([
      {
        data: {
          message: {
            id: 'msg_1',
            chatId: 'chat_1',
            direction: 'outbound',
            kind: 'text',
            text: null,
            to: { id: 'people_1' },
          },
          chat: { id: 'chat_1', archivedAt: null },
          contact: { id: 'people_1', email: null, firstName: null, lastName: null },
        },
      },
    ]);
  });

  it('reads every field of chats, contacts and media', () => {
    const data = {
      chat: {
        ...chat,
        username: 'mirte',
        title: 'Garden club',
        photoUrl: 'https://cdn.example/p.jpg',
        instagramId: '17',
        firstName: 'M',
      },
      message: {
        ...message,
        direction: 'INBOUND',
        type: 'IMAGE',
        media: [{ url: 'https://cdn.example/1.jpg', size: 1 }, {}],
      },
      contact: {
        peopleId: 'people_1',
        email: 'mirte@example.org',
        firstName: 'Mirte',
        lastName: 'Vos',
        systemFields: { stage: 'lead', score: 3 },
        customFields: { newsletter: true, birthday: null, score: 4 },
      },
    };
    expect(normalized(provider, envelope('message.inbound.created', data))[0]?.data).toEqual({
      message: {
        id: 'msg_1',
        chatId: 'chat_1',
        direction: 'inbound',
        kind: 'image',
        text: 'Yes, from noon.',
        sentAt: '2026-06-10T08:16:00.000Z',
        media: [{ url: 'https://cdn.example/1.jpg' }, {}],
        from: { id: 'people_1', username: 'mirte', channelUserId: '17', name: 'Mirte Vos' },
      },
      chat: {
        id: 'chat_1',
        channel: 'whatsapp',
        channelChatId: '17',
        title: 'Garden club',
        username: 'mirte',
        photoUrl: 'https://cdn.example/p.jpg',
      },
      contact: {
        id: 'people_1',
        name: 'Mirte Vos',
        firstName: 'Mirte',
        lastName: 'Vos',
        email: 'mirte@example.org',
        fields: { stage: 'lead', score: 4, newsletter: true, birthday: null },
      },
    });
  });

  it.each([
    ['flow.seat_reserved', 'seat_reserved'],
    ['flow.seats.held-2', 'seats.held-2'],
    ['flow', ''],
  ])('names the event of a flow by its suffix: %s', (type, name) => {
    const payload = { value: [1, 'two', null] };
    expect(normalized(provider, envelope(type, payload))).toMatchObject([
      { type: 'flow.event', providerEvent: type, data: { name, payload } },
    ]);
  });

  it('does not take every name that begins with flow for one', () => {
    expect(normalized(provider, envelope('flowers', {}))).toMatchObject([{ type: 'unknown' }]);
  });
});
