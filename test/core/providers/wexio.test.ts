import { type JsonObject, wexio } from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import { normalized } from './normalized.ts';

const provider = wexio({ secret: 'secret' });

const organisationId = '70aa11bb22cc33dd44ee55f0';
const timestamp = '2026-06-10T08:15:30.250Z';
const envelope = (type: string, data: JsonObject) => ({
  id: 'evt_1',
  type,
  timestamp,
  data,
  meta: { eventId: 'evt_1', event: type, occurredAt: timestamp, organisationId, apiVersion: '2026-04-01', attempt: 1 },
});
const chatId = '70aa11bb22cc33dd44ee5501';
const common = { key: 'evt_1', account: organisationId, occurredAt: timestamp, ordering: chatId };

describe('Wexio events, as documented', () => {
  it('chat.created is chat.created', () => {
    const payload = envelope('chat.created', {
      chat: {
        id: '70aa11bb22cc33dd44ee5501',
        integrationId: '70aa11bb22cc33dd44ee5502',
        channel: 'TELEGRAM',
        externalChatId: 'tg_550001',
        telegramId: '550001',
        firstName: 'Mirte',
        lastName: 'Vos',
        createdAt: '2026-06-10T08:15:30.000Z',
        updatedAt: '2026-06-10T08:15:30.000Z',
        archivedAt: null,
      },
      contact: {
        peopleId: '70aa11bb22cc33dd44ee5503',
        phoneNumber: '+31600000001',
        firstName: 'Mirte',
        lastName: 'Vos',
        createdAt: '2026-06-10T08:15:30.000Z',
        updatedAt: '2026-06-10T08:15:30.000Z',
      },
    });
    expect(normalized(provider, payload)).toEqual([
      {
        ...common,
        type: 'chat.created',
        providerEvent: 'chat.created',
        data: {
          chat: {
            id: '70aa11bb22cc33dd44ee5501',
            channel: 'telegram',
            channelChatId: 'tg_550001',
            integrationId: '70aa11bb22cc33dd44ee5502',
            title: 'Mirte Vos',
            createdAt: '2026-06-10T08:15:30.000Z',
            updatedAt: '2026-06-10T08:15:30.000Z',
            archivedAt: null,
          },
          contact: {
            id: '70aa11bb22cc33dd44ee5503',
            phone: '+31600000001',
            name: 'Mirte Vos',
            firstName: 'Mirte',
            lastName: 'Vos',
            createdAt: '2026-06-10T08:15:30.000Z',
            updatedAt: '2026-06-10T08:15:30.000Z',
          },
        },
      },
    ]);
  });

  it('chat.updated is chat.updated', () => {
    const payload = envelope('chat.updated', {
      chat: {
        id: '70aa11bb22cc33dd44ee5501',
        integrationId: '70aa11bb22cc33dd44ee5502',
        channel: 'TELEGRAM',
        firstName: 'Mirte',
        archivedAt: '2026-06-10T09:00:00.000Z',
        updatedAt: '2026-06-10T09:00:00.000Z',
      },
      previous: { archivedAt: null },
      contact: { peopleId: '70aa11bb22cc33dd44ee5503' },
    });
    expect(normalized(provider, payload)).toEqual([
      {
        ...common,
        type: 'chat.updated',
        providerEvent: 'chat.updated',
        data: {
          chat: {
            id: '70aa11bb22cc33dd44ee5501',
            channel: 'telegram',
            integrationId: '70aa11bb22cc33dd44ee5502',
            title: 'Mirte',
            updatedAt: '2026-06-10T09:00:00.000Z',
            archivedAt: '2026-06-10T09:00:00.000Z',
          },
          previous: { archivedAt: null },
          contact: { id: '70aa11bb22cc33dd44ee5503' },
        },
      },
    ]);
  });

  it('chat.deleted is chat.deleted', () => {
    const payload = envelope('chat.deleted', {
      chat: { id: '70aa11bb22cc33dd44ee5501', integrationId: '70aa11bb22cc33dd44ee5502', channel: 'TELEGRAM' },
      deletedAt: '2026-06-10T09:30:00.000Z',
    });
    expect(normalized(provider, payload)).toEqual([
      {
        ...common,
        type: 'chat.deleted',
        providerEvent: 'chat.deleted',
        data: {
          chat: { id: '70aa11bb22cc33dd44ee5501', channel: 'telegram', integrationId: '70aa11bb22cc33dd44ee5502' },
          deletedAt: '2026-06-10T09:30:00.000Z',
        },
      },
    ]);
  });

  it('message.inbound.created is message.inbound', () => {
    const payload = envelope('message.inbound.created', {
      chat: {
        id: '70aa11bb22cc33dd44ee5501',
        integrationId: '70aa11bb22cc33dd44ee5502',
        channel: 'WHATSAPP',
        whatsappId: 'wa_31600000001',
        firstName: 'Mirte',
      },
      message: {
        id: 'msg_in_7',
        chatId: '70aa11bb22cc33dd44ee5501',
        integrationId: '70aa11bb22cc33dd44ee5502',
        direction: 'INBOUND',
        type: 'TEXT',
        text: 'Is the shop open on Sunday?',
        receivedAt: '2026-06-10T08:15:30.000Z',
        raw: { providerMessageId: 'wamid.TESTIN7' },
      },
      contact: { peopleId: '70aa11bb22cc33dd44ee5503', phoneNumber: '+31600000001' },
    });
    expect(normalized(provider, payload)).toEqual([
      {
        ...common,
        type: 'message.inbound',
        providerEvent: 'message.inbound.created',
        data: {
          message: {
            id: 'msg_in_7',
            channelMessageId: 'wamid.TESTIN7',
            chatId: '70aa11bb22cc33dd44ee5501',
            direction: 'inbound',
            kind: 'text',
            text: 'Is the shop open on Sunday?',
            sentAt: '2026-06-10T08:15:30.000Z',
            from: {
              id: '70aa11bb22cc33dd44ee5503',
              phone: '+31600000001',
              channelUserId: 'wa_31600000001',
              name: 'Mirte',
            },
          },
          chat: {
            id: '70aa11bb22cc33dd44ee5501',
            channel: 'whatsapp',
            channelChatId: 'wa_31600000001',
            integrationId: '70aa11bb22cc33dd44ee5502',
            title: 'Mirte',
          },
          contact: { id: '70aa11bb22cc33dd44ee5503', phone: '+31600000001' },
        },
      },
    ]);
  });

  it('message.inbound.updated is message.updated', () => {
    const payload = envelope('message.inbound.updated', {
      chat: { id: '70aa11bb22cc33dd44ee5501', channel: 'WHATSAPP' },
      message: {
        id: 'msg_in_7',
        chatId: '70aa11bb22cc33dd44ee5501',
        direction: 'INBOUND',
        type: 'TEXT',
        text: 'Is the shop open this Sunday?',
        receivedAt: '2026-06-10T08:15:30.000Z',
      },
      previous: { text: 'Is the shop open on Sunday?' },
    });
    expect(normalized(provider, payload)).toEqual([
      {
        ...common,
        type: 'message.updated',
        providerEvent: 'message.inbound.updated',
        data: {
          message: {
            id: 'msg_in_7',
            chatId: '70aa11bb22cc33dd44ee5501',
            direction: 'inbound',
            kind: 'text',
            text: 'Is the shop open this Sunday?',
            sentAt: '2026-06-10T08:15:30.000Z',
          },
          chat: { id: '70aa11bb22cc33dd44ee5501', channel: 'whatsapp' },
          previous: { text: 'Is the shop open on Sunday?' },
        },
      },
    ]);
  });

  it('message.inbound.deleted is message.deleted', () => {
    const payload = envelope('message.inbound.deleted', {
      chat: { id: '70aa11bb22cc33dd44ee5501', channel: 'WHATSAPP' },
      message: { id: 'msg_in_7', chatId: '70aa11bb22cc33dd44ee5501', direction: 'INBOUND', type: 'TEXT' },
      deletedAt: '2026-06-10T08:20:00.000Z',
    });
    expect(normalized(provider, payload)).toEqual([
      {
        ...common,
        type: 'message.deleted',
        providerEvent: 'message.inbound.deleted',
        data: {
          message: { id: 'msg_in_7', chatId: '70aa11bb22cc33dd44ee5501', direction: 'inbound', kind: 'text' },
          chat: { id: '70aa11bb22cc33dd44ee5501', channel: 'whatsapp' },
          deletedAt: '2026-06-10T08:20:00.000Z',
        },
      },
    ]);
  });

  it('message.outbound.created is message.outbound', () => {
    const payload = envelope('message.outbound.created', {
      chat: {
        id: '70aa11bb22cc33dd44ee5501',
        integrationId: '70aa11bb22cc33dd44ee5502',
        channel: 'WHATSAPP',
        whatsappId: 'wa_31600000001',
      },
      message: {
        id: 'msg_out_8',
        chatId: '70aa11bb22cc33dd44ee5501',
        integrationId: '70aa11bb22cc33dd44ee5502',
        direction: 'OUTBOUND',
        type: 'TEXT',
        text: 'Yes, from noon.',
        sentAt: '2026-06-10T08:16:00.000Z',
        raw: { providerMessageId: 'wamid.TESTOUT8' },
      },
      contact: { peopleId: '70aa11bb22cc33dd44ee5503', phoneNumber: '+31600000001' },
    });
    expect(normalized(provider, payload)).toEqual([
      {
        ...common,
        type: 'message.outbound',
        providerEvent: 'message.outbound.created',
        data: {
          message: {
            id: 'msg_out_8',
            channelMessageId: 'wamid.TESTOUT8',
            chatId: '70aa11bb22cc33dd44ee5501',
            direction: 'outbound',
            kind: 'text',
            text: 'Yes, from noon.',
            sentAt: '2026-06-10T08:16:00.000Z',
            to: { id: '70aa11bb22cc33dd44ee5503', phone: '+31600000001', channelUserId: 'wa_31600000001' },
          },
          chat: {
            id: '70aa11bb22cc33dd44ee5501',
            channel: 'whatsapp',
            channelChatId: 'wa_31600000001',
            integrationId: '70aa11bb22cc33dd44ee5502',
          },
          contact: { id: '70aa11bb22cc33dd44ee5503', phone: '+31600000001' },
        },
      },
    ]);
  });

  it('message.outbound.updated is message.status', () => {
    const payload = envelope('message.outbound.updated', {
      chat: { id: '70aa11bb22cc33dd44ee5501', channel: 'WHATSAPP' },
      message: {
        id: 'msg_out_8',
        chatId: '70aa11bb22cc33dd44ee5501',
        direction: 'OUTBOUND',
        type: 'TEXT',
        text: 'Yes, from noon.',
        sentAt: '2026-06-10T08:16:00.000Z',
        deliveredAt: '2026-06-10T08:16:04.000Z',
      },
      previous: { deliveredAt: null },
    });
    expect(normalized(provider, payload)).toEqual([
      {
        ...common,
        key: 'evt_1:status',
        type: 'message.status',
        providerEvent: 'message.outbound.updated',
        data: {
          messageId: 'msg_out_8',
          status: 'delivered',
          at: '2026-06-10T08:16:04.000Z',
          chat: { id: '70aa11bb22cc33dd44ee5501', channel: 'whatsapp' },
        },
      },
    ]);
  });

  it('contact.created is contact.created', () => {
    const payload = envelope('contact.created', {
      contact: {
        peopleId: '70aa11bb22cc33dd44ee5503',
        phoneNumber: '+31600000001',
        firstName: 'Mirte',
        createdAt: '2026-06-10T08:00:00.000Z',
        updatedAt: '2026-06-10T08:00:00.000Z',
      },
    });
    expect(normalized(provider, payload)).toEqual([
      {
        ...common,
        ordering: '70aa11bb22cc33dd44ee5503',
        type: 'contact.created',
        providerEvent: 'contact.created',
        data: {
          contact: {
            id: '70aa11bb22cc33dd44ee5503',
            phone: '+31600000001',
            name: 'Mirte',
            firstName: 'Mirte',
            createdAt: '2026-06-10T08:00:00.000Z',
            updatedAt: '2026-06-10T08:00:00.000Z',
          },
        },
      },
    ]);
  });

  it('contact.updated is contact.updated', () => {
    const payload = envelope('contact.updated', {
      contact: {
        peopleId: '70aa11bb22cc33dd44ee5503',
        phoneNumber: '+31600000001',
        firstName: 'Mirte',
        lastName: 'Vos',
        tags: ['vip', 'spring'],
        updatedAt: '2026-06-10T08:05:00.000Z',
      },
      previous: { lastName: '', tags: ['vip'] },
    });
    expect(normalized(provider, payload)).toEqual([
      {
        ...common,
        ordering: '70aa11bb22cc33dd44ee5503',
        type: 'contact.updated',
        providerEvent: 'contact.updated',
        data: {
          contact: {
            id: '70aa11bb22cc33dd44ee5503',
            phone: '+31600000001',
            name: 'Mirte Vos',
            firstName: 'Mirte',
            lastName: 'Vos',
            tags: ['vip', 'spring'],
            updatedAt: '2026-06-10T08:05:00.000Z',
          },
          previous: { lastName: '', tags: ['vip'] },
        },
      },
    ]);
  });

  it('contact.deleted is contact.deleted', () => {
    const payload = envelope('contact.deleted', {
      contact: { peopleId: '70aa11bb22cc33dd44ee5503' },
      deletedAt: '2026-06-10T10:00:00.000Z',
    });
    expect(normalized(provider, payload)).toEqual([
      {
        ...common,
        ordering: '70aa11bb22cc33dd44ee5503',
        type: 'contact.deleted',
        providerEvent: 'contact.deleted',
        data: { contact: { id: '70aa11bb22cc33dd44ee5503' }, deletedAt: '2026-06-10T10:00:00.000Z' },
      },
    ]);
  });

  it('flow.seat_reserved is flow.event', () => {
    const payload = envelope('flow.seat_reserved', {
      seat: '14C',
      status: 'held',
      contactId: '70aa11bb22cc33dd44ee5503',
    });
    expect(normalized(provider, payload)).toEqual([
      {
        ...common,
        ordering: undefined,
        type: 'flow.event',
        providerEvent: 'flow.seat_reserved',
        data: {
          name: 'seat_reserved',
          payload: { seat: '14C', status: 'held', contactId: '70aa11bb22cc33dd44ee5503' },
        },
      },
    ]);
  });
});
