import { toWamid } from '../../events/channel-message-id.ts';
import type { Chat } from '../../events/chat.ts';
import type { Contact } from '../../events/contact.ts';
import type { Message } from '../../events/message.ts';
import { toPhone } from '../../events/phone.ts';
import { present } from '../../events/present.ts';
import type { MessageStatusData } from '../../events/status.ts';
import { toIsoTime } from '../../events/time.ts';
import { byEventName, reads } from '../provider.ts';
import * as payloads from './payloads.ts';

/** Watsi's events. The envelope's id is the dedup key. */
export const normalize = byEventName({
  name: (payload) => payload.type,
  id: (payload) => payload.id,
  events: {
    'message.received': reads(payloads.messageReceived, (event) => [
      {
        ...about(event, event.data.conversationId ?? event.data.from ?? event.data.messageId),
        type: 'message.inbound',
        data: present({ message: toMessage(event.data), chat: toChat(event.data) }),
      },
    ]),
    'message.status': reads(payloads.messageStatus, (event) => [
      { ...about(event, event.data.messageId), type: 'message.status', data: toStatus(event.data) },
    ]),
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
  return reads(payloads.conversationChanged, (event) => [
    { ...about(event, event.data.conversationId), type, data: { chat: toConversation(event.data) } },
  ]);
}

function contactReader(type: 'contact.created' | 'contact.updated') {
  return reads(payloads.contactChanged, (event) => [
    { ...about(event, event.data.contactId), type, data: { contact: toContact(event.data) } },
  ]);
}

function toStatus(data: payloads.Status): MessageStatusData {
  const recipient = toPhone(data.recipientId);
  return present({
    messageId: data.messageId,
    channelMessageId: toWamid(data.messageId),
    status: data.status,
    recipient: recipient === undefined ? undefined : { phone: recipient },
    at: toIsoTime(data.timestamp),
  });
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
