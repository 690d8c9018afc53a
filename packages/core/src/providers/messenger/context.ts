import type { Chat } from '../../events/chat.ts';
import type { EventMode } from '../../events/event.ts';
import type { Person } from '../../events/person.ts';
import { present } from '../../events/present.ts';
import { toIsoTime } from '../../events/time.ts';
import { contentKey, type EventReader, isRecord } from '../provider.ts';
import type { EntryFields, ItemPayload, PartyPayload } from './payloads.ts';

/** What an entry says of everything in it. */
export interface Context {
  readonly channel: 'messenger' | 'instagram';
  /** The page or the Instagram account that the entry is about. */
  readonly account: string | undefined;
  /** When Meta sent the entry, as it came. */
  readonly time: EntryFields['time'];
  /** `undefined` is live. */
  readonly mode: EventMode | undefined;
}

/** A reader that knows in which entry it reads. */
export type ContextReader = (context: Context) => EventReader;

/** Who wrote to whom. */
export interface Sides {
  /** Whether the business did it. */
  readonly outbound: boolean;
  readonly customer: Person | undefined;
  /** The page or account. */
  readonly business: Person | undefined;
  /** The conversation of the two; none if nobody says who the customer is. */
  readonly chat: Chat | undefined;
}

/**
 * Tells the customer from the business. The sender is the customer, except when the business did it: the ids of an echo
 * are the other way round. Where one of the ids is that of the entry, it decides.
 */
export function sidesOf({ sender, recipient }: ItemPayload, context: Context, isEcho = false): Sides {
  const { account } = context;
  const isAccount = (party: PartyPayload) => account !== undefined && party?.id === account;
  const outbound = isEcho || (isAccount(sender) && !isAccount(recipient));
  const other = outbound ? recipient : sender;
  const own = outbound ? sender : recipient;
  const swapped = isAccount(other) && !isAccount(own);
  const customer = toPerson(swapped ? own : other);
  const businessId = account ?? ((swapped ? other : own)?.id || undefined);
  return {
    outbound,
    customer,
    business: businessId === undefined ? undefined : { id: businessId },
    chat: customer && toChat(customer, businessId, context),
  };
}

/** A person who opted in with a checkbox is named by the reference that the business gave: no id of the platform. */
function toPerson(party: PartyPayload): (Person & { readonly id: string }) | undefined {
  if (party?.id) return { id: party.id, channelUserId: party.id };
  return party?.user_ref ? { id: party.user_ref } : undefined;
}

function toChat(customer: Person & { readonly id: string }, integrationId: string | undefined, context: Context): Chat {
  return present({
    id: customer.id,
    kind: 'private' as const,
    channel: context.channel,
    channelChatId: customer.channelUserId,
    integrationId,
  });
}

/** What an event has in common with every other of its entry. Without a time of its own it has that of the entry. */
export function about(
  context: Context,
  key: string,
  { timestamp, ordering }: { timestamp?: EntryFields['time']; ordering: string | undefined },
) {
  return {
    key: keyIn(context, key),
    account: context.account,
    occurredAt: toIsoTime(timestamp) ?? toIsoTime(context.time),
    ordering,
    mode: context.mode,
  };
}

/**
 * An observer's copy must not hide the event itself, should control of the thread pass over in between. The test button
 * sends the same ids every time.
 */
export function keyIn({ mode, time }: Context, key: string): string {
  if (mode === 'standby') return `standby:${key}`;
  return mode === 'test' ? `test:${time ?? ''}:${key}` : key;
}

/**
 * The key of what has no id. The same may be told of two pages, or of one at two times, and is not the same then: what
 * has no time of its own has that of its entry.
 */
export function hashKey(context: Context, name: string, raw: unknown): string {
  const hasTime = isRecord(raw) && raw.timestamp !== undefined && raw.timestamp !== null;
  return contentKey(name, [context.account, hasTime ? null : context.time, raw]);
}

/** A reader for items that can be of the right shape and still say nothing that anybody could act on. */
export function orUnreadable(
  issue: { readonly path: string; readonly message: string },
  reader: EventReader,
): EventReader {
  return (payload, delivery) => {
    const events = reader(payload, delivery);
    return 'reason' in events || events.length > 0 ? events : { reason: 'invalid_payload', issues: [issue] };
  };
}
