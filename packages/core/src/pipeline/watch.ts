import { after } from '../awaitable.ts';
import type { Clock } from '../clock.ts';
import { ChathooksError } from '../errors.ts';
import type { Claims } from './claim.ts';
import { abort, type Work } from './dispatch.ts';

/** Watches over events whose handlers are at work: renews their leases, and ends what takes too long. */
export interface Watch<W extends Work> {
  begin(work: W): void;
  end(work: W): void;
  /** Gives up all work. */
  stopAll(reason: ChathooksError): void;
  /** Ends the watch, when there is no work any more. */
  close(): void;
}

/** What watching needs. */
export interface WatchOptions<W extends Work> {
  readonly clock: Clock;
  readonly claims: Claims;
  readonly leaseMs: number;
  readonly handlerTimeoutMs: number;
  /** Gives up work whose handlers may never settle. */
  readonly giveUp: (work: W, reason: ChathooksError) => unknown;
}

/** Makes a {@link Watch}. One timer serves all events: two per event would cost more than handling it. */
export function createWatch<W extends Work>(options: WatchOptions<W>): Watch<W> {
  const { clock, claims, leaseMs, handlerTimeoutMs, giveUp } = options;
  const watched = new Set<W>();
  const renewAfterMs = leaseMs / 3;
  let disarm: (() => void) | undefined;

  return {
    begin(work) {
      const now = clock.now();
      work.renewAt = now + renewAfterMs;
      watched.add(work);
      // Later events are due later, so a timer that runs already comes in time.
      if (!disarm) arm(Math.min(handlerTimeoutMs, renewAfterMs));
    },
    end(work) {
      watched.delete(work);
    },
    stopAll(reason) {
      for (const work of watched) stop(work, reason);
    },
    close() {
      disarm?.();
      disarm = undefined;
    },
  };

  function arm(delayMs: number): void {
    // A listener of a signal may have begun other work, and with it a timer.
    disarm?.();
    disarm = clock.setTimeout(look, delayMs);
  }

  function look(): void {
    disarm = undefined;
    const now = clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const work of watched) {
      if (now >= work.deadlineMs) {
        const message = `A handler of ${work.event.type} did not settle within ${handlerTimeoutMs} ms`;
        stop(work, new ChathooksError('handler_timeout', message));
        continue;
      }
      if (now >= work.renewAt) renew(work, now);
      next = Math.min(next, work.deadlineMs, work.renewAt);
    }
    if (next < Number.POSITIVE_INFINITY) arm(next - now);
  }

  function stop(work: W, reason: ChathooksError): void {
    watched.delete(work);
    abort(work, reason);
    void giveUp(work, reason);
  }

  function renew(work: W, now: number): void {
    // The turn of a lost lease comes too: the one timer must not skip it, since it serves the events that begin later.
    work.renewAt = now + renewAfterMs;
    if (work.leaseLost || work.token === undefined) return;
    void after(claims.renew(work, work.token), (kept) => {
      if (kept !== false || !watched.has(work)) return;
      work.leaseLost = true;
      abort(work, new ChathooksError('in_flight', `The lease of a ${work.event.type} was lost`));
    });
  }
}
