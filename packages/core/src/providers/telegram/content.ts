import type { Media, Message } from '../../events/message.ts';
import { present } from '../../events/present.ts';
import { messageIdOf } from './parties.ts';
import type { FilePayload, LivePhotoPayload, MessagePayload, PaidMediaPayload, PhotoPayload } from './payloads.ts';
import { plainText } from './rich-text.ts';

type ContentField = 'text' | 'media' | 'location' | 'contacts' | 'interactive' | 'referral' | 'story';
/** What a message says, apart from who says it to whom. */
export type Content = Pick<Message, 'kind'> & { readonly [Field in ContentField]?: Message[Field] | undefined };
type ContentReader = (message: MessagePayload) => Content;

const asIs = (kind: string) => (): Content => ({ kind });

/**
 * What becomes of each kind of content, by the key that holds it. In this order: an animation has a `document` too, a live
 * photo a `photo`, and a venue a `location`.
 */
export const contents: ReadonlyMap<string, ContentReader> = new Map<string, ContentReader>([
  ['text', textOf],
  ['animation', ({ animation }) => ({ kind: 'video', media: media(animation, 'animation') })],
  ['live_photo', (message) => ({ kind: 'image', media: livePhoto(message.live_photo, message.photo) })],
  ['photo', ({ photo }) => ({ kind: 'image', media: media(largest(photo)) })],
  ['video', ({ video }) => ({ kind: 'video', media: media(video) })],
  ['video_note', (message) => ({ kind: 'video', media: media(message.video_note, 'video_note') })],
  ['voice', ({ voice }) => ({ kind: 'audio', media: media(voice, 'voice') })],
  ['audio', ({ audio }) => ({ kind: 'audio', media: media(audio) })],
  ['document', ({ document }) => ({ kind: 'document', media: media(document) })],
  ['sticker', ({ sticker }) => ({ kind: 'sticker', media: media(sticker) })],
  ['paid_media', (message) => paidMedia(message.paid_media?.paid_media ?? [])],
  ['venue', venueOf],
  ['location', ({ location }) => ({ kind: 'location', location: location ?? undefined })],
  ['contact', ({ contact }) => ({ kind: 'contacts', contacts: [contact] })],
  ['poll', ({ poll }) => ({ kind: 'poll', text: poll?.question ?? undefined })],
  ['dice', ({ dice }) => ({ kind: 'dice', text: dice?.emoji ?? undefined })],
  ['game', ({ game }) => ({ kind: 'game', text: game?.title ?? undefined })],
  ['story', ({ story }) => ({ kind: 'story', story: storyOf(story) })],
  ['checklist', ({ checklist }) => ({ kind: 'checklist', text: checklist?.title ?? undefined })],
  ['rich_message', (message) => ({ kind: 'text', text: plainText(message.rich_message?.blocks) })],
  ['invoice', ({ invoice }) => ({ kind: 'invoice', text: invoice?.title ?? undefined })],
  ['giveaway', asIs('giveaway')],
  ['giveaway_winners', asIs('giveaway')],
  ['web_app_data', webAppDataOf],
]);

/** What a link to the bot carried: `t.me/<bot>?start=<ref>`, see core.telegram.org/bots/features#deep-linking. */
const startLink = /^\/start(?:@\w+)? ([\w-]{1,64})$/;

function textOf({ text }: MessagePayload): Content {
  const ref = startLink.exec(text ?? '')?.[1];
  return { kind: 'text', text, referral: ref === undefined ? undefined : { ref } };
}

function venueOf({ venue }: MessagePayload): Content {
  const { location, title, address } = venue ?? {};
  const place = location && present({ ...location, name: title ?? undefined, address: address ?? undefined });
  return { kind: 'location', location: place };
}

/** The story of a message that is one, or answers one. */
export const storyOf = (story: MessagePayload['story']): Message['story'] =>
  story ? { id: messageIdOf(story.chat.id, story.id) } : undefined;

/** What a form of the bot's own sent. Whoever can open it can send anything. */
function webAppDataOf({ web_app_data: sent }: MessagePayload): Content {
  const payload = parsed(sent?.data);
  return { kind: 'interactive', interactive: present({ title: sent?.button_text ?? undefined, payload }) };
}

function parsed(text: string | null | undefined): unknown {
  if (text === null || text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What was paid for is a list of photos and videos, or of previews that hold no file. */
function paidMedia(items: readonly PaidMediaPayload[]): Content {
  const files = items.flatMap((item) => [
    ...(media(largest(item.photo), 'image') ?? []),
    ...(media(item.video, 'video') ?? []),
    ...(livePhoto(item.live_photo, undefined) ?? []),
  ]);
  const [first] = files;
  return { kind: first?.kind ?? 'paid_media', media: first && files };
}

/** A picture with a few seconds of video. The picture is what is looked at, so it comes first. */
function livePhoto(live: LivePhotoPayload, still: PhotoPayload): Media[] | undefined {
  if (!live) return undefined;
  return [...(media(largest(live.photo ?? still), 'image') ?? []), ...(media(live, 'video') ?? [])];
}

/** The sizes of one picture come in any number, the largest last as a rule. */
function largest(sizes: PhotoPayload): FilePayload | undefined {
  const area = ({ width, height }: NonNullable<PhotoPayload>[number]) => (width ?? 0) * (height ?? 0);
  return sizes?.toSorted((one, other) => area(one) - area(other)).at(-1);
}

function media(file: FilePayload | null | undefined, kind?: string): Media[] | undefined {
  if (!file) return undefined;
  const one = present({
    kind,
    id: file.file_id,
    mimeType: file.mime_type ?? undefined,
    filename: file.file_name ?? undefined,
    sizeBytes: file.file_size ?? undefined,
    durationSeconds: file.duration ?? undefined,
  });
  return [one];
}
