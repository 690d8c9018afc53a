import type { Message } from '../../events/message.ts';
import { present } from '../../events/present.ts';
import type { MessageStatus, Pricing } from '../../events/status.ts';
import { toIsoTime } from '../../events/time.ts';
import {
  contentKey,
  type Delivery,
  type EventReader,
  isRecord,
  type NormalizedEvent,
  notModelled,
  type ProviderEvent,
  readItem,
  reads,
} from '../provider.ts';
import { toError, toMessage, typeOf, wamidOf } from './message.ts';
import * as payloads from './payloads.ts';
import { ourNumber, toChat, toContact, toPerson } from './people.ts';

const readers = new Map<string, EventReader>(
  Object.entries({
    'whatsapp.message.received': reads(payloads.messageEvent, (event) => [toContent(event, 'inbound')]),
    // Kapso tells of what the business wrote, through it or in WhatsApp's own app, when it is sent.
    'whatsapp.message.sent': reads(payloads.messageEvent, (event) => [
      toContent(event, 'outbound'),
      toStatus(event, 'sent'),
    ]),
    'whatsapp.message.delivered': reads(payloads.messageEvent, (event) => [toStatus(event, 'delivered')]),
    'whatsapp.message.read': reads(payloads.messageEvent, (event) => [toStatus(event, 'read')]),
    'whatsapp.message.failed': reads(payloads.messageEvent, (event) => [toStatus(event, 'failed')]),
    'whatsapp.conversation.created': conversationReader('chat.created'),
    'whatsapp.conversation.ended': conversationReader('chat.updated'),
    // That nobody has written for a while is neither a state of the conversation nor a change of it.
    'whatsapp.conversation.inactive': notModelled,
    'whatsapp.phone_number.created': numberReader('phone_number.created'),
    'whatsapp.config.created': numberReader('config.created'),
    'workflow.execution.handoff': workflowReader('workflow.execution.handoff'),
    'workflow.execution.failed': workflowReader('workflow.execution.failed'),
  }),
);

/** Kapso's events: one in a request, or up to a hundred messages of one conversation. */
export function normalize(payload: unknown, delivery: Delivery): readonly ProviderEvent[] {
  const fields = isRecord(payload) ? payload : {};
  if (fields.batch === true && Array.isArray(fields.data) && fields.data.length > 0) {
    const providerEvent = text(fields.type) || text(delivery.header('x-webhook-event'));
    return fields.data.flatMap((item: unknown) => readEvent(item, providerEvent, delivery, undefined));
  }
  // The body is signed and the header is not, but most bodies do not name their event.
  const name = text(fields.event) || text(delivery.header('x-webhook-event')) || text(fields.type);
  return readEvent(payload, name, delivery, delivery.header('x-idempotency-key'));
}

function readEvent(item: unknown, providerEvent: string, delivery: Delivery, requestKey: string | undefined) {
  const reader = readers.get(providerEvent);
  const key =
    (reader && subjectKey(providerEvent, item)) ?? (requestKey ? `${providerEvent}:${requestKey}` : undefined);
  return readItem(item, delivery, { providerEvent, reader, key });
}

