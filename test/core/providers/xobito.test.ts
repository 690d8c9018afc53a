import { xobito } from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import { hashKey, normalized } from './normalized.ts';

const provider = xobito({ secret: 'secret' });

describe('Xobito events, as documented', () => {
  it('message.sent is message.outbound and message.status', () => {
    const payload = {
      event: 'message.sent',
      model: 'WhatsAppMessage',
      data: {
        message_id: 'wamid.TEST0001',
        status: 'sent',
        error_message: null,
        text: 'Your parcel leaves today.',
        type: 'text',
        tenant_id: 42,
      },
      timestamp: '2026-06-10T08:15:28+00:00',
    };
    expect(normalized(provider, payload)).toEqual([
      {
        key: 'message.outbound:wamid.TEST0001',
        account: '42',
        occurredAt: '2026-06-10T08:15:28.000Z',
        ordering: 'wamid.TEST0001',
        type: 'message.outbound',
        data: {
          message: {
            id: 'wamid.TEST0001',
            channelMessageId: 'wamid.TEST0001',
            direction: 'outbound',
            kind: 'text',
            text: 'Your parcel leaves today.',
          },
        },
        providerEvent: 'message.sent',
      },
      {
        key: 'message.sent:wamid.TEST0001',
        account: '42',
        occurredAt: '2026-06-10T08:15:28.000Z',
        ordering: 'wamid.TEST0001',
        type: 'message.status',
        data: { messageId: 'wamid.TEST0001', channelMessageId: 'wamid.TEST0001', status: 'sent' },
        providerEvent: 'message.sent',
      },
    ]);
  });

  it('message.failed is message.status', () => {
    const payload = {
      event: 'message.failed',
      model: 'WhatsAppMessage',
      data: {
        message_id: 'wamid.TEST0009',
        status: 'failed',
        error_message: 'Number is not registered',
        tenant_id: 42,
      },
      timestamp: '2026-06-10T08:15:29+00:00',
    };
    expect(normalized(provider, payload)).toEqual([
      {
        key: 'message.failed:wamid.TEST0009',
        account: '42',
        occurredAt: '2026-06-10T08:15:29.000Z',
        ordering: 'wamid.TEST0009',
        type: 'message.status',
        data: {
          messageId: 'wamid.TEST0009',
          channelMessageId: 'wamid.TEST0009',
          status: 'failed',
          error: { message: 'Number is not registered' },
        },
        providerEvent: 'message.failed',
      },
    ]);
  });

  it('message.received is message.inbound', () => {
    const payload = {
      event: 'message.received',
      model: 'WhatsAppMessage',
      data: {
        message_id: 'wamid.TESTIN01',
        text: 'Can I change my order?',
        type: 'text',
        media: null,
        media_filename: null,
        reply_to_message_id: null,
        tenant_id: 42,
      },
      timestamp: '2026-06-10T08:20:00+00:00',
    };
    expect(normalized(provider, payload)).toEqual([
      {
        key: 'message.received:wamid.TESTIN01',
        account: '42',
        occurredAt: '2026-06-10T08:20:00.000Z',
        ordering: 'wamid.TESTIN01',
        type: 'message.inbound',
        data: {
          message: {
            id: 'wamid.TESTIN01',
            channelMessageId: 'wamid.TESTIN01',
            direction: 'inbound',
            kind: 'text',
            text: 'Can I change my order?',
          },
        },
        providerEvent: 'message.received',
      },
    ]);
  });

  it('Contact.updated is contact.updated', () => {
    const payload = {
      event: 'updated',
      model: 'App\\Models\\Tenant\\Contact',
      data: {
        id: 9001,
        attributes: {
          firstname: 'Ines',
          lastname: 'Duarte',
          phone: '+351910000001',
          email: 'ines@example.org',
          type: 'customer',
          status_id: 3,
          source_id: 5,
        },
        relations: {},
      },
      original: null,
      timestamp: '2026-06-10T08:00:00+00:00',
    };
    expect(normalized(provider, payload)).toEqual([
      {
        key: hashKey('contact.updated:9001:2026-06-10T08:00:00+00:00', payload),
        occurredAt: '2026-06-10T08:00:00.000Z',
        ordering: 'contact:9001',
        type: 'contact.updated',
        data: {
          contact: {
            id: '9001',
            phone: '+351910000001',
            name: 'Ines Duarte',
            firstName: 'Ines',
            lastName: 'Duarte',
            email: 'ines@example.org',
            kind: 'customer',
            statusId: '3',
            sourceId: '5',
          },
        },
        providerEvent: 'Contact.updated',
      },
    ]);
  });
});
