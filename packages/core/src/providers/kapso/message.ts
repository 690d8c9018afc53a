import { toWamid } from '../../events/channel-message-id.ts';
import { parseEmbedded, toHexDigest } from '../../events/embedded.ts';
import type { Interactive, Media, Message, Referral } from '../../events/message.ts';
import type { Order, Product } from '../../events/order.ts';
import { present } from '../../events/present.ts';
import type { MessageError } from '../../events/status.ts';
import { toIsoTime } from '../../events/time.ts';
import type { ErrorPayload, MessageEvent, MessagePayload } from './payloads.ts';
import { ourNumber, toPerson } from './people.ts';

/** What kind of message it is, in the words of either version. */
export const typeOf = ({ type, message_type }: MessagePayload): string => (type || message_type || '').toLowerCase();

/** WhatsApp's own id: `id` in version 2, beside it in version 1. */
export const wamidOf = ({ id, whatsapp_message_id }: MessagePayload): string | undefined =>
  toWamid(id) ?? toWamid(whatsapp_message_id ?? '');

/**
 * A message of either version.
 *
 * @param direction - as the payload tells it, or as the event's name implies
 */
export function toMessage(event: MessageEvent, direction: Message['direction']): Message {
  const { message, conversation } = event;
  const number = ourNumber(event, conversation, message);
  const us = number === undefined ? undefined : { id: number };
  const inbound = direction === 'inbound';
  const customer = toPerson(conversation, inbound ? message.from : undefined);
  const { context, errors } = message;
  return present({
    id: message.id,
    channelMessageId: wamidOf(message),
    chatId: conversation?.id,
    direction,
    kind: kindOf(message),
    text: textOf(message),
    media: toMedia(message),
    location: message.location ? withoutNull(message.location) : undefined,
    contacts: message.contacts ?? undefined,
    interactive: toInteractive(message),
    order: toOrder(message),
    product: toProduct(message),
    replyTo: context?.id ? { messageId: context.id } : undefined,
    referral: toReferral(message),
    forwarded: context?.forwarded || context?.frequently_forwarded ? true : undefined,
    error: errors?.[0] ? toError(errors[0]) : undefined,
    from: inbound ? customer : us,
    to: inbound ? us : customer,
    sentAt: toIsoTime(message.timestamp ?? message.created_at),
  });
}

/** An error as Meta writes it. */
export function toError({ code, title, message, error_data }: ErrorPayload): MessageError {
  return present({
    code: code ?? undefined,
    message: message ?? title ?? undefined,
    details: error_data?.details ?? undefined,
  });
}

function kindOf(message: MessagePayload): string {
  if (message.interactive?.button_reply) return 'button';
  return typeOf(message) || (message.text?.body ? 'text' : 'unknown');
}

function textOf(message: MessagePayload): string | undefined {
  const { text, interactive, button, order } = message;
  const chosen = interactive?.button_reply ?? interactive?.list_reply;
  const caption = attachmentOf(message)?.caption;
  // Kapso's `content` describes media in words of its own: in version 1 it is the text of a text alone.
  const legacy = message.message_type?.toLowerCase() === 'text' ? message.content : undefined;
  const own = text?.body ?? caption ?? chosen?.title ?? interactive?.nfm_reply?.body ?? interactive?.body?.text;
  return own ?? button?.text ?? order?.text ?? legacy ?? undefined;
}

const attachmentOf = ({ image, audio, video, document, sticker }: MessagePayload) =>
  image ?? audio ?? video ?? document ?? sticker;

function toMedia(message: MessagePayload): Media[] | undefined {
  const attachment = attachmentOf(message);
  const file = message.kapso?.media_data;
  if (!attachment && !file) return undefined;
  const media = present({
    kind: attachment?.voice ? 'voice' : undefined,
    id: attachment?.id ?? undefined,
    url: file?.url ?? message.kapso?.media_url ?? undefined,
    mimeType: attachment?.mime_type ?? file?.content_type ?? undefined,
    filename: attachment?.filename ?? file?.filename ?? undefined,
    sizeBytes: file?.byte_size ?? undefined,
    sha256: toHexDigest(attachment?.sha256),
  });
  return [media];
}

function toInteractive({ interactive, button }: MessagePayload): Interactive | undefined {
  const chosen = interactive?.button_reply ?? interactive?.list_reply;
  if (chosen) return withoutNull(chosen);
  if (button) return present({ id: button.payload ?? undefined, title: button.text ?? undefined });
  const answers = interactive?.nfm_reply?.response_json;
  return answers === undefined || answers === null ? undefined : { payload: parseEmbedded(answers) };
}

function toOrder({ order }: MessagePayload): Order | undefined {
  if (!order) return undefined;
  const items = (order.product_items ?? []).map(({ product_retailer_id, quantity, item_price, currency }) =>
    present({
      productId: product_retailer_id ?? undefined,
      quantity: quantity ?? undefined,
      price: item_price ?? undefined,
      currency: currency ?? undefined,
    }),
  );
  return present({ catalogId: order.catalog_id ?? undefined, items });
}

function toProduct({ context }: MessagePayload): Product | undefined {
  const product = context?.referred_product;
  if (!product) return undefined;
  return present({ id: product.product_retailer_id ?? undefined, catalogId: product.catalog_id ?? undefined });
}

function toReferral({ referral }: MessagePayload): Referral | undefined {
  if (!referral) return undefined;
  const { source_id, source_type, source_url, ctwa_clid, image_url, video_url, thumbnail_url, ...same } = referral;
  return withoutNull({
    ...same,
    sourceId: source_id,
    sourceType: source_type,
    sourceUrl: source_url,
    clickId: ctwa_clid,
    mediaUrl: image_url ?? video_url ?? thumbnail_url,
  });
}

type WithoutNull<T> = { [K in keyof T as null extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as null extends T[K] ? K : never]?: NonNullable<T[K]>;
};

/** In what WhatsApp sends, null says no more than a field that is not there. */
function withoutNull<T extends object>(fields: T): WithoutNull<T>;
function withoutNull(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
}
