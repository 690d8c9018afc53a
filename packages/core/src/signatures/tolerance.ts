import { ChathooksError } from '../errors.ts';
import { refuse, type Verification } from './verifier.ts';

/** How old, or how far in the future, a signed time may be unless it is said otherwise. */
export const defaultToleranceSeconds = 300;

/** Unix time in digits. More of them than any unit needs would only be work. */
export const isTimestamp = /^\d{1,15}$/;

/**
 * Holds signed times to a tolerance, in both directions, which limits replays.
 *
 * @param header - the header that carries the time, for messages
 * @returns a check of a time against the clock, both in milliseconds: the refusal, or nothing
 * @throws {@link ChathooksError} `invalid_option`
 */
export function tolerance(
  header: string,
  toleranceSeconds: number,
): (timestamp: number, now: number) => Verification | undefined {
  if (!(toleranceSeconds > 0)) {
    throw new ChathooksError(
      'invalid_option',
      `toleranceSeconds is ${toleranceSeconds}, expected a number of seconds above 0, for example ${defaultToleranceSeconds}`,
    );
  }
  const late = (seconds: number, direction: string) =>
    `the timestamp in ${header} is ${Math.round(seconds)} s ${direction}, allowed are ${toleranceSeconds} s: is a clock wrong, or a request replayed?`;
  return (timestamp, now) => {
    const ageSeconds = (now - timestamp) / 1000;
    if (ageSeconds > toleranceSeconds) return refuse('stale', late(ageSeconds, 'old'));
    if (-ageSeconds > toleranceSeconds) return refuse('future', late(-ageSeconds, 'ahead of this clock'));
    return undefined;
  };
}
