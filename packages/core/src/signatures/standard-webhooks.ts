import { type Awaitable, after } from '../awaitable.ts';
import { explainMismatch, rememberSecrets } from './explain.ts';
import { prepareSecrets, type SecretSource } from './secrets.ts';
import { maxIdLength, readStandardHeaders, readStandardSignatures } from './standard-webhooks-headers.ts';
import { standardWebhooksKey } from './standard-webhooks-key.ts';
import { defaultToleranceSeconds, isTimestamp, tolerance } from './tolerance.ts';
import { refuse, type UnverifiedRequest, type Verification, type Verifier } from './verifier.ts';

/** Options of {@link standardWebhooksSignature}. */
export interface StandardWebhooksSignatureOptions {
  /**
   * `whsec_…`, or the same without prefix, for signatures of version `v1` (HMAC-SHA256); `whpk_…` for `v1a` (Ed25519).
   * A list may hold both kinds.
   */
  readonly secret: SecretSource;
  /** How old, or how far in the future, the time of an attempt may be. @defaultValue 300 */
  readonly toleranceSeconds?: number;
}

/** Printable ASCII: other bytes reach us as other characters than the sender signed. */
const isId = /^[\x20-\x7e]+$/;

/**
 * Verifies the signature of the Standard Webhooks specification, 1.0.0: `webhook-id`, `webhook-timestamp` and
 * `webhook-signature`, or the same three with `svix-`.
 *
 * Only versions are accepted for which there is a key; others in the header are skipped, so that the header never
 * chooses the algorithm. One signature that fits one key is enough.
 *
 * @throws {@link ChathooksError} `missing_secret`; `invalid_option` for what is no key of the specification
 * @example
 * ```ts
 * standardWebhooksSignature({ secret: process.env.STANDARD_WEBHOOKS_SECRET! })
 * ```
 */
export function standardWebhooksSignature(options: StandardWebhooksSignatureOptions): Verifier {
  const secrets = prepareSecrets(options.secret, 'Standard Webhooks', standardWebhooksKey);
  const tooFar = tolerance('webhook-timestamp', options.toleranceSeconds ?? defaultToleranceSeconds);
  const missing = refuse(
    'missing_header',
    'webhook-id, webhook-timestamp or webhook-signature is missing; expected all three, or all three with svix-',
  );
  const badId = refuse('malformed', `webhook-id is longer than ${maxIdLength} characters, or not printable ASCII`);
  const badTime = refuse('malformed', 'webhook-timestamp does not hold Unix seconds in digits');
  const badSignature = refuse(
    'malformed',
    'webhook-signature holds no signature that is read here; expected "v1,<HMAC-sha256 in base64>" or "v1a,<Ed25519 in base64>", several with a space between them',
  );
  const noSecret = refuse('no_secret', 'there is no secret for this connection');
  const mismatch = refuse('mismatch', 'no signature in webhook-signature fits the id, the time and the body');

  const read = ({ request, now }: UnverifiedRequest): SignedRequest | Verification => {
    const headers = readStandardHeaders((name) => request.header(name));
    if (headers === undefined) return missing;
    const { id, timestamp } = headers;
    if (id.length > maxIdLength || !isId.test(id)) return badId;
    if (!isTimestamp.test(timestamp)) return badTime;
    const refusal = tooFar(Number(timestamp) * 1000, now);
    if (refusal) return refusal;
    const signatures = readStandardSignatures(headers.signature);
    return signatures === undefined ? badSignature : { before: `${id}.${timestamp}.`, signatures };
  };

  const verifier: Verifier = {
    verify(input): Awaitable<Verification> {
      const signed = read(input);
      if ('ok' in signed) return signed;
      return after(secrets.find(input), (known): Verification => {
        if (known.length === 0) return noSecret;
        const match = known.find(({ key }) => key.fits(signed.before, input.body, signed.signatures));
        return match ? { ok: true, secret: match.name } : mismatch;
      });
    },
    async explain(input, others) {
      const signed = read(input);
      if ('ok' in signed) return undefined;
      const fits = (secret: string, body: Uint8Array) => {
        try {
          return standardWebhooksKey(secret).fits(signed.before, body, signed.signatures);
        } catch {
          // The secret of another provider need not be a key here.
          return false;
        }
      };
      const known = await secrets.find(input);
      const versions = new Set(known.map(({ key }) => key.version));
      if (!signed.signatures.some(({ version }) => versions.has(version))) {
        return `the configured keys are for ${[...versions].join(' and ')}, and the request carries no signature of that version`;
      }
      return explainMismatch({ body: input.body, own: known.map(({ text }) => text), others, fits });
    },
  };
  rememberSecrets(
    verifier,
    secrets.fixed.map(({ text }) => text),
  );
  return verifier;
}

interface SignedRequest {
  /** What is signed before the body. */
  readonly before: string;
  readonly signatures: NonNullable<ReturnType<typeof readStandardSignatures>>;
}
