import { after } from '../awaitable.ts';
import { ChathooksError } from '../errors.ts';
import type { EventType } from '../events/catalog.ts';
import type { ClaimOptions, Claims, Lease } from './claim.ts';
import type { Work } from './dispatch.ts';

/** Watches over events whose handlers are at work: renews their leases, and ends what takes too long. */
export interface Watch {
  /** @returns what to call when the handlers have settled */
  begin(type: EventType, lease: Lease, work: Work): () => void;
  /** Stops all work. */
  stop(reason: ChathooksError): void;
  /** Ends the watch, when there is no work any more. */
  end(): void;
}

/** What watching needs. */
export interface WatchOptions extends Pick<ClaimOptions, 'clock' | 'leaseMs'> {
  readonly claims: Claims;
  readonly handlerTimeoutMs: number;
}

interface Watched {
  readonly type: EventType;
  readonly lease: Lease;
  readonly work: Work;
  readonly timeoutAt: number;
  renewAt: number;
  lost: boolean;
}

/** Makes a {@link Watch}. One timer serves all events: two per event would cost more than handling it. */
export function createWatch({ clock, claims, leaseMs, handlerTimeoutMs }: WatchOptions): Watch {
  const watched = new Set<Watched>();
  const renewAfterMs = leaseMs / 3;
  let disarm: (() => void) | undefined;

  return {
    begin(type, lease, work) {
      const now = clock.now();
      const due = { timeoutAt: now + handlerTimeoutMs, renewAt: now + renewAfterMs };
      const entry: Watched = { type, lease, work, ...due, lost: false };
      watched.add(entry);
      // Later events are due later, so a timer that runs already comes in time.
      if (!disarm) arm(Math.min(handlerTimeoutMs, renewAfterMs));
      return () => watched.delete(entry);
    },
    stop(reason) {
      for (const { work } of watched) work.stop(reason);
    },
    end() {
      disarm?.();
      disarm = undefined;
    },
  };

  function arm(delayMs: number): void {
    disarm = clock.setTimeout(look, delayMs);
  }

  function look(): void {
    disarm = undefined;
    const now = clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const entry of watched) {
      if (now >= entry.timeoutAt) {
        entry.work.stop(timeoutOf(entry.type));
        continue;
      }
      if (now >= entry.renewAt) renew(entry, now);
      next = Math.min(next, entry.timeoutAt, entry.renewAt);
    }
    if (next < Number.POSITIVE_INFINITY) arm(next - now);
  }

  function renew(entry: Watched, now: number): void {
    // The turn of a lost lease comes too: the one timer must not skip it, since it serves the events that begin later.
    entry.renewAt = now + renewAfterMs;
    if (entry.lost) return;
    void after(claims.renew(entry.lease), (kept) => {
      if (kept !== false || !watched.has(entry)) return;
      entry.lost = true;
      entry.work.abort(new ChathooksError('in_flight', `The lease of a ${entry.type} was lost`));
    });
  }

  function timeoutOf(type: EventType): ChathooksError {
    return new ChathooksError('handler_timeout', `A handler of ${type} did not settle within ${handlerTimeoutMs} ms`);
  }
}
