import type { Clock } from '../clock.ts';
import type { InboxEntry, InboxTry, InboxVerdict } from '../inbox/inbox.ts';
import type { Processor } from './process.ts';
import { isPostponed } from './report.ts';
import type { Outcome } from './running.ts';

/** What working needs. */
export interface WorkOptions {
  readonly processor: Processor;
  readonly clock: Pick<Clock, 'setTimeout'>;
  readonly leaseMs: number;
}

/** Tries what an inbox hands out. */
export interface Working {
  /** Never rejects. */
  try(entry: InboxEntry, trial: InboxTry): Promise<InboxVerdict>;
  /** From now on everything is postponed. */
  stop(): void;
}

/**
 * How long an entry is held back when the dedup store is down. It is held here, not in the inbox: otherwise every entry
 * would go in and out as fast as the store can refuse.
 */
const storePauseMs = 1_000;

const handBack: InboxVerdict = { state: 'postponed', delayMs: 0 };

/** Makes {@link Working}. */
export function createWorking({ processor, clock, leaseMs }: WorkOptions): Working {
  /** Ends the pauses. A promise to wait for would keep something of each pause that it outlives. */
  const pauses = new Set<() => void>();
  let stopping = false;
  // Whoever has the event either finishes it or is dead, and then its lease ends.
  const askAgain: InboxVerdict = { state: 'postponed', delayMs: Math.ceil(Math.min(leaseMs / 4, 5_000)) };

  return {
    async try({ event, secretName }, trial) {
      if (stopping) return handBack;
      const outcome = await processor.process(event, { secretName, trial });
      if (outcome?.code === 'store_unavailable') await pause();
      return stopping && outcome && isPostponed(outcome) ? handBack : verdictOf(outcome);
    },
    stop() {
      stopping = true;
      for (const end of pauses) end();
    },
  };

  function pause(): Promise<void> {
    if (stopping) return Promise.resolve();
    return new Promise<void>((resolve) => {
      const end = () => {
        cancel();
        pauses.delete(end);
        resolve();
      };
      const cancel = clock.setTimeout(end, storePauseMs);
      pauses.add(end);
    });
  }

  function verdictOf(outcome: Outcome): InboxVerdict {
    if (outcome === undefined) return { state: 'done' };
    if (outcome.code === 'in_flight') return askAgain;
    if (isPostponed(outcome)) return handBack;
    const { code, cause } = outcome;
    const message = cause instanceof Error ? cause.message : outcome.message;
    return { state: 'failed', permanent: !outcome.retryable, reason: { code, message } };
  }
}
