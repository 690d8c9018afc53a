import { type Awaitable, after, attempt } from '../awaitable.ts';
import type { ChatEvent } from '../events/event.ts';
import { statusRank } from '../events/status.ts';
import type { ClaimOptions } from './claim.ts';
import { scopedKey } from './keys.ts';

/**
 * Marks a status that is older than one already seen of its message: vendors deliver out of order.
 *
 * @returns the event itself, or a copy with `stale: true`
 * @throws what the store throws, unless `onStoreError` is `process`
 */
export function markStale(event: ChatEvent, options: ClaimOptions): Awaitable<ChatEvent> {
  const { store, rememberMs, onStoreError, logger } = options;
  if (event.type !== 'message.status') return event;
  const key = scopedKey(event.provider, event.connection, event.data.messageId);
  const rank = statusRank(event.data.status);
  const newest = attempt(
    () => store.advance?.(key, rank, { rememberMs }) ?? true,
    (error) => {
      if (onStoreError === 'reject') throw error;
      logger.error({ error }, 'The dedup store failed: a status is passed on without knowing whether it is stale');
      return true;
    },
  );
  return after(newest, (isNewest) => (isNewest ? event : { ...event, data: { ...event.data, stale: true } }));
}
