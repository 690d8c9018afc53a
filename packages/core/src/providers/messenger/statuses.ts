import { present } from '../../events/present.ts';
import { toIsoTime } from '../../events/time.ts';
import { type NormalizedEvent, reads } from '../provider.ts';
import { about, type Context, type ContextReader, orUnreadable, type Sides, sidesOf } from './context.ts';
import * as payloads from './payloads.ts';

const nothingSaid = 'Expected the ids of messages, or a watermark with the id of the sender';

/** A receipt: everything before a time was delivered and, from newer apps, the messages that were. */
export const delivery: ContextReader = (context) =>
  orUnreadable(
    { path: 'delivery', message: nothingSaid },
    reads(payloads.delivery, (item) => {
      const { watermark, mids } = item.delivery;
      return receipts(item, context, { status: 'delivered', watermark, mids: mids ?? [] });
    }),
  );

/** A receipt: everything before a time was read (Messenger), or one message was (Instagram). */
export const read: ContextReader = (context) =>
  orUnreadable(
    { path: 'read', message: nothingSaid },
    reads(payloads.read, (item) => {
      const { watermark, mid } = item.read;
      return receipts(item, context, { status: 'read', watermark, mids: mid ? [mid] : [] });
    }),
  );

/** A reaction, or that one was taken back. It has no id of its own. */
export const reaction: ContextReader = (context) =>
  reads(payloads.reaction, (item) => {
    const { mid, action, emoji, reaction: word } = item.reaction;
    const sides = sidesOf(item, context);
    const from = sides.outbound ? sides.business : sides.customer;
    const given = emoji || word || undefined;
    const key = `reaction:${mid}:${from?.id ?? ''}:${action}:${item.timestamp ?? context.time ?? ''}`;
    return [
      {
        ...about(context, key, { timestamp: item.timestamp, ordering: sides.chat?.id }),
        type: 'message.reaction',
        data: present({
          messageId: mid,
          channelMessageId: mid,
          emoji: action === 'unreact' ? null : (given ?? ''),
          removed: action === 'unreact' ? given : undefined,
          from,
          chat: sides.chat,
        }),
      },
    ];
  });

interface Receipt {
  readonly status: 'delivered' | 'read';
  readonly watermark: payloads.ItemPayload['timestamp'];
  readonly mids: readonly string[];
}

function receipts(
  item: payloads.ItemPayload,
  context: Context,
  { status, watermark, mids }: Receipt,
): readonly NormalizedEvent[] {
  const sides = sidesOf(item, context);
  const common = (key: string) => about(context, key, { timestamp: item.timestamp, ordering: sides.chat?.id });
  return [
    ...watermarkEvents(sides, status, watermark, common),
    ...Array.from(
      new Set(mids),
      (mid): NormalizedEvent => ({
        ...common(`status:${mid}:${status}`),
        type: 'message.status',
        data: present({
          messageId: mid,
          channelMessageId: mid,
          status,
          recipient: sides.customer,
          at: toIsoTime(item.timestamp),
          chat: sides.chat,
        }),
      }),
    ),
  ];
}

function watermarkEvents(
  { chat }: Sides,
  status: Receipt['status'],
  watermark: Receipt['watermark'],
  common: (key: string) => ReturnType<typeof about>,
): readonly NormalizedEvent[] {
  const before = toIsoTime(watermark);
  if (before === undefined || chat === undefined) return [];
  // The ids of persons are those of one page only; references that it gave them need not be.
  const key = `${status}:${chat.integrationId ?? ''}:${chat.id}:${before}`;
  return [{ ...common(key), type: 'chat.watermark', data: { status, before, chat } }];
}
