import type { Chat } from '../../events/chat.ts';
import type { Message } from '../../events/message.ts';
import type { Person } from '../../events/person.ts';
import { present } from '../../events/present.ts';
import { isMessageStatus, type MessageStatus } from '../../events/status.ts';
import type { NormalizedEvent } from '../provider.ts';
import { type Content, contentOf, hasContent } from './content.ts';
import { filled, toError } from './items.ts';
import * as payloads from './payloads.ts';
import { type Scope, toContact } from './scope.ts';
import { keyOf as statusKeyOf } from './statuses.ts';

/** Who wrote to whom, where. */
export interface Sides {
  readonly direction: Message['direction'];
  readonly from: Person | undefined;
  readonly to: Person | undefined;
  /** The other side, whoever wrote. */
  readonly person: Person | undefined;
  readonly entry: payloads.ContactEntry | undefined;
  readonly chat: Chat | undefined;
}

/** A message that fits, on its way to become events. */
export interface Reading {
  readonly payload: payloads.MessagePayload;
  readonly item: Readonly<Record<string, unknown>>;
  readonly sides: Sides;
  readonly scope: Scope;
}

/** A message that somebody wrote: of a type that we know, or not. */
export function plainMessage(reading: Reading): readonly NormalizedEvent[] {
  const { payload, item, sides, scope } = reading;
  const { type = 'unknown', id } = payload;
  const content = contentOf(type, item);
  const error = toError(payload.errors) ?? (hasContent(type) && isEmpty(content) ? errorBeside(scope) : undefined);
  const message = toMessage(reading, id, { type, content, error, context: payload.context });
  const outbound = sides.direction === 'outbound';
  const event: NormalizedEvent = {
    type: outbound ? 'message.outbound' : 'message.inbound',
    key: keyOf(id, type, outbound),
    data: withSides({ message }, sides),
  };
  const status = payload.history_context?.status?.toLowerCase();
  if (!outbound || status === undefined || !isMessageStatus(status)) return [event];
  return [event, pastStatus(reading, status)];
}

/** How far a message of a backfill got. When is not told. */
function pastStatus({ payload, sides }: Reading, status: MessageStatus): NormalizedEvent {
  const { id } = payload;
  const { person: recipient, chat } = sides;
  return {
    type: 'message.status',
    key: statusKeyOf(id, status),
    occurredAt: undefined,
    data: present({ messageId: id, channelMessageId: id, status, recipient, chat }),
  };
}

/**
 * The same for a live message and for its copy in a backfill. But a placeholder must not hide the message with the
 * media itself, which follows under the same id.
 */
function keyOf(id: string, type: string, outbound: boolean): string {
  if (type === 'media_placeholder') return `placeholder:${id}`;
  return outbound ? `echo:${id}` : id;
}

const isEmpty = (content: Content = {}) => Object.keys(content).length === 0;

/** Content may be missing where the value has an error: 131000 for an `interactive`, for example. */
function errorBeside({ value }: Scope) {
  const [first] = Array.isArray(value.errors) ? value.errors : [];
  const error = payloads.vendorError.safeParse(first).data;
  return error && toError([error]);
}

/** A message with its content. */
export function toMessage(
  { payload, sides, scope }: Reading,
  id: string,
  about: {
    readonly type: string;
    readonly content: Content | undefined;
    readonly context: payloads.MessagePayload['context'];
    readonly error?: Message['error'];
    readonly editedAt?: string | undefined;
  },
): Message {
  const { type, content, context, error, editedAt } = about;
  const product = context?.referred_product;
  const forwarded = context?.forwarded === true || context?.frequently_forwarded === true;
  return present({
    id,
    channelMessageId: id,
    chatId: sides.chat?.id,
    direction: sides.direction,
    kind: type.toLowerCase(),
    ...content,
    replyTo: context?.id === undefined ? undefined : { messageId: context.id },
    product: product && filled({ id: product.product_retailer_id, catalogId: product.catalog_id }),
    referral: toReferral(payload.referral),
    forwarded: forwarded || undefined,
    error,
    from: sides.from,
    to: sides.to,
    // When an edited message was sent is not told.
    sentAt: editedAt === undefined ? scope.time(payload.timestamp) : undefined,
    editedAt,
  });
}

function toReferral(referral: payloads.MessagePayload['referral']): Message['referral'] {
  return (
    referral &&
    filled({
      sourceId: referral.source_id,
      sourceType: referral.source_type,
      sourceUrl: referral.source_url,
      clickId: referral.ctwa_clid,
      ref: referral.ref,
      headline: referral.headline,
      body: referral.body,
      mediaUrl: referral.image_url ?? referral.video_url ?? referral.thumbnail_url,
    })
  );
}

/** Adds where it was written, and by or to whom. */
export const withSides = <T extends object>(data: T, { chat, person, entry }: Sides) => ({
  ...data,
  ...present({ chat, contact: toContact(person, entry) }),
});
