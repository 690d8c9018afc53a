import type { EventData } from '../../events/catalog.ts';
import { present } from '../../events/present.ts';
import type { Pricing } from '../../events/status.ts';
import { contentKey, type ProviderEvent } from '../provider.ts';
import { readCallStatus } from './calls.ts';
import { misfit, readsItem, toError } from './items.ts';
import * as payloads from './payloads.ts';
import { ourNumber, type Scope, toChat, toPerson } from './scope.ts';
import { parseStatus } from './usual.ts';

/** Names of the events, made once. */
const names = {
  sent: 'statuses.sent',
  delivered: 'statuses.delivered',
  read: 'statuses.read',
  played: 'statuses.played',
  failed: 'statuses.failed',
} as const;

/**
 * Reads an item of `statuses`.
 *
 * @remarks
 * WhatsApp sends three for each message that a business writes, up to a thousand in a delivery: this is written for
 * speed, one object per event and no copies.
 */
export function readStatus(item: unknown, scope: Scope): readonly ProviderEvent[] {
  const result = parseStatus(item);
  if (!result.success) return otherStatus(item, scope) ?? [misfit(item, scope, result.error, { name: 'statuses' })];
  const payload = result.data;
  const { status } = payload;
  if (status === 'deleted') return readDeletion(item, scope);

  const participant = participantOf(payload);
  const groupId = participant !== undefined || payload.recipient_type === 'group' ? payload.recipient_id : undefined;
  const recipient = participant === undefined ? recipientOf(payload, groupId, scope) : participantIn(payload, scope);
  const chat = toChat(scope, participant === undefined ? recipient?.id : undefined, groupId);
  const occurredAt = scope.time(payload.timestamp);
  const error = toError(payload.errors);

  const data: EventData['message.status'] = { messageId: payload.id, channelMessageId: payload.id, status };
  if (recipient) data.recipient = recipient;
  if (participant !== undefined) data.partial = true;
  if (occurredAt !== undefined) data.at = occurredAt;
  if (error) data.error = error;
  if (payload.pricing) data.pricing = toPricing(payload.pricing);
  if (payload.biz_opaque_callback_data !== undefined) data.reference = payload.biz_opaque_callback_data;
  if (chat) data.chat = chat;
  return [
    {
      type: 'message.status',
      key:
        groupId !== undefined && participant === undefined
          ? ofSomebody(payload, item)
          : keyOf(payload.id, status, participant),
      account: scope.account,
      occurredAt,
      ordering: chat?.id ?? recipient?.id,
      mode: scope.mode,
      data,
      providerEvent: names[status],
      raw: item,
    },
  ];
}

/** The key of a status, the same whether it is news or part of a backfill. */
export const keyOf = (id: string, status: string, participant?: string): string =>
  participant === undefined ? `status:${id}:${status}` : `status:${id}:${status}:${participant}`;

/** In a group, WhatsApp tells a status of each member: where it does not say of whom, all else tells them apart. */
const ofSomebody = ({ id, status }: payloads.StatusPayload, item: unknown) => contentKey(keyOf(id, status), item);

/** The member of a group whose status it is: WhatsApp tells one for each. */
const participantOf = (payload: payloads.StatusPayload) =>
  payload.recipient_participant_id ??
  payload.participant_recipient_id ??
  payload.recipient_participant_user_id ??
  payload.recipient_participant_parent_user_id;

function participantIn(payload: payloads.StatusPayload, scope: Scope) {
  const waId = payload.recipient_participant_id ?? payload.participant_recipient_id;
  const userId = payload.recipient_participant_user_id;
  return toPerson(waId, userId, scope.contactOf(waId, userId));
}

function recipientOf(payload: payloads.StatusPayload, groupId: string | undefined, scope: Scope) {
  if (groupId !== undefined) return undefined;
  const { recipient_id: waId, recipient_user_id: userId } = payload;
  return toPerson(waId, userId, scope.contactOf(waId, userId));
}

function toPricing({
  billable,
  category,
  type,
  pricing_model,
}: NonNullable<payloads.StatusPayload['pricing']>): Pricing {
  const pricing: Pricing = {};
  if (billable !== undefined) pricing.billable = billable;
  if (category !== undefined) pricing.category = category;
  if (type !== undefined) pricing.type = type;
  if (pricing_model !== undefined) pricing.model = pricing_model;
  return pricing;
}

/** Found on older pages; that it is told of outbound messages like every other status is assumed. */
const readDeletion = readsItem(
  payloads.status,
  () => 'statuses.deleted',
  (payload, scope) => {
    const groupId = payload.recipient_type === 'group' ? payload.recipient_id : undefined;
    const to = recipientOf(payload, groupId, scope);
    const chat = toChat(scope, to?.id, groupId);
    const deletedAt = scope.time(payload.timestamp);
    const message = present({
      id: payload.id,
      channelMessageId: payload.id,
      chatId: chat?.id,
      direction: 'outbound' as const,
      kind: 'unknown',
      from: ourNumber(scope),
      to,
    });
    return [
      {
        type: 'message.deleted',
        key: keyOf(payload.id, 'deleted'),
        occurredAt: deletedAt,
        ordering: chat?.id ?? to?.id,
        data: present({ message, chat, deletedAt }),
      },
    ];
  },
);

/** What is no status of a message. Types beyond that of calls are not documented. */
const otherStatus = (item: unknown, scope: Scope): readonly ProviderEvent[] | undefined =>
  payloads.callStatus.safeParse(item).success ? readCallStatus(item, scope) : undefined;
