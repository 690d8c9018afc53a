import { type Awaitable, attempt, isPromise } from '../awaitable.ts';
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

/** As many deliveries may wait in the memory of an inbox that does not answer, though nobody waits for them any more. */
const mostAbandoned = 1_000;

/** Makes {@link Puts}. */
export function createPuts({ inbox, clock, storeTimeoutMs }: PutOptions): Puts {
  const inTime = createTimeLimit(clock, storeTimeoutMs);
  const idle = Promise.withResolvers<void>();
  let running = 0;
  /** Begins anew when the inbox answers again: what it never answers must not count for ever. */
  let silence = { abandoned: 0 };
  let draining = false;

  return {
    async put(events, secretName) {
      if (events.length === 0) return;
      // One at a time is let through, to see whether it answers again.
      if (silence.abandoned >= mostAbandoned && running > 0) {
        const message = `The inbox has yet to answer ${silence.abandoned} deliveries that were given up, and is given no more`;
        throw new ChathooksError('inbox_unavailable', message);
      }
      running++;
      let storing: Awaitable<void> | undefined;
      try {
        storing = inbox.put(events.map((event) => ({ event, secretName })));
        await inTime(storing);
        if (silence.abandoned > 0) silence = { abandoned: 0 };
      } catch (cause) {
        abandon(storing);
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

  function abandon(storing: Awaitable<void> | undefined): void {
    if (!isPromise(storing)) return;
    const present = silence;
    const forget = () => {
      present.abandoned--;
    };
    present.abandoned++;
    storing.then(forget, forget);
  }
}
