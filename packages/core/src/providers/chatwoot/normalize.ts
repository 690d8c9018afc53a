import { present } from '../../events/present.ts';
import { toIsoTime } from '../../events/time.ts';
import {
  byEventName,
  contentKey,
  type Delivery,
  type EventReader,
  type NormalizedEvent,
  notModelled,
  reads,
} from '../provider.ts';
import { accountOf, previousChat, previousContact, toChat, toContact } from './chat.ts';
import { conversationOf, toMessageData } from './message.ts';
import * as payloads from './payloads.ts';

/** Chatwoot's events, named in the body. */
export const normalize = byEventName({
  name: (payload) => payload.event,
  id: ({ event }, delivery) => deliveryKey(event, delivery),
  events: {
    message_created: customerMessage((event) => {
      const type = event.message_type === 'incoming' ? 'message.inbound' : 'message.outbound';
      const occurredAt = toIsoTime(event.created_at);
      return {
        ...aboutMessage(event),
        key: `message_created:${event.id}`,
        occurredAt,
        type,
        data: toMessageData(event),
      };
    }),
    message_updated: customerMessage((event, delivery, raw) => {
      const common = { ...aboutMessage(event), occurredAt: toIsoTime(event.updated_at) };
      const data = toMessageData(event);
      if (event.content_attributes?.deleted !== true) {
        return { ...common, key: changeKey('message_updated', delivery, raw), type: 'message.updated', data };
      }
      // A deletion is an update with a mark, and with a text that says so in words of Chatwoot's.
      const { text: _, ...message } = data.message;
      return { ...common, key: `delete:${event.id}`, type: 'message.deleted', data: { ...data, message } };
    }),
    conversation_created: conversationReader('conversation_created'),
    conversation_updated: conversationReader('conversation_updated'),
    conversation_status_changed: conversationReader('conversation_status_changed'),
    // To agent bots, and to be replaced by conversation_status_changed.
    conversation_opened: conversationReader('conversation_opened'),
    conversation_resolved: conversationReader('conversation_resolved'),
    contact_created: contactReader('contact_created'),
    contact_updated: contactReader('contact_updated'),
    inbox_created: inboxReader('inbox_created'),
    inbox_updated: inboxReader('inbox_updated'),
    webwidget_triggered: notModelled,
    conversation_typing_on: notModelled,
    conversation_typing_off: notModelled,
  },
});

/** Chatwoot gives every delivery an id, and every try of it the same. */
function deliveryKey(event: unknown, delivery: Delivery): string | undefined {
  const id = delivery.header('x-chatwoot-delivery');
  return id && typeof event === 'string' ? `${event}:${id}` : undefined;
}

/** The key of a change: ids in the body are those of what changed, and may change again. */
const changeKey = (event: string, delivery: Delivery, raw: unknown) =>
  deliveryKey(event, delivery) ?? contentKey(event, raw);

/** Reads what goes between the customer and the business: no notes of the team, and no log of what happened. */
function customerMessage(
  toEvent: (event: payloads.MessageEvent, delivery: Delivery, raw: unknown) => NormalizedEvent,
): EventReader {
  const reader = reads(payloads.messageEvent, (event, delivery, raw) => [toEvent(event, delivery, raw)]);
  return (payload, delivery) => {
    const internal = payloads.internalMessage.safeParse(payload).success;
    return internal ? notModelled(payload, delivery) : reader(payload, delivery);
  };
}

function aboutMessage(event: payloads.MessageEvent) {
  const conversation = conversationOf(event);
  return {
    account: event.account?.id ?? accountOf(conversation),
    ordering: conversation?.id ?? event.id,
  };
}

function conversationReader(name: string): EventReader {
  return reads(payloads.conversationEvent, (event, delivery, raw): readonly NormalizedEvent[] => {
    const account = accountOf(event);
    const data = present({ chat: toChat(event), contact: toContact(event.meta?.sender) });
    const common = { account, ordering: event.id };
    if (name === 'conversation_created') {
      // Conversations are numbered within their account.
      const key = account ? `${name}:${account}:${event.id}` : changeKey(name, delivery, raw);
      const occurredAt = toIsoTime(event.created_at ?? event.timestamp);
      return [{ ...common, key, occurredAt, type: 'chat.created', data }];
    }
    const previous = previousChat(event.changed_attributes);
    return [
      {
        ...common,
        key: changeKey(name, delivery, raw),
        occurredAt: toIsoTime(event.updated_at),
        type: 'chat.updated',
        data: previous ? { ...data, previous } : data,
      },
    ];
  });
}

function contactReader(name: 'contact_created' | 'contact_updated'): EventReader {
  return reads(payloads.contactEvent, (event, delivery, raw): readonly NormalizedEvent[] => {
    const contact = { id: event.id, ...toContact(event) };
    const common = { account: event.account?.id ?? undefined, ordering: event.id };
    if (name === 'contact_created') {
      return [{ ...common, key: `${name}:${event.id}`, type: 'contact.created', data: { contact } }];
    }
    const previous = previousContact(event.changed_attributes);
    const data = previous ? { contact, previous } : { contact };
    return [{ ...common, key: changeKey(name, delivery, raw), type: 'contact.updated', data }];
  });
}

function inboxReader(change: 'inbox_created' | 'inbox_updated'): EventReader {
  return reads(payloads.inboxEvent, ({ id, account_id }, delivery, raw) => [
    {
      type: 'account.updated',
      key: change === 'inbox_created' ? `${change}:${id}` : changeKey(change, delivery, raw),
      account: account_id ?? undefined,
      data: { change, payload: raw },
    },
  ]);
}
