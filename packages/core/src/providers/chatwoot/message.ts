import { toChannelMessageId } from '../../events/channel-message-id.ts';
import type { Chat } from '../../events/chat.ts';
import type { Contact } from '../../events/contact.ts';
import type { Location, Media, Message } from '../../events/message.ts';
import { present } from '../../events/present.ts';
import { toIsoTime } from '../../events/time.ts';
import { toChat, toContact, toPerson } from './chat.ts';
import type { Conversation, MessageEvent } from './payloads.ts';

/** The conversation of a message, if it can be named. */
export function conversationOf({ conversation, inbox }: MessageEvent): Conversation | undefined {
  const id = conversation?.id || conversation?.display_id;
  if (!conversation || !id) return undefined;
  return { ...conversation, id, inbox_id: conversation.inbox_id || inbox?.id };
}

/** A message with what it belongs to: the `data` of every event of a message. */
export function toMessageData(event: MessageEvent): { message: Message; chat?: Chat; contact?: Contact } {
  const conversation = conversationOf(event);
  const chat = conversation ? toChat(conversation) : undefined;
  const inbound = event.message_type === 'incoming';
  const customer = (inbound ? event.sender : undefined) ?? event.contact ?? conversation?.meta?.sender;
  const us = toPerson(present({ id: event.inbox?.id ?? conversation?.inbox_id, name: event.inbox?.name }));
  const { content_attributes: attributes } = event;
  const message = present({
    id: event.id,
    channelMessageId: toChannelMessageId(event.source_id, chat?.channel),
    chatId: chat?.id,
    direction: inbound ? ('inbound' as const) : ('outbound' as const),
    kind: kindOf(event),
    text: event.content,
    media: toMedia(event),
    location: toLocation(event),
    interactive: hasValue(attributes?.submitted_values) ? { payload: attributes?.submitted_values } : undefined,
    replyTo: attributes?.in_reply_to ? { messageId: attributes.in_reply_to } : undefined,
    from: inbound ? toPerson(customer) : us,
    to: inbound ? us : toPerson(customer),
    sentAt: toIsoTime(event.created_at),
  });
  return present({ message, chat, contact: toContact(customer) });
}

/** What the parts of a form are called. */
const forms = ['input_select', 'cards', 'form', 'input_text', 'input_textarea', 'input_email', 'input_csat'];

function kindOf({ attachments, content_type }: MessageEvent): string {
  const [first] = attachments ?? [];
  if (first) return fileKind(first.file_type);
  const type = content_type?.toLowerCase() || 'text';
  return forms.includes(type) ? 'interactive' : type;
}

const fileKind = (type: string | null | undefined): string => (type === 'file' ? 'document' : type || 'unknown');

function toMedia({ attachments }: MessageEvent): Media[] | undefined {
  const files = attachments?.filter(({ data_url, file_url }) => data_url || file_url) ?? [];
  if (files.length === 0) return undefined;
  return files.map((file) =>
    present({
      kind: file.file_type ? fileKind(file.file_type) : undefined,
      id: file.id ?? undefined,
      url: file.data_url || file.file_url || undefined,
      sizeBytes: file.file_size ?? undefined,
    }),
  );
}

function toLocation({ attachments }: MessageEvent): Location | undefined {
  const place = attachments?.find(({ file_type }) => file_type === 'location');
  const { coordinates_lat: latitude, coordinates_long: longitude } = place ?? {};
  if (typeof latitude !== 'number' || typeof longitude !== 'number') return undefined;
  return present({ latitude, longitude, name: place?.fallback_title || undefined });
}

const hasValue = (value: unknown) => value !== undefined && value !== null;
