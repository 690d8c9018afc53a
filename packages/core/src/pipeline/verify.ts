import { ChathooksError, hasErrorCode } from '../errors.ts';
import { isPromise } from '../http.ts';
import type { Provider } from '../providers/provider.ts';
import type { RefusalReason, UnverifiedRequest, Verification, Verifier } from '../signatures/verifier.ts';

/** A request that did not prove where it comes from. */
export class VerificationError extends ChathooksError {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string) {
    super('verification_failed', message);
    this.reason = reason;
  }
}

/**
 * Verifies a request.
 *
 * @returns the name of the secret that matched
 * @throws {@link VerificationError}, or {@link ChathooksError} `secret_unavailable` when it could not be decided
 */
export async function verify(
  provider: Provider,
  input: UnverifiedRequest,
  others: ReadonlyMap<string, Verifier>,
): Promise<string> {
  let verification: Verification;
  try {
    const result = provider.verifier.verify(input);
    verification = isPromise(result) ? await result : result;
  } catch (cause) {
    if (hasErrorCode(cause, 'missing_secret')) throw cause;
    throw new ChathooksError(
      'secret_unavailable',
      `The secret of "${provider.name}" could not be looked up: the secret function failed`,
      { cause },
    );
  }
  if (verification.ok) return verification.secret;
  const { reason, detail } = verification;
  const cause = reason === 'mismatch' ? await provider.verifier.explain?.(input, others) : undefined;
  throw new VerificationError(reason, cause ? `${detail}; ${cause}` : detail);
}
