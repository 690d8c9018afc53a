import type { InboxHandler, InboxVerdict } from '@chathooks/core';
import type { Claim } from './queue.ts';

/** Has an entry tried. Never rejects. */
export async function judge(claim: Claim, handle: InboxHandler, attempts: number): Promise<InboxVerdict> {
  const { entry, attempt } = claim;
  if (attempt > attempts) return { state: 'failed', permanent: true, reason: ofSilence };
  try {
    return await handle(entry, { attempt, last: attempt === attempts });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { state: 'failed', permanent: false, reason: { code: 'handler_failed', message } };
  }
}

/** Nobody is left to tell more. */
const ofSilence = {
  code: 'handler_failed',
  message: 'Its process died, or lost Postgres, during the last try',
};
