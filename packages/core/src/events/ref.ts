import * as crypto from 'node:crypto';

/**
 * A short, one-way name of an event for logs: ids can contain phone numbers (a `wamid` does).
 *
 * @param eventId - `event.id`
 */
export const eventRef = (eventId: string): string =>
  crypto.createHash('sha256').update(eventId).digest('hex').slice(0, 16);
