import { ChathooksError } from '../errors.ts';
import type { InboxSettings } from './inbox.ts';

/**
 * Fills in the defaults of {@link InboxSettings}: what an implementation works with.
 *
 * @throws ChathooksError `invalid_option`
 */
export function inboxSettings(settings: InboxSettings): Required<InboxSettings> {
  const {
    attempts = 10,
    retryDelayMs = 1_000,
    maxRetryDelayMs = 5 * 60 * 1000,
    concurrency = 16,
    maxPending = 100_000,
    keepFailedMs = 30 * 24 * 60 * 60 * 1000,
  } = settings;
  const filled = { attempts, retryDelayMs, maxRetryDelayMs, concurrency, maxPending, keepFailedMs };
  for (const [name, value] of Object.entries(filled)) {
    if (Number.isSafeInteger(value) && value > 0) continue;
    throw new ChathooksError('invalid_option', `${name} is ${value}, expected a whole number above 0`);
  }
  return filled;
}

/**
 * The pause before the next try of an entry: doubles with each failure, less a random part of up to half, so that what
 * failed together does not come back together.
 *
 * @param failures - so far, 1 or more
 */
export function retryDelay(
  { retryDelayMs, maxRetryDelayMs }: Pick<Required<InboxSettings>, 'retryDelayMs' | 'maxRetryDelayMs'>,
  failures: number,
): number {
  const longest = Math.min(maxRetryDelayMs, retryDelayMs * 2 ** Math.min(failures - 1, 40));
  return Math.round(longest * (1 - Math.random() / 2));
}
