import type { Chat } from '../../events/chat.ts';
import type { Contact } from '../../events/contact.ts';
import type { Message } from '../../events/message.ts';
import { toPhone } from '../../events/phone.ts';
import { present } from '../../events/present.ts';
import { toIsoTime } from '../../events/time.ts';
import { toWamid } from '../../events/wamid.ts';
import { byEventName, reads } from '../provider.ts';
import * as payloads from './payloads.ts';

/** Watsi's events. The envelope's id is the dedup key. */
export const normalize = byEventName({
  name: (payload) => payload.type,
  id: (payload) => payload.id,
  events: {
    'message.received': reads(payloads.messageReceived, ({ data, ...envelope }) => [
      {
        ...about(envelope, data.conversationId ?? data.from ?? data.messageId),
        type: 'message.inbound',
        data: present({ message: toMessage(data), chat: toChat(data) }),
      },
    ]),
    'message.status': reads(payloads.messageStatus, ({ data, ...envelope }) => {
      const recipient = toPhone(data.recipientId);
      return [
        {
          ...about(envelope, data.messageId),
          type: 'message.status',
          data: present({
            messageId: data.messageId,
            channelMessageId: toWamid(data.messageId),
            status: data.status,
            recipient: recipient === undefined ? undefined : { phone: recipient },
            at: toIsoTime(data.timestamp),
          }),
        },
      ];
    }),
    'conversation.created': conversationReader('chat.created'),
    'conversation.updated': conversationReader('chat.updated'),
    'contact.created': contactReader('contact.created'),
    'contact.updated': contactReader('contact.updated'),
  },
});

/** What an event has in common with every other. */
function about(envelope: payloads.Envelope, subject: string) {
  return {
    key: envelope.id,
    account: envelope.workspace_id ?? undefined,
    occurredAt: toIsoTime(envelope.created_at),
    ordering: subject,
  };
}

function conversationReader(type: 'chat.created' | 'chat.updated') {
  return reads(payloads.conversationChanged, ({ data, ...envelope }) => [
    { ...about(envelope, data.conversationId), type, data: { chat: toConversation(data) } },
  ]);
}

function contactReader(type: 'contact.created' | 'contact.updated') {
  return reads(payloads.contactChanged, ({ data, ...envelope }) => [
    { ...about(envelope, data.contactId), type, data: { contact: toContact(data) } },
  ]);
}

function toMessage(data: payloads.Received): Message {
  const { messageId, body } = data;
  const from = toPhone(data.from);
  return present({
    id: messageId,
    channelMessageId: toWamid(messageId),
    chatId: data.conversationId ?? undefined,
    direction: 'inbound' as const,
    // No kind is sent.
    kind: body ? 'text' : 'unknown',
    text: body,
    from: from === undefined ? undefined : { phone: from },
  });
}

function toChat({ conversationId, channel }: payloads.Received): Chat | undefined {
  return conversationId ? present({ id: conversationId, channel: channel?.toLowerCase() }) : undefined;
}

function toConversation(data: payloads.Conversation): Chat {
  return present({
    id: data.conversationId,
    channel: data.channel?.toLowerCase(),
    contactId: data.contactId ?? undefined,
    status: data.status ?? undefined,
    assigneeId: data.assignedUserId,
    automated: data.watsiEnabled ?? undefined,
  });
}

function toContact({ contactId, name, phone, email }: payloads.ContactPayload): Contact {
  return present({ id: contactId, phone: toPhone(phone), name: name ?? undefined, email });
}
