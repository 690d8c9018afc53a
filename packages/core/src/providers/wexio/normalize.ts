import { toChannelMessageId } from '../../events/channel-message-id.ts';
import type { Message } from '../../events/message.ts';
import { present } from '../../events/present.ts';
import type { MessageStatus } from '../../events/status.ts';
import { toIsoTime } from '../../events/time.ts';
import { byEventName, type NormalizedEvent, reads } from '../provider.ts';
import * as payloads from './payloads.ts';
import { chatFields, contactFields, ourSide, toChat, toContact, toPerson } from './people.ts';

/** Wexio's events. The event id is the dedup key: the body differs between attempts, since it counts them. */
export const normalize = byEventName({
  name: (payload) => payload.type,
  id: (payload) => payload.id,
  events: {
    'chat.created': reads(payloads.chatChanged, (event) => [
      {
        ...about(event, event.data.chat.id),
        type: 'chat.created',
        data: withContact({ chat: toChat(event.data.chat) }, event.data.contact),
      },
    ]),
    'chat.updated': reads(payloads.chatChanged, (event) => {
      const changed = present({
        chat: toChat(event.data.chat),
        previous: event.data.previous ? chatFields(event.data.previous) : undefined,
      });
      return [
        { ...about(event, event.data.chat.id), type: 'chat.updated', data: withContact(changed, event.data.contact) },
      ];
    }),
    'chat.deleted': reads(payloads.chatDeleted, (event) => [
      {
        ...about(event, event.data.chat.id),
        type: 'chat.deleted',
        data: withDeletion({ chat: toChat(event.data.chat) }, event.data.deletedAt),
      },
    ]),
    'message.inbound.created': reads(payloads.messageChanged, (event) => [
      { ...about(event, event.data.chat.id), type: 'message.inbound', data: toMessageData(event.data) },
    ]),
    'message.inbound.updated': reads(payloads.messageChanged, (event) => [
      { ...about(event, event.data.chat.id), type: 'message.updated', data: toUpdateData(event.data) },
    ]),
    'message.inbound.deleted': messageDeleted(),
    'message.outbound.created': reads(payloads.messageChanged, (event) => [
      { ...about(event, event.data.chat.id), type: 'message.outbound', data: toMessageData(event.data) },
    ]),
    'message.outbound.updated': reads(payloads.messageChanged, (event) => outboundUpdated(event.data, event)),
    'message.outbound.deleted': messageDeleted(),
    'contact.created': reads(payloads.contactChanged, (event) => [
      {
        ...about(event, event.data.contact.peopleId),
        type: 'contact.created',
        data: { contact: toContact(event.data.contact) },
      },
    ]),
    'contact.updated': reads(payloads.contactChanged, (event) => [
      {
        ...about(event, event.data.contact.peopleId),
        type: 'contact.updated',
        data: present({
          contact: toContact(event.data.contact),
          previous: event.data.previous ? contactFields(event.data.previous) : undefined,
        }),
      },
    ]),
    'contact.deleted': reads(payloads.contactDeleted, (event) => [
      {
        ...about(event, event.data.contact.peopleId),
        type: 'contact.deleted',
        data: withDeletion({ contact: toContact(event.data.contact) }, event.data.deletedAt),
      },
    ]),
  },
  // Authors of flows name their own events, and a subscription to `flow` delivers names that are yet to be invented.
  other: (name) => (name === 'flow' || name.startsWith('flow.') ? flowEvent : undefined),
});

const flowEvent = reads(payloads.flowEvent, (event) => [
  { ...about(event), type: 'flow.event', data: { name: event.type.slice('flow.'.length), payload: event.data ?? {} } },
]);

type MessageData = payloads.MessageChange['data'];

/** What an event has in common with every other. */
function about(envelope: payloads.Envelope, subject?: string) {
  return {
    key: envelope.id,
    account: envelope.meta?.organisationId ?? undefined,
    occurredAt: toIsoTime(envelope.timestamp),
    ordering: subject,
  };
}

