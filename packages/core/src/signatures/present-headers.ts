import { after } from '../awaitable.ts';
import { rememberSecrets, secretsOf } from './explain.ts';
import { refuse, type UnverifiedRequest, type Verifier } from './verifier.ts';

/**
 * Verifies by the headers that a request carries, for a vendor with several signature headers: every verifier whose
 * header is there must accept the request, and at least one header must be there.
 *
 * @param verifiers - a verifier for each header name
 * @example
 * ```ts
 * byPresentHeaders({
 *   'x-acme-signature': hmac({ secret, header: 'x-acme-signature', prefix: 'sha256=' }),
 *   'x-legacy-signature': hmac({ secret, header: 'x-legacy-signature' }),
 * })
 * ```
 */
export function byPresentHeaders(verifiers: Readonly<Record<string, Verifier>>): Verifier {
  const choices = Object.entries(verifiers).map(([header, verifier]) => ({ header: header.toLowerCase(), verifier }));
  const names = choices.map(({ header }) => header).join(' or ');
  const missing = refuse('missing_header', `there is no header ${names}`);
  const chosen = ({ request }: UnverifiedRequest) =>
    choices.filter(({ header }) => request.header(header) !== undefined).map(({ verifier }) => verifier);

  const combined: Verifier = {
    verify(input) {
      const [first, ...others] = chosen(input);
      if (!first) return missing;
      return others.reduce(
        (verdict, verifier) => after(verdict, (verified) => (verified.ok ? verifier.verify(input) : verified)),
        first.verify(input),
      );
    },
    async explain(input, others) {
      for (const verifier of chosen(input)) {
        const cause = await verifier.explain?.(input, others);
        if (cause !== undefined) return cause;
      }
      return undefined;
    },
  };
  rememberSecrets(
    combined,
    choices.flatMap(({ verifier }) => secretsOf(verifier)),
  );
  return combined;
}
