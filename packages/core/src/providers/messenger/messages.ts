import type { Message, Referral } from '../../events/message.ts';
import { present } from '../../events/present.ts';
import { toIsoTime } from '../../events/time.ts';
import { contentKey, type NormalizedEvent, reads } from '../provider.ts';
import {
  distinctAttachments,
  kindByAttachment,
  toLocation,
  toMedia,
  toMentionedStory,
  toProduct,
} from './attachments.ts';
import { about, type Context, type ContextReader, hashKey, type Sides, sidesOf } from './context.ts';
import * as payloads from './payloads.ts';

/** A message, an echo of one, or that one was taken back. */
export const message: ContextReader = (context) =>
  reads(payloads.message, (item) => {
    const { mid, is_deleted, is_echo } = item.message;
    const sides = sidesOf(item, context, is_echo === true);
    const named = envelopeOf(sides, { id: mid, channelMessageId: mid, kind: 'unknown' });
    if (is_deleted) {
      const deletedAt = toIsoTime(item.timestamp);
      return [
        {
          ...commonOf(item, context, sides, `deleted:${mid}`),
          type: 'message.deleted',
          data: present({ message: named, chat: sides.chat, deletedAt }),
        },
      ];
    }
    return [
      messageEvent(item, context, sides, sides.outbound ? `echo:${mid}` : mid, {
        ...named,
        ...toContent(item.message),
        ...sentAt(item),
      }),
    ];
  });

/** An edit. The id is that of the message as it was sent first. */
export const messageEdit: ContextReader = (context) =>
  reads(payloads.messageEdit, (item) => {
    const { mid, text, num_edit } = item.message_edit;
    const sides = sidesOf(item, context);
    const edited = present({
      ...envelopeOf(sides, { id: mid, channelMessageId: mid, kind: text ? 'text' : 'unknown' }),
      text,
      editedAt: toIsoTime(item.timestamp),
    });
    return [
      {
        ...commonOf(item, context, sides, `edit:${mid}:${num_edit || (item.timestamp ?? context.time ?? '')}`),
        type: 'message.updated',
        data: present({ message: edited, chat: sides.chat }),
      },
    ];
  });

/** A tap on a button, a menu entry or an ice breaker. Observers are not told what it stands for. */
export const postback: ContextReader = (context) =>
  reads(payloads.postback, (item) => {
    const { mid, title, payload, referral } = item.postback;
    const { sender, timestamp } = item;
    const id = mid || contentKey('postback', [sender, timestamp ?? context.time, payload]);
    const sides = sidesOf(item, context);
    return [
      messageEvent(item, context, sides, mid ? `postback:${mid}` : id, {
        ...envelopeOf(sides, { id, channelMessageId: mid || undefined, kind: 'button' }),
        ...present({
          text: title,
          interactive: present({ id: payload ?? undefined, title: title ?? undefined }),
          ...toOrigin(referral),
        }),
        ...sentAt(item),
      }),
    ];
  });

/** A cart that was sent. It has no id. */
export const order: ContextReader = (context) =>
  reads(payloads.order, (item, _, raw) => {
    const id = hashKey(context, 'order', raw);
    const sides = sidesOf(item, context);
    const items = item.order.products.map((product) =>
      present({
        productId: product.retailer_id || product.id || undefined,
        name: product.name ?? undefined,
        quantity: product.quantity ?? undefined,
        price: product.unit_price ?? undefined,
        currency: product.currency ?? undefined,
      }),
    );
    return [
      messageEvent(item, context, sides, id, {
        ...envelopeOf(sides, { id, kind: 'order' }),
        ...present({ text: item.order.note }),
        order: { items },
        ...sentAt(item),
      }),
    ];
  });

function messageEvent(
  item: payloads.ItemPayload,
  context: Context,
  sides: Sides,
  key: string,
  content: Message,
): NormalizedEvent {
  return {
    ...commonOf(item, context, sides, key),
    type: sides.outbound ? 'message.outbound' : 'message.inbound',
    data: present({ message: content, chat: sides.chat }),
  };
}

const commonOf = (item: payloads.ItemPayload, context: Context, { chat }: Sides, key: string) =>
  about(context, key, { timestamp: item.timestamp, ordering: chat?.id });

const sentAt = ({ timestamp }: payloads.ItemPayload) => present({ sentAt: toIsoTime(timestamp) });

/** What there is to a message beside its content. */
function envelopeOf(
  { outbound, customer, business, chat }: Sides,
  { id, channelMessageId, kind }: { id: string; channelMessageId?: string | undefined; kind: string },
): Message {
  return present({
    id,
    channelMessageId,
    chatId: chat?.id,
    direction: outbound ? ('outbound' as const) : ('inbound' as const),
    kind,
    from: outbound ? business : customer,
    to: outbound ? customer : business,
  });
}

function toContent(payload: payloads.MessagePayload) {
  const { text, quick_reply, reply_to } = payload;
  const attachments = distinctAttachments(payload.attachments ?? []);
  const { product, ...origin } = toOrigin(payload.referral);
  const answered =
    reply_to?.story && present({ id: reply_to.story.id || undefined, url: reply_to.story.url || undefined });
  return present({
    kind: kindOf(payload, attachments),
    text,
    media: toMedia(attachments),
    location: toLocation(attachments),
    interactive: quick_reply ? present({ id: quick_reply.payload ?? undefined, title: text ?? undefined }) : undefined,
    product: toProduct(attachments) ?? product,
    replyTo: reply_to?.mid ? { messageId: reply_to.mid } : undefined,
    story: answered ?? toMentionedStory(attachments),
    ...origin,
  });
}

function kindOf(
  { is_unsupported, quick_reply, text }: payloads.MessagePayload,
  [first]: readonly payloads.AttachmentPayload[],
): string {
  if (is_unsupported) return 'unsupported';
  if (quick_reply) return 'button';
  if (first) return kindByAttachment(first, text);
  return text ? 'text' : 'unknown';
}

/** Where the message came from: an advertisement or a link, and the product that was looked at there. */
function toOrigin(payload: payloads.ReferralPayload | null | undefined) {
  if (!payload) return {};
  const { ads_context_data: ad } = payload;
  const source = payload.source?.toLowerCase();
  const referral: Referral = present({
    sourceId: payload.ad_id || undefined,
    sourceType: source === 'ads' ? 'ad' : source || undefined,
    sourceUrl: payload.referer_uri || undefined,
    ref: payload.ref || undefined,
    headline: ad?.ad_title || undefined,
    mediaUrl: ad?.photo_url || ad?.video_url || undefined,
  });
  const productId = payload.product?.id || ad?.product_id;
  return present({
    referral: Object.keys(referral).length > 0 ? referral : undefined,
    product: productId ? { id: productId } : undefined,
  });
}