function messageDeleted() {
  return reads(payloads.messageDeleted, (event) => [
    {
      ...about(event, event.data.chat.id),
      type: 'message.deleted',
      data: withDeletion(toMessageData(event.data), event.data.deletedAt),
    },
  ]);
}

/**
 * One update may tell of an edit, of a status, or of both. `previous` says which fields changed; without it nobody can
 * tell, so both are reported.
 */
function outboundUpdated(data: MessageData, envelope: payloads.Envelope): readonly NormalizedEvent[] {
  const changed = Object.keys(data.previous ?? {});
  const unclear = changed.length === 0;
  const edited = changed.some((name) => !payloads.progressNames.includes(name));
  const progressed = changed.some((name) => payloads.progressNames.includes(name));
  const common = about(envelope, data.chat.id);
  const events: NormalizedEvent[] = [];
  if (edited || unclear) {
    events.push({ ...common, key: `${common.key}:edit`, type: 'message.updated', data: toUpdateData(data) });
  }
  if (progressed || unclear) {
    events.push({ ...common, key: `${common.key}:status`, type: 'message.status', data: toStatusData(data) });
  }
  return events;
}

function toStatusData({ chat, message, contact }: MessageData) {
  const { status, at } = latestStatus(message);
  const { errorCode, errorMessage } = message;
  const error = { code: errorCode ?? undefined, message: errorMessage ?? undefined };
  return withContact(
    present({
      messageId: message.id,
      channelMessageId: channelMessageId(message, chat),
      status,
      recipient: toPerson(chat, contact),
      at: toIsoTime(at),
      error: status === 'failed' ? present(error) : undefined,
      chat: toChat(chat),
    }),
    contact,
  );
}

/** Wexio sends timestamps and no status: the furthest one that is set counts. */
function latestStatus(message: payloads.MessageFields): { status: MessageStatus; at: string | null | undefined } {
  if (message.failedAt) return { status: 'failed', at: message.failedAt };
  if (message.readAt) return { status: 'read', at: message.readAt };
  if (message.deliveredAt) return { status: 'delivered', at: message.deliveredAt };
  return { status: 'sent', at: message.sentAt };
}

function toMessageData({ chat, message, contact }: Omit<MessageData, 'previous'>) {
  return withContact({ message: toMessage(message, chat, contact), chat: toChat(chat) }, contact);
}

function toUpdateData(data: MessageData) {
  const { previous } = data;
  return present({ ...toMessageData(data), previous: previous ? messageFields(previous) : undefined });
}

function toMessage(
  message: payloads.MessagePayload,
  chat: payloads.ChatPayload,
  contact: payloads.ContactPayload | null | undefined,
): Message {
  const inbound = message.direction === 'INBOUND';
  const person = toPerson(chat, contact);
  const us = ourSide(message, chat);
  const direction: Message['direction'] = inbound ? 'inbound' : 'outbound';
  return present({
    id: message.id,
    channelMessageId: channelMessageId(message, chat),
    chatId: message.chatId,
    direction,
    ...messageFields(message),
    kind: message.type.toLowerCase(),
    media: message.media?.map(({ url }) => present({ url: url ?? undefined })),
    from: inbound ? person : us,
    to: inbound ? us : person,
  });
}

/** Wexio passes on the channel's id on every channel; on Telegram, for one, that is a number that each chat counts for itself. */
const channelMessageId = ({ raw }: payloads.MessagePayload, { channel }: payloads.ChatPayload) =>
  toChannelMessageId(raw?.providerMessageId, channel?.toLowerCase());

function messageFields(fields: payloads.MessageFields) {
  return present({
    kind: fields.type?.toLowerCase(),
    text: fields.text,
    sentAt: toIsoTime(fields.receivedAt ?? fields.sentAt),
  });
}

const withContact = <T extends object>(data: T, contact: payloads.ContactPayload | null | undefined) =>
  contact ? { ...data, contact: toContact(contact) } : data;

const withDeletion = <T extends object>(data: T, deletedAt: string | null | undefined) => {
  const at = toIsoTime(deletedAt);
  return at === undefined ? data : { ...data, deletedAt: at };
};
