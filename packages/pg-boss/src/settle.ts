import { setTimeout as pause } from 'node:timers/promises';
import { groupCommit, type InboxVerdict, retryDelay } from '@chathooks/core';
import type { Settings } from './options.ts';
import type { Claim, Queue } from './queue.ts';

/** Options of {@link createSettling}. */
export interface SettlingOptions {
  readonly queue: Queue;
  readonly settings: Settings;
  /** Until when an entry is surely ours, in the time of `performance.now()`. */
  heldUntil(claim: Claim): number;
  /** Whether what is postponed is due for others at once. */
  isStopping(): boolean;
  /** Whether to give up what Postgres does not take now. */
  isClosing(): boolean;
  /** Told when an entry is pending no longer. */
  onLeft(): void;
  /** Told when an entry waits for its turn again, and for how long. */
  onGivenBack(delayMs: number): void;
}

/** How long to wait before Postgres is asked again. */
export const pauseAfter = (failures: number): number => Math.min(100 * 2 ** failures, 5_000);

/** Makes a function that does what a verdict asks for. It never rejects. */
export function createSettling(options: SettlingOptions): (claim: Claim, verdict: InboxVerdict) => Promise<void> {
  const { queue, settings, heldUntil, isStopping, isClosing, onLeft, onGivenBack } = options;
  const done = groupCommit(async (claims: readonly Claim[]) => {
    await queue.done(claims);
    return claims;
  });

  async function giveBack(claim: Claim, delayMs: number, counted: boolean): Promise<void> {
    await queue.giveBack([claim], { delayMs, counted });
    onGivenBack(delayMs);
  }

  async function settleOnce(claim: Claim, verdict: InboxVerdict): Promise<void> {
    if (verdict.state === 'postponed') return giveBack(claim, isStopping() ? 0 : verdict.delayMs, false);
    const last = claim.attempt >= settings.attempts;
    if (verdict.state === 'failed' && !verdict.permanent && !last) {
      return giveBack(claim, retryDelay(settings, claim.attempt), true);
    }
    await (verdict.state === 'done' ? done(claim) : queue.setAside(claim, verdict.reason));
    onLeft();
  }

  return async (claim, verdict) => {
    for (let failures = 0; ; failures++) {
      try {
        return await settleOnce(claim, verdict);
      } catch (error) {
        settings.onError(error);
        const pauseMs = pauseAfter(failures);
        // Then others may have it, and try it again.
        if (isClosing() || performance.now() + pauseMs > heldUntil(claim)) return;
        await pause(pauseMs);
      }
    }
  };
}
