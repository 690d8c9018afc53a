import { aisoule } from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import { hashKey, normalized } from './normalized.ts';

const provider = aisoule({ secret: 'secret' });

describe('AISoule events, as documented', () => {
  it('message.incoming is message.inbound', () => {
    const payload = {
      event: 'message.incoming',
      timestamp: '2026-06-10T08:15:30Z',
      data: {
        message_id: 'wamid.TESTIN1',
        from: '+4915100000001',
        contact_id: '5d0a6c8e-1111-4222-8333-944455566677',
        contact_name: 'Lena Brandt',
        type: 'text',
        text: 'Do you ship to Bonn?',
        whatsapp_account_id: 'aa0a6c8e-1111-4222-8333-944455566677',
      },
    };
    expect(normalized(provider, payload)).toEqual([
      {
        key: 'message.incoming:wamid.TESTIN1',
        account: 'aa0a6c8e-1111-4222-8333-944455566677',
        occurredAt: '2026-06-10T08:15:30.000Z',
        ordering: '+4915100000001',
        type: 'message.inbound',
        data: {
          message: {
            id: 'wamid.TESTIN1',
            channelMessageId: 'wamid.TESTIN1',
            direction: 'inbound',
            kind: 'text',
            text: 'Do you ship to Bonn?',
            from: { id: '5d0a6c8e-1111-4222-8333-944455566677', phone: '+4915100000001', name: 'Lena Brandt' },
            to: { id: 'aa0a6c8e-1111-4222-8333-944455566677' },
          },
          contact: { id: '5d0a6c8e-1111-4222-8333-944455566677', phone: '+4915100000001', name: 'Lena Brandt' },
        },
        providerEvent: 'message.incoming',
      },
    ]);
  });

  it('message.sent is message.status', () => {
    const payload = {
      event: 'message.sent',
      timestamp: '2026-06-10T08:15:34Z',
      data: { message_id: 'wamid.TESTOUT1', to: '+4915100000001', type: 'text', status: 'sent' },
    };
    expect(normalized(provider, payload)).toEqual([
      {
        key: 'message.sent:wamid.TESTOUT1',
        occurredAt: '2026-06-10T08:15:34.000Z',
        ordering: '+4915100000001',
        type: 'message.status',
        data: {
          messageId: 'wamid.TESTOUT1',
          channelMessageId: 'wamid.TESTOUT1',
          status: 'sent',
          recipient: { phone: '+4915100000001' },
        },
        providerEvent: 'message.sent',
      },
    ]);
  });

  it('message.failed is message.status', () => {
    const payload = {
      event: 'message.failed',
      data: {
        message_id: 'wamid.TESTOUT2',
        to: '+4915100000001',
        error_code: 131026,
        error_message: 'Message undeliverable',
      },
    };
    expect(normalized(provider, payload)).toEqual([
      {
        key: 'message.failed:wamid.TESTOUT2',
        ordering: '+4915100000001',
        type: 'message.status',
        data: {
          messageId: 'wamid.TESTOUT2',
          channelMessageId: 'wamid.TESTOUT2',
          status: 'failed',
          recipient: { phone: '+4915100000001' },
          error: { code: '131026', message: 'Message undeliverable' },
        },
        providerEvent: 'message.failed',
      },
    ]);
  });

  it('contact.created is contact.created', () => {
    const payload = {
      event: 'contact.created',
      data: {
        id: '5d0a6c8e-1111-4222-8333-944455566677',
        phone_number: '+4915100000001',
        name: 'Lena Brandt',
        source: 'import',
      },
    };
    expect(normalized(provider, payload)).toEqual([
      {
        key: 'contact.created:5d0a6c8e-1111-4222-8333-944455566677',
        ordering: '5d0a6c8e-1111-4222-8333-944455566677',
        type: 'contact.created',
        data: {
          contact: {
            id: '5d0a6c8e-1111-4222-8333-944455566677',
            phone: '+4915100000001',
            name: 'Lena Brandt',
            source: 'import',
          },
        },
        providerEvent: 'contact.created',
      },
    ]);
  });

  it('campaign.completed is campaign.completed', () => {
    const payload = {
      event: 'campaign.completed',
      data: {
        id: 'bb0a6c8e-1111-4222-8333-944455566677',
        name: 'June restock',
        total: 200,
        sent: 198,
        delivered: 190,
        read: 120,
        failed: 2,
      },
    };
    expect(normalized(provider, payload)).toEqual([
      {
        key: 'campaign.completed:bb0a6c8e-1111-4222-8333-944455566677',
        ordering: 'bb0a6c8e-1111-4222-8333-944455566677',
        type: 'campaign.completed',
        data: {
          campaign: {
            id: 'bb0a6c8e-1111-4222-8333-944455566677',
            name: 'June restock',
            totals: { total: 200, sent: 198, delivered: 190, read: 120, failed: 2 },
          },
        },
        providerEvent: 'campaign.completed',
      },
    ]);
  });

  it('transfer.created is transfer.created', () => {
    const payload = {
      event: 'transfer.created',
      data: {
        contact_id: '5d0a6c8e-1111-4222-8333-944455566677',
        from_agent_id: null,
        to_agent_id: 'cc0a6c8e-1111-4222-8333-944455566677',
        to_team_id: 'dd0a6c8e-1111-4222-8333-944455566677',
        notes: 'Wants an invoice copy',
      },
    };
    expect(normalized(provider, payload)).toEqual([
      {
        key: hashKey('transfer.created', payload),
        ordering: '5d0a6c8e-1111-4222-8333-944455566677',
        type: 'transfer.created',
        data: {
          transfer: {
            contactId: '5d0a6c8e-1111-4222-8333-944455566677',
            fromAgentId: null,
            toAgentId: 'cc0a6c8e-1111-4222-8333-944455566677',
            toTeamId: 'dd0a6c8e-1111-4222-8333-944455566677',
            notes: 'Wants an invoice copy',
          },
        },
        providerEvent: 'transfer.created',
      },
    ]);
  });

  it('message.received is message.inbound', () => {
    const payload = {
      event: 'message.received',
      timestamp: 1781079330,
      data: {
        message_id: 'msg_test01',
        waba_number: '4930000001',
        sender: '4915100000001',
        recipient: '4930000001',
        type: 'text',
        body: 'Do you ship to Bonn?',
      },
    };
    expect(normalized(provider, payload)).toEqual([
      {
        key: 'message.received:msg_test01',
        account: '4930000001',
        occurredAt: '2026-06-10T08:15:30.000Z',
        ordering: '+4915100000001',
        type: 'message.inbound',
        data: {
          message: {
            id: 'msg_test01',
            direction: 'inbound',
            kind: 'text',
            text: 'Do you ship to Bonn?',
            from: { phone: '+4915100000001' },
            to: { phone: '+4930000001' },
          },
        },
        providerEvent: 'message.received',
      },
    ]);
  });

  it('message.read is message.status', () => {
    const payload = {
      event: 'message.read',
      timestamp: 1781079400,
      data: {
        message_id: 'msg_test02',
        waba_number: '4930000001',
        sender: '4930000001',
        recipient: '4915100000001',
        status: 'read',
      },
    };
    expect(normalized(provider, payload)).toEqual([
      {
        key: 'message.read:msg_test02',
        account: '4930000001',
        occurredAt: '2026-06-10T08:16:40.000Z',
        ordering: '+4915100000001',
        type: 'message.status',
        data: { messageId: 'msg_test02', status: 'read', recipient: { phone: '+4915100000001' } },
        providerEvent: 'message.read',
      },
    ]);
  });

  it('ping is ping', () => {
    const payload = { event: 'ping' };
    expect(normalized(provider, payload)).toEqual([
      { key: 'ping:2026-06-10T09:00:00.000Z', mode: 'test', type: 'ping', data: {}, providerEvent: 'ping' },
    ]);
  });
});
