import { toWamid } from '../../events/channel-message-id.ts';
import type { Contact, Label } from '../../events/contact.ts';
import type { Message } from '../../events/message.ts';
import { fullName } from '../../events/names.ts';
import { toPhone } from '../../events/phone.ts';
import { present } from '../../events/present.ts';
import { toIsoTime } from '../../events/time.ts';
import {
  byEventName,
  contentKey,
  type EventReader,
  isRecord,
  type NormalizedEvent,
  type Provider,
  reads,
} from '../provider.ts';
import * as payloads from './payloads.ts';
import { readText } from './text.ts';

/** Where the fields of `message.received` are whose names we had to guess. */
export interface ReceivedFieldNames {
  readonly messageId: string;
  readonly type: string;
  readonly text: string;
  readonly from: string;
  readonly buttonId: string;
}

/** Makes the normalizer of Xobito's events. */
export const normalizer = (names: ReceivedFieldNames): Provider['normalize'] =>
  byEventName({
    name: eventName,
    events: {
      'Contact.created': contactReader('created'),
      'Contact.updated': contactReader('updated'),
      'Contact.deleted': contactReader('deleted'),
      'Status.created': labelReader('contactStatus', 'created'),
      'Status.updated': labelReader('contactStatus', 'updated'),
      'Status.deleted': labelReader('contactStatus', 'deleted'),
      'Source.created': labelReader('contactSource', 'created'),
      'Source.updated': labelReader('contactSource', 'updated'),
      'Source.deleted': labelReader('contactSource', 'deleted'),
      'message.sent': reads(payloads.statusChanged, (envelope) => {
        const { message_id: id, text } = envelope.data;
        const status = statusEvent(envelope, 'sent');
        if (typeof text !== 'string') return [status];
        return [
          { ...status, key: `message.outbound:${id}`, type: 'message.outbound', data: toOutbound(envelope) },
          status,
        ];
      }),
      'message.delivered': reads(payloads.statusChanged, (envelope) => [statusEvent(envelope, 'delivered')]),
      'message.read': reads(payloads.statusChanged, (envelope) => [statusEvent(envelope, 'read')]),
      'message.failed': reads(payloads.statusChanged, (envelope) => [statusEvent(envelope, 'failed')]),
      'message.received': receivedReader(names),
    },
  });

/** `message.sent` as it is; `created` of `App\Models\Tenant\Contact` as `Contact.created`. */
function eventName({ event, model }: Readonly<Record<string, unknown>>): unknown {
  if (typeof event !== 'string' || typeof model !== 'string' || event.startsWith('message.')) return event;
  return `${model.slice(model.lastIndexOf('\\') + 1)}.${event}`;
}

type Action = 'created' | 'updated' | 'deleted';

const contactReader = (action: Action) =>
  reads(payloads.contactChanged, (envelope, _, raw) => [
    {
      ...aboutRecord(envelope, `contact.${action}`, raw),
      type: `contact.${action}`,
      data: { contact: toContact(envelope.data) },
    },
  ]);

const labelReader = (kind: 'contactStatus' | 'contactSource', action: Action) =>
  reads(payloads.labelChanged, (envelope, _, raw) => [
    {
      ...aboutRecord(envelope, `${kind}.${action}`, raw),
      type: `${kind}.${action}`,
      data: { label: toLabel(envelope.data) },
    },
  ]);

/** The vendor's key is model, id, event and timestamp; its seconds are too coarse for two quick updates, so the content joins. */
function aboutRecord(envelope: payloads.ContactChange | payloads.LabelChange, name: string, raw: unknown) {
  const { data, timestamp } = envelope;
  return {
    key: contentKey(`${name}:${data.id}:${timestamp ?? ''}`, raw),
    account: data.attributes.tenant_id ?? undefined,
    occurredAt: toIsoTime(timestamp),
    ordering: `${name.slice(0, name.indexOf('.'))}:${data.id}`,
  };
}

function toContact({ id, attributes }: payloads.ContactChange['data']): Contact {
  const further = payloads.furtherAttributeNames.flatMap((name) => {
    const value = attributes[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return present({
    id,
    phone: toPhone(attributes.phone),
    name: fullName(attributes.firstname, attributes.lastname),
    firstName: attributes.firstname,
    lastName: attributes.lastname,
    email: attributes.email,
    company: attributes.company,
    kind: attributes.type ?? undefined,
    statusId: attributes.status_id,
    sourceId: attributes.source_id,
    fields: further.length > 0 ? Object.fromEntries(further) : undefined,
  });
}

const toLabel = ({ id, attributes: { name, color } }: payloads.LabelChange['data']): Label =>
  present({ id, name: name ?? undefined, color });

type DeliveryStatus = 'sent' | 'delivered' | 'read' | 'failed';

function statusEvent({ data, timestamp }: payloads.StatusChange, status: DeliveryStatus) {
  const { message_id: messageId, error_message: message } = data;
  return {
    key: `message.${status}:${messageId}`,
    account: data.tenant_id ?? undefined,
    occurredAt: toIsoTime(timestamp),
    ordering: messageId,
    type: 'message.status',
    data: present({
      messageId,
      channelMessageId: toWamid(messageId),
      status,
      error: message ? { message } : undefined,
    }),
  } as const satisfies NormalizedEvent;
}

function toOutbound({ data }: payloads.StatusChange): { message: Message } {
  const { message_id: id, text, type } = data;
  return {
    message: present({
      id,
      channelMessageId: toWamid(id),
      direction: 'outbound' as const,
      kind: type?.toLowerCase() ?? 'text',
      text,
    }),
  };
}

function receivedReader(names: ReceivedFieldNames): EventReader {
  const read = reads(payloads.received, ({ data, timestamp }) => {
    const from = toPhone(data.from);
    return [
      {
        key: `message.received:${data.messageId}`,
        account: data.tenant_id ?? undefined,
        occurredAt: toIsoTime(timestamp),
        ordering: from ?? data.messageId,
        type: 'message.inbound',
        data: { message: toInbound(data, from) },
      },
    ];
  });
  return (payload, delivery) => read(underOurNames(payload, names), delivery);
}

function underOurNames(payload: unknown, names: ReceivedFieldNames): unknown {
  if (!isRecord(payload) || !isRecord(payload.data)) return payload;
  const { data } = payload;
  const renamed = Object.entries(names).map(([ours, theirs]) => [ours, data[theirs]] as const);
  return { ...payload, data: { ...data, ...Object.fromEntries(renamed) } };
}

function toInbound(data: payloads.Received['data'], from: string | undefined): Message {
  const { messageId, media, buttonId } = data;
  const kind = data.type?.toLowerCase() ?? (data.text && !media ? 'text' : 'unknown');
  return present({
    id: messageId,
    channelMessageId: toWamid(messageId),
    direction: 'inbound' as const,
    kind,
    ...readText(kind, data.text),
    media: media ? [present({ url: media, filename: data.media_filename ?? undefined })] : undefined,
    interactive: buttonId ? present({ id: buttonId, title: data.text ?? undefined }) : undefined,
    replyTo: data.reply_to_message_id ? { messageId: data.reply_to_message_id } : undefined,
    from: from === undefined ? undefined : { phone: from },
  });
}
