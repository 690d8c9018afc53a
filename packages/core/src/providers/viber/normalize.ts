import { present } from '../../events/present.ts';
import type { MessageStatus, MessageStatusData } from '../../events/status.ts';
import { toIsoTime } from '../../events/time.ts';
import { byEventName, contentKey, notModelled, reads } from '../provider.ts';
import { toMessage } from './message.ts';
import * as payloads from './payloads.ts';
import { toChat, toContact, toPerson } from './people.ts';

/**
 * Viber's callbacks. A token and the event's name are the dedup key, where it is known whose token it is: of what is not
 * known or cannot be read, several events may be about one message, so that all their content is the key.
 */
export const normalize = byEventName({
  name: (payload) => payload.event,
  events: {
    webhook: reads(payloads.webhook, (event, _, raw) => {
      const handshake = inOrder(event);
      return [{ ...about('webhook', handshake, raw), type: 'ping', data: {} }];
    }),
    subscribed: reads(payloads.subscribed, (event, _, raw) => [
      {
        ...about('subscribed', event, raw),
        ordering: event.user.id,
        type: 'contact.created',
        data: { contact: { ...toContact(event.user), subscribed: true } },
      },
    ]),
    unsubscribed: reads(payloads.unsubscribed, (event, _, raw) => [
      {
        ...about('unsubscribed', event, raw),
        ordering: event.user_id,
        type: 'contact.updated',
        data: { contact: { ...toPerson(event.user_id), subscribed: false } },
      },
    ]),
    conversation_started: reads(payloads.conversationStarted, ({ user, context, subscribed, ...event }, _, raw) => [
      {
        ...about('conversation_started', event, raw),
        ordering: user.id,
        type: 'chat.created',
        data: {
          chat: toChat(user.id, user.name),
          contact: {
            ...toContact(user),
            ...present({ source: context || undefined, subscribed: subscribed ?? undefined }),
          },
        },
      },
    ]),
    message: reads(payloads.message, (event, _, raw) => {
      const { sender } = event;
      return [
        {
          ...about('message', event, raw),
          ordering: sender?.id || undefined,
          type: 'message.inbound',
          data: present({
            message: toMessage(event),
            chat: sender?.id ? toChat(sender.id, sender.name) : undefined,
            contact: sender?.id ? toContact(sender) : undefined,
          }),
        },
      ];
    }),
    delivered: receiptReader('delivered'),
    seen: receiptReader('read'),
    failed: receiptReader('failed'),
    client_status: notModelled,
  },
});

/** What an event has in common with every other. */
function about(name: string, { message_token, timestamp }: payloads.Envelope, raw: unknown) {
  return {
    key: message_token ? `${name}:${message_token}` : contentKey(name, raw),
    occurredAt: toIsoTime(timestamp),
  };
}

/**
 * Some samples of `webhook` show the token as the time and the time as the token. A time in milliseconds has 13 digits; a
 * token can have more or fewer.
 */
function inOrder(event: payloads.Envelope): payloads.Envelope {
  const { message_token, timestamp } = event;
  const exchanged = digits(message_token) === 13 && digits(timestamp) > 13;
  return exchanged ? { message_token: String(timestamp), timestamp: message_token } : event;
}

const digits = (value: unknown) => /^\d+$/.exec(String(value))?.[0].length ?? 0;

/** The receipts of all devices of a user have one key: the message reached that state once. */
function receiptReader(status: MessageStatus) {
  return reads(payloads.receipt, ({ message_token, user_id, timestamp, desc }) => {
    const at = toIsoTime(timestamp);
    const data: MessageStatusData = present({
      messageId: message_token,
      status,
      recipient: toPerson(user_id),
      at,
      error: status === 'failed' && desc ? { message: desc } : undefined,
    });
    const key = `status:${message_token}:${status}${user_id ? `:${user_id}` : ''}`;
    return [
      {
        key,
        occurredAt: at,
        ordering: user_id || undefined,
        type: 'message.status',
        data: present({ ...data, chat: user_id ? toChat(user_id) : undefined }),
      },
    ];
  });
}
