/** What each error code means: HTTP status, whether the same request may succeed later, and its one-line title. */
export interface ErrorInfo {
  readonly status: number;
  readonly retryable: boolean;
  readonly title: string;
}

/**
 * Every error of chathooks, in one table. Each code has a page `docs/errors/<code>.md`.
 *
 * The first group answers requests; the second is thrown while a receiver is being made.
 */
export const errorCodes = {
  not_found: { status: 404, retryable: false, title: 'Nothing is mounted at this path' },
  method_not_allowed: { status: 405, retryable: false, title: 'The path is right, the method is not' },
  unsupported_content_type: {
    status: 415,
    retryable: false,
    title: 'The content type is none that the provider sends',
  },
  unsupported_content_encoding: { status: 415, retryable: false, title: 'The content encoding cannot be undone' },
  body_too_large: { status: 413, retryable: false, title: 'The body is larger than the limit' },
  batch_too_large: { status: 413, retryable: false, title: 'The delivery holds more events than the limit' },
  body_consumed: { status: 500, retryable: true, title: 'Something read the body before chathooks could' },
  body_aborted: { status: 400, retryable: true, title: 'The sender hung up before the body was complete' },
  verification_failed: { status: 401, retryable: false, title: 'The request could not be verified' },
  secret_unavailable: { status: 503, retryable: true, title: 'The secret could not be looked up' },
  invalid_body: { status: 400, retryable: false, title: 'The verified body could not be parsed' },
  store_unavailable: { status: 503, retryable: true, title: 'The dedup store failed' },
  inbox_unavailable: { status: 503, retryable: true, title: 'The inbox failed' },
  inbox_full: { status: 503, retryable: true, title: 'The inbox is full' },
  in_flight: { status: 503, retryable: true, title: 'Another process is handling the same event' },
  handler_failed: { status: 500, retryable: true, title: 'A handler failed' },
  permanent_failure: { status: 200, retryable: false, title: 'A handler refused an event for good' },
  handler_timeout: { status: 500, retryable: true, title: 'A handler did not settle in time' },
  shutting_down: { status: 503, retryable: true, title: 'The receiver is closing' },
  invalid_reply: { status: 500, retryable: true, title: 'A handler answered what the vendor could not read' },
  internal_error: { status: 500, retryable: true, title: 'Something in the receiver went wrong' },

  invalid_option: { status: 500, retryable: false, title: 'An option has a value that cannot work' },
  unknown_option: { status: 500, retryable: false, title: 'An option or handler has a name that does not exist' },
  no_provider: { status: 500, retryable: false, title: 'There is no provider to receive from' },
  duplicate_provider: { status: 500, retryable: false, title: 'Two providers are mounted under one name' },
  missing_secret: { status: 500, retryable: false, title: 'A provider has no secret' },
  missing_dependency: {
    status: 500,
    retryable: false,
    title: 'Something that a store or an inbox needs is not installed',
  },
} as const satisfies Record<string, ErrorInfo>;

/** The code of a {@link ChathooksError}. */
export type ErrorCode = keyof typeof errorCodes;

/**
 * An error of chathooks. Its message says what was seen, what was expected and what to do next.
 *
 * @remarks
 * Recognise it by `code` (see {@link hasErrorCode}): `instanceof` fails when two copies of the package are installed.
 */
export class ChathooksError extends Error {
  override readonly name = 'ChathooksError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(`${message} (${code})`, options);
    this.code = code;
  }

  /** The HTTP status that this error is answered with. */
  get status(): number {
    return errorCodes[this.code].status;
  }

  /** Whether the same request may succeed later. */
  get retryable(): boolean {
    return errorCodes[this.code].retryable;
  }
}

/** Tells whether `error` is a {@link ChathooksError}, of one code or of any. */
export function hasErrorCode(error: unknown, code?: ErrorCode): error is ChathooksError {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  return code === undefined ? Object.hasOwn(errorCodes, error.code) : error.code === code;
}

/**
 * For handlers to throw when no other try can help: the event is set aside at once by an inbox, and not asked for again
 * where there is none.
 *
 * @example
 * ```ts
 * if (!data.message.from?.phone) throw new PermanentError('The CRM knows people by phone only');
 * ```
 */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
  readonly permanent = true;
}

/** Tells whether `error` is a {@link PermanentError}, or several errors that all are. */
export function isPermanent(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isPermanent);
  return error instanceof Error && error.name === 'PermanentError' && 'permanent' in error && error.permanent === true;
}
