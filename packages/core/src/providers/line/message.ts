import type { Chat } from '../../events/chat.ts';
import type { Location, Media, Message } from '../../events/message.ts';
import { present } from '../../events/present.ts';
import { toIsoTime } from '../../events/time.ts';
import type { Content, Event } from './payloads.ts';
import { toPerson } from './people.ts';

/** Types with a file, by our word. */
const files: ReadonlyMap<string, string> = new Map([
  ['image', 'image'],
  ['video', 'video'],
  ['audio', 'audio'],
  ['file', 'document'],
]);

/** What messages and taps on buttons have in common. */
export function envelopeOf({ source, timestamp }: Event, chat: Chat | undefined, bot: string | undefined) {
  return present({
    chatId: chat?.id,
    direction: 'inbound' as const,
    from: source?.userId ? toPerson(source.userId) : undefined,
    to: bot === undefined ? undefined : { id: bot },
    sentAt: toIsoTime(timestamp),
  });
}

/** What a user sent. */
export function toContent(content: Content): Pick<Message, 'id' | 'kind'> & Partial<Message> {
  const type = content.type.toLowerCase();
  const { id, text, imageSet, quotedMessageId } = content;
  return present({
    id,
    kind: files.get(type) ?? type,
    text: text ?? undefined,
    media: toMedia(type, content),
    location: type === 'location' ? toLocation(content) : undefined,
    albumId: imageSet?.id || undefined,
    replyTo: quotedMessageId ? { messageId: quotedMessageId } : undefined,
  });
}

function toMedia(type: string, content: Content): Media[] | undefined {
  const { id, stickerId, contentProvider, duration, fileName, fileSize } = content;
  if (type === 'sticker') return stickerId ? [{ id: stickerId }] : undefined;
  if (!files.has(type)) return undefined;
  const url = contentProvider?.originalContentUrl;
  const attachment = present({
    // LINE keeps a file under the id of its message, or says where somebody else keeps it.
    ...(url ? { url } : { id, expires: true }),
    filename: fileName || undefined,
    sizeBytes: fileSize ?? undefined,
    durationSeconds: typeof duration === 'number' ? duration / 1000 : undefined,
  });
  return [attachment];
}

function toLocation({ latitude, longitude, title, address }: Content): Location | undefined {
  if (typeof latitude !== 'number' || typeof longitude !== 'number') return undefined;
  return present({ latitude, longitude, name: title || undefined, address: address || undefined });
}
