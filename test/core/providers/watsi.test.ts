import { watsi } from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import { normalized } from './normalized.ts';

const provider = watsi({ secret: 'secret' });

describe('Watsi events, as documented', () => {
  it('message.received is message.inbound', () => {
    const payload = {
      id: 'evt_TEST0001',
      type: 'message.received',
      created_at: '2026-06-10T08:15:20.000Z',
      workspace_id: '0d5f2c1e-7a34-4b0a-9f61-3c2f5f0e8a11',
      data: {
        from: '31600000001',
        body: 'Goedemorgen',
        messageId: 'wamid.TEST0001',
        conversationId: 'conv_900',
        channel: 'whatsapp',
      },
    };
    expect(normalized(provider, payload)).toEqual([
      {
        key: 'evt_TEST0001',
        account: '0d5f2c1e-7a34-4b0a-9f61-3c2f5f0e8a11',
        occurredAt: '2026-06-10T08:15:20.000Z',
        ordering: 'conv_900',
        type: 'message.inbound',
        data: {
          message: {
            id: 'wamid.TEST0001',
            channelMessageId: 'wamid.TEST0001',
            chatId: 'conv_900',
            direction: 'inbound',
            kind: 'text',
            text: 'Goedemorgen',
            from: { phone: '+31600000001' },
          },
          chat: { id: 'conv_900', channel: 'whatsapp' },
        },
        providerEvent: 'message.received',
      },
    ]);
  });

  it('message.status is message.status', () => {
    const payload = {
      id: 'evt_TEST0002',
      type: 'message.status',
      created_at: '2026-06-10T08:15:30.000Z',
      workspace_id: '0d5f2c1e-7a34-4b0a-9f61-3c2f5f0e8a11',
      data: { messageId: 'wamid.TEST0002', status: 'read', recipientId: '31600000001', timestamp: '1781079330' },
    };
    expect(normalized(provider, payload)).toEqual([
      {
        key: 'evt_TEST0002',
        account: '0d5f2c1e-7a34-4b0a-9f61-3c2f5f0e8a11',
        occurredAt: '2026-06-10T08:15:30.000Z',
        ordering: 'wamid.TEST0002',
        type: 'message.status',
        data: {
          messageId: 'wamid.TEST0002',
          channelMessageId: 'wamid.TEST0002',
          status: 'read',
          recipient: { phone: '+31600000001' },
          at: '2026-06-10T08:15:30.000Z',
        },
        providerEvent: 'message.status',
      },
    ]);
  });

  it('conversation.created is chat.created', () => {
    const payload = {
      id: 'evt_TEST0003',
      type: 'conversation.created',
      created_at: '2026-06-10T08:15:20.000Z',
      workspace_id: '0d5f2c1e-7a34-4b0a-9f61-3c2f5f0e8a11',
      data: { conversationId: 'conv_900', contactId: 'cont_77', status: 'active', channel: 'whatsapp' },
    };
    expect(normalized(provider, payload)).toEqual([
      {
        key: 'evt_TEST0003',
        account: '0d5f2c1e-7a34-4b0a-9f61-3c2f5f0e8a11',
        occurredAt: '2026-06-10T08:15:20.000Z',
        ordering: 'conv_900',
        type: 'chat.created',
        data: { chat: { id: 'conv_900', channel: 'whatsapp', contactId: 'cont_77', status: 'active' } },
        providerEvent: 'conversation.created',
      },
    ]);
  });

  it('conversation.updated is chat.updated', () => {
    const payload = {
      id: 'evt_TEST0004',
      type: 'conversation.updated',
      created_at: '2026-06-10T09:15:20.000Z',
      workspace_id: '0d5f2c1e-7a34-4b0a-9f61-3c2f5f0e8a11',
      data: { conversationId: 'conv_900', status: 'closed', assignedUserId: 'usr_5', watsiEnabled: true },
    };
    expect(normalized(provider, payload)).toEqual([
      {
        key: 'evt_TEST0004',
        account: '0d5f2c1e-7a34-4b0a-9f61-3c2f5f0e8a11',
        occurredAt: '2026-06-10T09:15:20.000Z',
        ordering: 'conv_900',
        type: 'chat.updated',
        data: { chat: { id: 'conv_900', status: 'closed', assigneeId: 'usr_5', automated: true } },
        providerEvent: 'conversation.updated',
      },
    ]);
  });

  it('contact.created is contact.created', () => {
    const payload = {
      id: 'evt_TEST0005',
      type: 'contact.created',
      created_at: '2026-06-10T08:15:19.000Z',
      workspace_id: '0d5f2c1e-7a34-4b0a-9f61-3c2f5f0e8a11',
      data: { contactId: 'cont_77', phone: '+31600000001', name: 'Joost de Wit' },
    };
    expect(normalized(provider, payload)).toEqual([
      {
        key: 'evt_TEST0005',
        account: '0d5f2c1e-7a34-4b0a-9f61-3c2f5f0e8a11',
        occurredAt: '2026-06-10T08:15:19.000Z',
        ordering: 'cont_77',
        type: 'contact.created',
        data: { contact: { id: 'cont_77', phone: '+31600000001', name: 'Joost de Wit' } },
        providerEvent: 'contact.created',
      },
    ]);
  });

  it('contact.updated is contact.updated', () => {
    const payload = {
      id: 'evt_TEST0006',
      type: 'contact.updated',
      created_at: '2026-06-11T08:15:19.000Z',
      workspace_id: '0d5f2c1e-7a34-4b0a-9f61-3c2f5f0e8a11',
      data: { contactId: 'cont_77', name: 'J. de Wit', email: 'joost@example.org' },
    };
    expect(normalized(provider, payload)).toEqual([
      {
        key: 'evt_TEST0006',
        account: '0d5f2c1e-7a34-4b0a-9f61-3c2f5f0e8a11',
        occurredAt: '2026-06-11T08:15:19.000Z',
        ordering: 'cont_77',
        type: 'contact.updated',
        data: { contact: { id: 'cont_77', name: 'J. de Wit', email: 'joost@example.org' } },
        providerEvent: 'contact.updated',
      },
    ]);
  });
});

