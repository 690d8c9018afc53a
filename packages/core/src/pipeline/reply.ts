import { type ErrorCode, errorCodes } from '../errors.ts';
import type { Reply } from '../http.ts';
import type { Outcome } from './running.ts';

/** Vendors that honour `retry-after` come back after it; the others by their own schedule. */
const retryAfterSeconds = '5';

/** Exactly 200: AISoule counts every other status as a failure. */
const accepted: Reply = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":true}' };

/**
 * What the vendor is told. One failed event makes the vendor send the whole delivery again; the events that are done
 * stay done.
 */
export function replyTo(outcomes: readonly Outcome[], success: Reply = accepted): Reply {
  let worst: ErrorCode | undefined;
  for (const outcome of outcomes) {
    // What no other delivery could change is not asked for again.
    if (outcome === undefined || !outcome.retryable) continue;
    if (worst === undefined || outcome.status > errorCodes[worst].status) worst = outcome.code;
  }
  return worst === undefined ? success : failures[worst];
}

/** The reply to a request that was refused. */
export function replyToError(code: ErrorCode): Reply {
  return failures[code];
}

function problem(code: ErrorCode): Reply {
  const { status, title } = errorCodes[code];
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      ...(status === 503 && { 'retry-after': retryAfterSeconds }),
      ...(status === 413 && { connection: 'close' }),
    },
    body: JSON.stringify({ title, status, code }),
  };
}

const failures = Object.fromEntries(Object.keys(errorCodes).map((code) => [code, problem(code as ErrorCode)])) as {
  readonly [Code in ErrorCode]: Reply;
};
