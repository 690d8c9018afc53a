import { describe, expect, it } from 'vitest';
import { normalized } from './normalized.ts';
import { common, envelope, provider } from './wexio-envelope.ts';

describe('messages of Wexio, as documented', () => {
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
            to: { id: '70aa11bb22cc33dd44ee5502' },
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
            from: { id: '70aa11bb22cc33dd44ee5502' },
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
});