describe('Watsi', () => {
  const envelope = (type: string, data: object) => ({
    id: 'evt_1',
    type,
    created_at: '2026-06-10T08:15:20.000Z',
    workspace_id: 'ws_1',
    data,
  });

  it('understands a received message in the shape of the overview page', () => {
    const payload = envelope('message.received', { message: { id: 'wamid.1', body: 'Goedemorgen' } });
    expect(normalized(provider, payload)).toEqual([
      {
        type: 'message.inbound',
        key: 'evt_1',
        providerEvent: 'message.received',
        account: 'ws_1',
        occurredAt: '2026-06-10T08:15:20.000Z',
        ordering: 'wamid.1',
        data: {
          message: {
            id: 'wamid.1',
            channelMessageId: 'wamid.1',
            direction: 'inbound',
            kind: 'text',
            text: 'Goedemorgen',
          },
        },
      },
    ]);
  });

  it('says what is missing when a received message has no id in either shape', () => {
    for (const data of [{ body: 'Hi' }, { message: { body: 'Hi' } }, { messageId: '', message: null }]) {
      expect(normalized(provider, envelope('message.received', data))).toMatchObject([
        { type: 'unknown', key: 'evt_1', data: { issues: [{ path: 'data.messageId' }] } },
      ]);
    }
  });

  it('does not call a message without a text one', () => {
    const payload = envelope('message.received', { messageId: 'wamid.1', conversationId: 'conv_1' });
    expect(normalized(provider, payload)).toMatchObject([
      { data: { message: { kind: 'unknown' }, chat: { id: 'conv_1' } } },
    ]);
  });

  it.each(['sent', 'delivered', 'read', 'failed'])(
    'reports the status %s, at the Unix time of the text or number',
    (status) => {
      for (const timestamp of ['1781079330', 1781079330, '2026-06-10T08:15:30Z']) {
        const payload = envelope('message.status', { messageId: 'wamid.1', status, timestamp });
        expect(normalized(provider, payload)).toMatchObject([
          { type: 'message.status', ordering: 'wamid.1', data: { status, at: '2026-06-10T08:15:30.000Z' } },
        ]);
      }
    },
  );

  it('passes on a status that it does not know, as unknown', () => {
    const payload = envelope('message.status', { messageId: 'wamid.1', status: 'vanished' });
    expect(normalized(provider, payload)).toMatchObject([
      { type: 'unknown', key: 'evt_1', data: { reason: 'invalid_payload', issues: [{ path: 'data.status' }] } },
    ]);
  });

  it('writes phones with and without + alike', () => {
    const phones = ['31600000001', '+31600000001', 31600000001].map((from) => {
      const payload = envelope('message.received', { messageId: 'wamid.1', from });
      return normalized(provider, payload)[0]?.data;
    });
    for (const data of phones) expect(data).toMatchObject({ message: { from: { phone: '+31600000001' } } });
  });

  it('takes null where nothing says that it cannot be', () => {
    const none = { contactId: null, status: null, channel: null, assignedUserId: null, watsiEnabled: null };
    expect(
      normalized(provider, envelope('conversation.updated', { conversationId: 'conv_1', ...none }))[0]?.data,
    ).toEqual({
      chat: { id: 'conv_1', assigneeId: null },
    });
    const nobody = { contactId: 'cont_1', name: null, phone: null, email: null };
    expect(normalized(provider, envelope('contact.updated', nobody))[0]?.data).toEqual({
      contact: { id: 'cont_1', email: null },
    });
  });
});
