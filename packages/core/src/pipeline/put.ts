import { type Awaitable, attempt } from '../awaitable.ts';
import type { Clock } from '../clock.ts';
import { ChathooksError, hasErrorCode } from '../errors.ts';
import type { ChatEvent } from '../events/event.ts';
import type { Inbox } from '../inbox/inbox.ts';
import { createTimeLimit } from './time-limit.ts';

/** What storing needs. */
export interface PutOptions {
  readonly inbox: Inbox;
  readonly clock: Pick<Clock, 'setTimeout'>;
  readonly storeTimeoutMs: number;
}

/** The way from a delivery to the inbox. */
export interface Puts {
  /**
   * Stores the events of a delivery, which may be acknowledged then.
   *
   * @param secretName - of the secret that verified the delivery
   * @throws ChathooksError `inbox_full`, `inbox_unavailable`
   */
  put(events: readonly ChatEvent[], secretName: string): Promise<void>;
  /** Waits until nothing is being stored, but no longer than `graceMs`. Never throws. */
  drain(graceMs: number): Awaitable<void>;
}

/** Makes {@link Puts}. */
export function createPuts({ inbox, clock, storeTimeoutMs }: PutOptions): Puts {
  const inTime = createTimeLimit(clock, storeTimeoutMs);
  const idle = Promise.withResolvers<void>();
  let running = 0;
  let draining = false;

  return {
    async put(events, secretName) {
      if (events.length === 0) return;
      running++;
      try {
        const storing: Awaitable<void> = inbox.put(events.map((event) => ({ event, secretName })));
        await inTime(storing);
      } catch (cause) {
        if (hasErrorCode(cause, 'inbox_full')) throw cause;
        throw new ChathooksError('inbox_unavailable', 'The inbox did not store a delivery', { cause });
      } finally {
        running--;
        if (draining && running === 0) idle.resolve();
      }
    },
    drain(graceMs) {
      draining = true;
      if (running === 0) return;
      return attempt(
        () => createTimeLimit(clock, graceMs)(idle.promise),
        () => {}, // What is not stored is not acknowledged.
      );
    },
  };
}
