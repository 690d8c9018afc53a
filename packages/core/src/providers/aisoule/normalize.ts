import type { Campaign } from '../../events/campaign.ts';
import { toWamid } from '../../events/channel-message-id.ts';
import type { Contact } from '../../events/contact.ts';
import type { Message } from '../../events/message.ts';
import { toPhone } from '../../events/phone.ts';
import { present } from '../../events/present.ts';
import { toIsoTime } from '../../events/time.ts';
import type { Transfer } from '../../events/transfer.ts';
import { byEventName, contentKey, reads } from '../provider.ts';
import * as payloads from './payloads.ts';

/** AISoule's events. None has an id, so the dedup key is made of what the event is about. */
export const normalize = byEventName({
  name: (payload) => payload.event,
  events: {
    'message.incoming': receivedReader('message.incoming'),
    'message.received': receivedReader('message.received'),
    'message.sent': statusReader('sent'),
    'message.delivered': statusReader('delivered'),
    'message.read': statusReader('read'),
    'message.failed': statusReader('failed'),
    'contact.created': reads(payloads.contactChanged, ({ data, timestamp }) => [
      {
        key: `contact.created:${data.id}`,
        occurredAt: toIsoTime(timestamp),
        ordering: data.id,
        type: 'contact.created',
        data: { contact: toContact(data) },
      },
    ]),
    'contact.updated': reads(payloads.contactChanged, ({ data, timestamp }, _, raw) => [
      {
        // A contact changes many times: only the content tells one change from the next.
        key: contentKey('contact.updated', raw),
        occurredAt: toIsoTime(timestamp),
        ordering: data.id,
        type: 'contact.updated',
        data: { contact: toContact(data) },
      },
    ]),
    'campaign.completed': reads(payloads.campaignCompleted, ({ data, timestamp }) => [
      {
        key: `campaign.completed:${data.id}`,
        occurredAt: toIsoTime(timestamp),
        ordering: data.id,
        type: 'campaign.completed',
        data: { campaign: toCampaign(data) },
      },
    ]),
    'transfer.created': reads(payloads.transferCreated, ({ data, timestamp }, _, raw) => [
      {
        key: contentKey('transfer.created', raw),
        occurredAt: toIsoTime(timestamp),
        ordering: data.contact_id ?? undefined,
        type: 'transfer.created',
        data: { transfer: toTransfer(data) },
      },
    ]),
    ping: reads(payloads.ping, ({ timestamp }, { receivedAt }) => [
      // Pings look alike, and whoever presses the button again wants to see another one.
      { key: `ping:${receivedAt}`, occurredAt: toIsoTime(timestamp), mode: 'test', type: 'ping', data: {} },
    ]),
  },
});

function receivedReader(event: 'message.incoming' | 'message.received') {
  return reads(payloads.messageReceived, ({ data, timestamp }) => {
    const { message_id: id } = data;
    const person = toSender(data);
    const us = present({
      id: data.whatsapp_account_id || undefined,
      phone: toPhone(data.recipient ?? data.waba_number),
    });
    const message: Message = present({
      id,
      channelMessageId: toWamid(id),
      direction: 'inbound' as const,
      kind: data.type?.toLowerCase() ?? 'unknown',
      text: data.text ?? data.body,
      from: Object.keys(person).length > 0 ? person : undefined,
      to: Object.keys(us).length > 0 ? us : undefined,
    });
    return [
      {
        key: `${event}:${id}`,
        account: account(data),
        occurredAt: toIsoTime(timestamp),
        ordering: person.phone ?? person.id ?? id,
        type: 'message.inbound',
        data: present({ message, contact: data.contact_id ? person : undefined }),
      },
    ];
  });
}

function statusReader(status: 'sent' | 'delivered' | 'read' | 'failed') {
  return reads(payloads.messageStatus, ({ data, timestamp }) => {
    const { message_id: messageId, error_code, error_message } = data;
    const recipient = toPerson(data.to ?? data.recipient);
    const error = present({ code: error_code ?? undefined, message: error_message ?? undefined });
    return [
      {
        key: `message.${status}:${messageId}`,
        account: account(data),
        occurredAt: toIsoTime(timestamp),
        ordering: recipient?.phone ?? messageId,
        type: 'message.status',
        data: present({
          messageId,
          channelMessageId: toWamid(messageId),
          status,
          recipient,
          error: Object.keys(error).length > 0 ? error : undefined,
        }),
      },
    ];
  });
}

const account = (data: payloads.Received | payloads.Status) =>
  data.whatsapp_account_id ?? data.waba_number ?? undefined;

function toPerson(phone: string | null | undefined): { phone: string } | undefined {
  const number = toPhone(phone);
  return number === undefined ? undefined : { phone: number };
}

const toSender = (data: payloads.Received) =>
  present({
    id: data.contact_id ?? undefined,
    phone: toPhone(data.from ?? data.sender),
    name: data.contact_name ?? undefined,
  });

function toContact({ id, phone_number, name, source }: payloads.ContactPayload): Contact {
  return present({ id, phone: toPhone(phone_number), name: name ?? undefined, source: source ?? undefined });
}

function toCampaign({ id, name, total, sent, delivered, read, failed }: payloads.CampaignPayload): Campaign {
  const totals = present({
    total: total ?? undefined,
    sent: sent ?? undefined,
    delivered: delivered ?? undefined,
    read: read ?? undefined,
    failed: failed ?? undefined,
  });
  return present({ id, name: name ?? undefined, totals });
}

function toTransfer(data: payloads.TransferPayload): Transfer {
  return present({
    contactId: data.contact_id ?? undefined,
    fromAgentId: data.from_agent_id,
    toAgentId: data.to_agent_id,
    toTeamId: data.to_team_id,
    notes: data.notes,
  });
}
