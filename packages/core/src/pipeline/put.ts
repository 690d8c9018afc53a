import type { Awaitable } from '../awaitable.ts';
import { ChathooksError, hasErrorCode } from '../errors.ts';
import type { ChatEvent } from '../events/event.ts';
import type { Inbox } from '../inbox/inbox.ts';
import type { TimeLimit } from './time-limit.ts';

/**
 * Stores the events of a delivery, which may be acknowledged then.
 *
 * @param secretName - of the secret that verified the delivery
 * @throws ChathooksError `inbox_full`, `inbox_unavailable`
 */
export async function put(
  inbox: Inbox,
  events: readonly ChatEvent[],
  secretName: string,
  inTime: TimeLimit,
): Promise<void> {
  if (events.length === 0) return;
  try {
    const storing: Awaitable<void> = inbox.put(events.map((event) => ({ event, secretName })));
    await inTime(storing);
  } catch (cause) {
    if (hasErrorCode(cause, 'inbox_full')) throw cause;
    throw new ChathooksError('inbox_unavailable', 'The inbox did not store a delivery', { cause });
  }
}
