import { toPhone } from '../../events/phone.ts';
import { isRecord, type ProviderEvent } from '../provider.ts';
import { type ItemReader, misfit } from './items.ts';
import { plainMessage, type Sides } from './message.ts';
import * as payloads from './payloads.ts';
import { specialReaders } from './references.ts';
import { ourNumber, type Scope, toChat, toPerson } from './scope.ts';

/** Reads an item of `messages`: what a person wrote or, in a backfill, either side. */
export const readMessage: ItemReader = (item, scope) =>
  scope.mode === 'history' ? readPast(item, scope, undefined) : readWritten(item, scope, () => false);

/** Reads an item of `message_echoes`: what the business wrote elsewhere, in its phone app for example. */
export const readEcho: ItemReader = (item, scope) => readWritten(item, scope, () => true);

/**
 * Reads a message of a backfill, of either side.
 *
 * @param threadId - phone digits or business-scoped id of the person
 */
export const readPast = (item: unknown, scope: Scope, threadId: string | undefined): readonly ProviderEvent[] =>
  readWritten(item, scope, (payload) => isOurs(payload, scope, threadId), threadId);

function readWritten(
  item: unknown,
  scope: Scope,
  isOutbound: (payload: payloads.MessagePayload) => boolean,
  threadId?: string,
): readonly ProviderEvent[] {
  const result = payloads.message.safeParse(item);
  if (!result.success) return [misfit(item, scope, result.error)];
  const payload = result.data;
  const sides = sidesOf(payload, scope, isOutbound(payload), threadId);
  const reading = { payload, item: isRecord(item) ? item : {}, sides, scope };
  const read = specialReaders.get(payload.type ?? '')?.(reading) ?? plainMessage(reading);
  if ('type' in read) return [read];
  const common = {
    account: scope.account,
    occurredAt: scope.time(payload.timestamp),
    ordering: sides.chat?.id ?? sides.person?.id,
    mode: scope.mode,
  };
  const providerEvent = nameOf(scope, payload.type);
  return read.map((event) => ({ ...common, ...event, providerEvent, raw: item }));
}

const nameOf = ({ field }: Scope, type = 'unknown') => `${field}.${type}`;

function sidesOf(payload: payloads.MessagePayload, scope: Scope, outbound: boolean, threadId?: string): Sides {
  const us = ourNumber(scope);
  let waId = outbound ? payload.to : payload.from;
  let userId = outbound ? payload.to_user_id : payload.from_user_id;
  if (waId === undefined && userId === undefined && threadId !== undefined) {
    if (/^[A-Z]{2}\./.test(threadId)) userId = threadId;
    else waId = threadId;
  }
  const entry = scope.contactOf(waId, userId);
  const person = toPerson(waId, userId, entry);
  const chat = toChat(scope, person?.id, payload.group_id);
  return outbound
    ? { direction: 'outbound', from: us, to: person, person, entry, chat }
    : { direction: 'inbound', from: person, to: us, person, entry, chat };
}

/** Whether we wrote a message of a backfill: it has no other sign of it than who it is from. */
function isOurs(payload: payloads.MessagePayload, scope: Scope, threadId: string | undefined): boolean {
  const writer = toPhone(payload.from);
  const us = toPhone(scope.number.display_phone_number);
  if (writer === undefined || us === undefined) return writer !== undefined && payload.from !== threadId;
  return writer === us;
}