/** Tells a known event that cannot be read from every other one. */
function subjectKey(providerEvent: string, item: unknown): string | undefined {
  if (!isRecord(item)) return undefined;
  const { message, conversation, since_message: since, inactivity } = item;
  if (isRecord(message)) return text(message.id) ? `${providerEvent}:${text(message.id)}` : undefined;
  if (!isRecord(conversation) || !isRecord(since) || !text(conversation.id) || !text(since.id)) return undefined;
  const minutes = isRecord(inactivity) ? String(inactivity.minutes) : '';
  return [providerEvent, text(conversation.id), text(since.id), minutes].join(':');
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What an event of a message has in common with every other. */
function about({ message, conversation, ...numbers }: payloads.MessageEvent) {
  const history = (message.kapso?.origin ?? message.origin) === 'history_sync';
  return {
    account: ourNumber(numbers, conversation, message),
    occurredAt: toIsoTime(message.timestamp ?? message.created_at),
    ordering: conversation?.id ?? message.from ?? message.id,
    mode: history ? ('history' as const) : undefined,
  };
}

function toContent(event: payloads.MessageEvent, expected: Message['direction']): NormalizedEvent {
  const { message, conversation } = event;
  const told = message.kapso?.direction ?? message.direction;
  const direction = told === 'inbound' || told === 'outbound' ? told : expected;
  const number = ourNumber(event, conversation, message);
  const chat = conversation ? toChat(conversation, number) : undefined;
  const contact = conversation ? toContact(conversation) : undefined;
  const { reaction } = message;
  if (typeOf(message) === 'reaction' && reaction) {
    const customer = toPerson(conversation, message.from);
    const emoji = reaction.emoji || null;
    const data = present({
      messageId: reaction.message_id,
      channelMessageId: reaction.message_id.startsWith('wamid.') ? reaction.message_id : undefined,
      emoji,
      from: direction === 'inbound' ? customer : number === undefined ? undefined : { id: number },
      chat,
    });
    return { ...about(event), key: `reaction:${message.id}`, type: 'message.reaction', data };
  }
  const type = direction === 'inbound' ? 'message.inbound' : 'message.outbound';
  return {
    ...about(event),
    key: message.id,
    type,
    data: present({ message: toMessage(event, direction), chat, contact }),
  };
}

function toStatus(event: payloads.MessageEvent, status: MessageStatus): NormalizedEvent {
  const { message, conversation } = event;
  // The whole history comes with every status.
  const entry = message.kapso?.statuses?.findLast((past) => past.status === status);
  const at = toIsoTime(entry?.timestamp ?? message.timestamp ?? message.created_at);
  const failure = entry?.errors?.[0] ?? message.errors?.[0];
  return {
    ...about(event),
    key: `status:${message.id}:${status}`,
    occurredAt: at,
    type: 'message.status',
    data: present({
      messageId: message.id,
      channelMessageId: wamidOf(message),
      status,
      recipient: toPerson(conversation, entry?.recipient_id),
      at,
      error: status === 'failed' && failure ? toError(failure) : undefined,
      pricing: toPricing(entry?.pricing),
      reference: entry?.biz_opaque_callback_data ?? undefined,
      chat: conversation ? toChat(conversation, ourNumber(event, conversation, message)) : undefined,
    }),
  };
}

type StatusEntry = NonNullable<NonNullable<payloads.MessagePayload['kapso']>['statuses']>[number];

function toPricing(pricing: StatusEntry['pricing']): Pricing | undefined {
  if (!pricing) return undefined;
  return present({
    billable: pricing.billable ?? undefined,
    category: pricing.category ?? undefined,
    type: pricing.type ?? undefined,
    model: pricing.pricing_model ?? undefined,
  });
}

function conversationReader(type: 'chat.created' | 'chat.updated'): EventReader {
  return reads(payloads.conversationEvent, ({ conversation, ...numbers }, _, raw) => {
    const number = ourNumber(numbers, conversation);
    const { id, created_at, updated_at } = conversation;
    const created = type === 'chat.created';
    return [
      {
        type,
        // A conversation that was taken up again can end again.
        key: created ? `conversation.created:${id}` : timedKey(`conversation.ended:${id}`, updated_at, raw),
        account: number,
        occurredAt: toIsoTime(created ? created_at : updated_at),
        ordering: id,
        data: present({ chat: toChat(conversation, number), contact: toContact(conversation) }),
      },
    ];
  });
}

/** The key of what may happen to one thing again, which only its time tells; without one only the content does. */
const timedKey = (subject: string, time: string | number | null | undefined, raw: unknown): string =>
  time ? `${subject}:${time}` : contentKey(subject, raw);

function numberReader(change: string): EventReader {
  return reads(payloads.numberEvent, (numbers, delivery, raw) => {
    const number = ourNumber(numbers);
    // Nothing in the body tells one connection of a number from the next.
    const request = delivery.header('x-idempotency-key');
    // And a batch of several would be one request.
    const key = contentKey(request ? `${change}:${request}` : change, raw);
    return [{ type: 'account.updated', key, account: number, data: { change, payload: raw } }];
  });
}

function workflowReader(change: string): EventReader {
  return reads(payloads.workflowEvent, (event, _, raw) => [
    {
      type: 'account.updated',
      key: timedKey(`${change}:${event.workflow_execution_id}`, event.occurred_at, raw),
      occurredAt: toIsoTime(event.occurred_at),
      ordering: event.whatsapp_conversation_id ?? undefined,
      data: { change, payload: raw },
    },
  ]);
}
