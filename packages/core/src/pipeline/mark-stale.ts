import { type Awaitable, after } from '../awaitable.ts';
import type { ChatEvent } from '../events/event.ts';
import { statusRank } from '../events/status.ts';
import type { Claims } from './claim.ts';
import type { EventKeys } from './keys.ts';

/**
 * Marks a status that is older than one already seen of its message: vendors deliver out of order.
 *
 * @returns the event itself, or a copy with `stale: true`
 * @throws as {@link Claims.advance} does
 */
export function markStale(event: ChatEvent, keys: EventKeys, claims: Claims): Awaitable<ChatEvent> {
  if (event.type !== 'message.status') return event;
  const newest = claims.advance(keys.rank(event), statusRank(event.data.status));
  return after(newest, (isNewest) => (isNewest ? event : { ...event, data: { ...event.data, stale: true } }));
}
