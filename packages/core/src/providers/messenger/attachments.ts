import type { Location, Media } from '../../events/message.ts';
import type { Product } from '../../events/order.ts';
import { present } from '../../events/present.ts';
import type { AttachmentPayload } from './payloads.ts';

/** Our words for the vendor's; its other words stay as they are. */
const kinds: ReadonlyMap<string, string> = new Map([['file', 'document']]);

/** What an attachment is: `image`, `document`, `ig_reel`. */
export const attachmentKind = ({ type }: AttachmentPayload): string => {
  const word = type?.toLowerCase() || 'unknown';
  return kinds.get(word) ?? word;
};

/** Where the link in an attachment leads is in its payload, or, with shared links, beside it. */
const linkOf = ({ payload, url }: AttachmentPayload) => payload?.url || url || undefined;

/**
 * The attachments, each once: until 30 August 2026 a sticker is announced as an image too. An image that has the id of a
 * sticker is taken for one.
 */
export function distinctAttachments(attachments: readonly AttachmentPayload[]): readonly AttachmentPayload[] {
  const stickers = attachments.filter((attachment) => attachmentKind(attachment) === 'sticker');
  const isSticker = (image: AttachmentPayload) =>
    stickers.some(
      (sticker) =>
        (image.payload?.sticker_id && image.payload.sticker_id === sticker.payload?.sticker_id) ||
        (linkOf(image) && linkOf(image) === linkOf(sticker)),
    );
  return attachments
    .filter((attachment) => attachmentKind(attachment) !== 'image' || !isSticker(attachment))
    .map((attachment) => (attachment.payload?.sticker_id ? { ...attachment, type: 'sticker' } : attachment));
}

/** What can be fetched. Links into Meta's network stop working, nobody says when; a link that somebody shared does not. */
export function toMedia(attachments: readonly AttachmentPayload[]): Media[] | undefined {
  const media = attachments.flatMap((attachment): Media[] => {
    const kind = attachmentKind(attachment);
    const url = linkOf(attachment);
    const id = attachment.payload?.sticker_id || undefined;
    if (kind === 'template' || kind === 'location' || (url === undefined && id === undefined)) return [];
    return [present({ kind, id, url, expires: url !== undefined && kind !== 'fallback' ? true : undefined })];
  });
  return media.length > 0 ? media : undefined;
}

/** The place that was sent. */
export function toLocation(attachments: readonly AttachmentPayload[]): Location | undefined {
  const place = attachments.find(({ payload }) => payload?.coordinates)?.payload?.coordinates;
  return place ? { latitude: place.lat, longitude: place.long } : undefined;
}

/** The product that was shared from the catalogue; the first, if there are several. */
export function toProduct(attachments: readonly AttachmentPayload[]): Product | undefined {
  const [product] = attachments.flatMap(({ payload }) => payload?.product?.elements ?? []);
  const id = product?.retailer_id || product?.id;
  return id ? { id } : undefined;
}

/** The story that the message mentions. */
export function toMentionedStory(attachments: readonly AttachmentPayload[]): { url?: string } | undefined {
  const story = attachments.find((attachment) => attachmentKind(attachment) === 'story_mention');
  return story && present({ url: linkOf(story) });
}

/** The message's kind, as far as the first attachment says it. */
export function kindByAttachment(first: AttachmentPayload, text: string | null | undefined): string {
  const kind = attachmentKind(first);
  if (kind === 'story_mention') return 'mention';
  if (kind !== 'fallback') return kind;
  // A text with a link comes with a preview of it. Without anything, it stands for what cannot be shared.
  if (text) return 'text';
  return linkOf(first) === undefined ? 'unsupported' : kind;
}
