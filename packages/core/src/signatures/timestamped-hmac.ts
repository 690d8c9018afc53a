import { ChathooksError } from '../errors.ts';
import { type HmacAlgorithm, signatureForm } from './hmac-key.ts';
import type { SecretSource } from './secrets.ts';
import { verifySignedHeader } from './signed-header.ts';
import { refuse, type Verifier } from './verifier.ts';

/** Options of {@link timestampedHmac}. */
export interface TimestampedHmacOptions {
  readonly secret: SecretSource;
  /** Name of the header that carries timestamp and signatures. */
  readonly header: string;
  /** The names of the two parts, with `…` for their values. @defaultValue `'t=…,v1=…'` */
  readonly layout?: `${string}=…,${string}=…`;
  /** @defaultValue `'sha256'` */
  readonly algorithm?: HmacAlgorithm;
  /** The signed text, in terms of `{timestamp}` and `{body}`. @defaultValue `'{timestamp}.{body}'` */
  readonly signedContent?: string;
  /** @defaultValue `'seconds'` */
  readonly timestampUnit?: 'seconds' | 'milliseconds';
  /** How old, or how far in the future, a timestamp may be. @defaultValue 300 */
  readonly toleranceSeconds?: number;
}

/** A header may carry one signature per secret during a rotation, not hundreds. */
const maxSignatures = 8;

/**
 * Verifies an HMAC over a timestamp and the raw body, both in one header: the scheme of Stripe and Wexio.
 *
 * Several signatures in the header are tried in turn. Timestamps that are too old (`stale`) or ahead of our clock
 * (`future`) by more than the tolerance are refused, which limits replays.
 *
 * @throws {@link ChathooksError} `missing_secret`, `invalid_option`
 * @example
 * ```ts
 * timestampedHmac({ secret: process.env.SECRET!, header: 'stripe-signature' })
 * ```
 */
export function timestampedHmac(options: TimestampedHmacOptions): Verifier {
  const { secret, algorithm = 'sha256', timestampUnit = 'seconds', toleranceSeconds = 300 } = options;
  const header = options.header.toLowerCase();
  const [timestampName, signatureName] = readLayout(options.layout ?? 't=…,v1=…');
  const [timestampStart, signatureStart] = [`${timestampName}=`, `${signatureName}=`];
  const [before, after] = readSignedContent(options.signedContent ?? '{timestamp}.{body}');
  if (!(toleranceSeconds > 0)) {
    throw new ChathooksError(
      'invalid_option',
      `toleranceSeconds is ${toleranceSeconds}, expected a number of seconds above 0, for example 300`,
    );
  }
  const isSignature = signatureForm(algorithm, 'hex');
  const form = `"${timestampName}=<Unix ${timestampUnit}>,${signatureName}=<HMAC-${algorithm} in hex>"`;
  const malformed = refuse('malformed', `the header ${header} is not of the form ${form}`);
  const unitMs = timestampUnit === 'seconds' ? 1000 : 1;

  return verifySignedHeader({
    secret,
    header,
    algorithm,
    encoding: 'hex',
    form,
    read(value, now) {
      let timestamp: string | undefined;
      const signatures: string[] = [];
      for (const spaced of value.split(',', maxSignatures + 1)) {
        const part = spaced.trim();
        if (part.startsWith(timestampStart)) {
          if (timestamp !== undefined) return malformed;
          timestamp = part.slice(timestampStart.length);
        } else if (part.startsWith(signatureStart)) {
          const signature = part.slice(signatureStart.length);
          if (isSignature.test(signature)) signatures.push(signature.toLowerCase());
        }
      }
      if (timestamp === undefined || !isTimestamp.test(timestamp) || signatures.length === 0) return malformed;
      const ageSeconds = (now - Number(timestamp) * unitMs) / 1000;
      if (ageSeconds > toleranceSeconds) return refuse('stale', late(ageSeconds, 'old'));
      if (-ageSeconds > toleranceSeconds) return refuse('future', late(-ageSeconds, 'ahead of this clock'));
      return { before: before.join(timestamp), after: after.join(timestamp), signatures };
    },
  });

  function late(seconds: number, direction: string): string {
    return `the timestamp in ${header} is ${Math.round(seconds)} s ${direction}, allowed are ${toleranceSeconds} s: is a clock wrong, or a request replayed?`;
  }
}

const isTimestamp = /^\d{1,15}$/;

function readLayout(layout: string): readonly [timestamp: string, signature: string] {
  const [, timestamp, signature] = /^([\w-]+)=…,([\w-]+)=…$/.exec(layout) ?? [];
  if (timestamp === undefined || signature === undefined) {
    throw new ChathooksError('invalid_option', `layout is "${layout}", expected the form "t=…,v1=…"`);
  }
  return [timestamp, signature];
}

/** What is signed before and after the body, each in the pieces between which the timestamp goes. */
function readSignedContent(template: string): readonly [before: readonly string[], after: readonly string[]] {
  const [before, after, ...rest] = template.split('{body}');
  if (before === undefined || after === undefined || rest.length > 0 || !template.includes('{timestamp}')) {
    throw new ChathooksError(
      'invalid_option',
      `signedContent is "${template}", expected one {body} and a {timestamp}, like "{timestamp}.{body}"`,
    );
  }
  return [before.split('{timestamp}'), after.split('{timestamp}')];
}
