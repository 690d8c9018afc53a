import { type Awaitable, after, attempt } from '../awaitable.ts';
import { ChathooksError, hasErrorCode } from '../errors.ts';
import type { RefusalReason, UnverifiedRequest, Verification, Verifier } from '../signatures/verifier.ts';

/** A request that did not prove where it comes from. */
export class VerificationError extends ChathooksError {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string) {
    super('verification_failed', message);
    this.reason = reason;
  }
}

/** Who verifies, and under which name. */
export interface Verifying {
  readonly name: string;
  readonly verifier: Verifier;
}

/**
 * Verifies a request.
 *
 * @param others - the verifiers of all providers, by which a mix-up of secrets is recognised
 * @returns the name of the secret that matched
 * @throws {@link VerificationError}, or {@link ChathooksError} `secret_unavailable` when it could not be decided
 */
export function verify(
  provider: Verifying,
  input: UnverifiedRequest,
  others: ReadonlyMap<string, Verifier>,
): Awaitable<string> {
  const verification = attempt(
    () => provider.verifier.verify(input),
    (error) => undecided(provider, error),
  );
  return after(verification, (result) => (result.ok ? result.secret : refuse(provider, input, result, others)));
}

async function refuse(
  provider: Verifying,
  input: UnverifiedRequest,
  { reason, detail }: Extract<Verification, { ok: false }>,
  others: ReadonlyMap<string, Verifier>,
): Promise<never> {
  const explain = async () => provider.verifier.explain?.(input, others);
  // A cause that cannot be found does not change the answer.
  const cause = reason === 'mismatch' ? await explain().catch(() => undefined) : undefined;
  const hint = cause ?? (reason === 'mismatch' ? 'is the secret the one that the vendor has for this URL?' : undefined);
  throw new VerificationError(reason, hint ? `${detail}; ${hint}` : detail);
}

function undecided(provider: Verifying, cause: unknown): never {
  if (hasErrorCode(cause, 'missing_secret')) throw cause;
  throw new ChathooksError(
    'secret_unavailable',
    `The secret of "${provider.name}" could not be looked up: the secret function failed`,
    { cause },
  );
}
