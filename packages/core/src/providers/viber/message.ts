import type { Media, Message } from '../../events/message.ts';
import { present } from '../../events/present.ts';
import { toIsoTime } from '../../events/time.ts';
import type { Content, MessageEvent } from './payloads.ts';
import { toPerson } from './people.ts';

/** Where our word differs from Viber's. */
const kinds: ReadonlyMap<string, string> = new Map([
  ['picture', 'image'],
  ['file', 'document'],
  ['contact', 'contacts'],
]);

/** What a user wrote. */
export function toMessage({ message_token, timestamp, sender, message }: MessageEvent): Message {
  const type = message.type.toLowerCase();
  const { contact, location } = message;
  return present({
    id: message_token,
    chatId: sender?.id || undefined,
    direction: 'inbound' as const,
    kind: kinds.get(type) ?? type,
    // The link of a `url` is its content and no attachment.
    text: (type === 'url' ? message.media || message.text : message.text) || undefined,
    media: type === 'url' ? undefined : toMedia(message),
    location: location ? { latitude: location.lat, longitude: location.lon } : undefined,
    contacts: contact === undefined || contact === null ? undefined : [contact],
    from: toPerson(sender?.id, sender?.name),
    sentAt: toIsoTime(timestamp),
  });
}

function toMedia({ media, file_name, size, duration, sticker_id }: Content): Media[] | undefined {
  if (!media) return sticker_id ? [{ id: sticker_id }] : undefined;
  const attachment = present({
    id: sticker_id || undefined,
    url: media,
    expires: true,
    filename: file_name || undefined,
    sizeBytes: size ?? undefined,
    durationSeconds: duration ?? undefined,
  });
  return [attachment];
}
