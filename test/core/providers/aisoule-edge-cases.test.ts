import { aisoule, type JsonObject } from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import { normalized } from './normalized.ts';

const provider = aisoule({ secret: 'secret' });

describe('AISoule', () => {
  it('reads statuses alike in both dialects, with an id per status', () => {
    for (const status of ['sent', 'delivered', 'read', 'failed']) {
      for (const data of [
        { message_id: 'm1', to: '+4915100000001' },
        { message_id: 'm1', sender: '4930000001', recipient: '4915100000001', status },
      ]) {
        expect(normalized(provider, { event: `message.${status}`, data })).toMatchObject([
          {
            type: 'message.status',
            key: `message.${status}:m1`,
            data: { messageId: 'm1', status, recipient: { phone: '+4915100000001' } },
          },
        ]);
      }
    }
  });

  it('takes an error code that is a text, and null for none', () => {
    const failed = (fields: object) =>
      normalized(provider, { event: 'message.failed', data: { message_id: 'm1', ...fields } })[0]?.data;
    expect(failed({ error_code: '131026', error_message: null })).toMatchObject({ error: { code: '131026' } });
    expect(failed({ error_code: null, error_message: null })).not.toHaveProperty('error');
  });

  it('reads a message without contact, account, recipient and time', () => {
    const data = { message_id: 'm1', sender: '4915100000001', type: 'text', body: 'Hi' };
    expect(normalized(provider, { event: 'message.received', data })[0]).toEqual({
      type: 'message.inbound',
      key: 'message.received:m1',
      providerEvent: 'message.received',
      account: undefined,
      occurredAt: undefined,
      ordering: '+4915100000001',
      data: {
        message: { id: 'm1', direction: 'inbound', kind: 'text', text: 'Hi', from: { phone: '+4915100000001' } },
      },
    });
  });

  it('tells updates of one contact apart by all of their content', () => {
    const updated = (fields: object) =>
      normalized(provider, { event: 'contact.updated', data: { id: 'c1', name: 'Lena', ...fields } })[0];
    expect(updated({})).toMatchObject({ type: 'contact.updated', data: { contact: { id: 'c1', name: 'Lena' } } });
    expect(updated({ stage: 'won' })?.key).not.toBe(updated({ stage: 'lost' })?.key);
    expect(updated({ stage: 'won' })?.key).toBe(updated({ stage: 'won' })?.key);
  });

  it('knows a contact and a campaign again by their ids', () => {
    const created = (name: string) =>
      normalized(provider, { event: 'contact.created', data: { id: 'c1', name } })[0]?.key;
    expect(created('Lena')).toBe(created('Lena Brandt'));
    const completed = (read: number) =>
      normalized(provider, { event: 'campaign.completed', data: { id: 'c1', read } })[0]?.key;
    expect(completed(1)).toBe(completed(2));
    expect(completed(1)).not.toBe(created('Lena'));
  });

  it('knows our number as far as the dialect names it', () => {
    const to = (data: JsonObject) => {
      const [event] = normalized(provider, { event: 'message.received', data: { message_id: 'm1', ...data } });
      return event?.type === 'message.inbound' ? event.data.message.to : event?.type;
    };
    expect(to({ recipient: '4930000001', waba_number: '4930000001' })).toEqual({ phone: '+4930000001' });
    expect(to({ waba_number: '4930000001' })).toEqual({ phone: '+4930000001' });
    expect(to({ whatsapp_account_id: 'a1' })).toEqual({ id: 'a1' });
    expect(to({ whatsapp_account_id: '', recipient: null })).toBeUndefined();
  });

  it('takes null for counts and for everybody in a transfer', () => {
    const campaign = { id: 7, name: null, total: null, sent: 0 };
    expect(normalized(provider, { event: 'campaign.completed', data: campaign })[0]?.data).toEqual({
      campaign: { id: '7', totals: { sent: 0 } },
    });
    const transfer = { contact_id: null, from_agent_id: null, to_agent_id: null, to_team_id: null, notes: null };
    expect(normalized(provider, { event: 'transfer.created', data: transfer })[0]?.data).toEqual({
      transfer: { fromAgentId: null, toAgentId: null, toTeamId: null, notes: null },
    });
  });

  it('takes every ping for a test, and none for another', () => {
    const at = (time: string) => normalized(provider, { event: 'ping' }, time)[0];
    expect(at('2026-06-10T09:00:00.000Z')).toMatchObject({ type: 'ping', mode: 'test', data: {} });
    expect(at('2026-06-10T09:00:00.001Z')?.key).not.toBe(at('2026-06-10T09:00:00.000Z')?.key);
  });
});
