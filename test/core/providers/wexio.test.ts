import { describe, expect, it } from 'vitest';
import { normalized } from './normalized.ts';
import { common, envelope, provider } from './wexio-envelope.ts';

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
