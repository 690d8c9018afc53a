import { ChathooksError } from '../errors.ts';
import { type HmacAlgorithm, signatureForm } from './hmac-key.ts';
import type { SecretSource } from './secrets.ts';
import { type SignatureScheme, verifySignedHeader } from './signed-header.ts';
import { defaultToleranceSeconds, isTimestamp, tolerance } from './tolerance.ts';
import { refuse, type Verification, type Verifier } from './verifier.ts';

/** Options of {@link timestampedHmac}. */
export interface TimestampedHmacOptions {
  readonly secret: SecretSource;
  /** Name of the header that carries timestamp and signatures or, with a `timestampHeader`, one signature alone. */
  readonly header: string;
  /** The names of the two parts, with `…` for their values. @defaultValue `'t=…,v1=…'` */
  readonly layout?: `${string}=…,${string}=…`;
  /**
   * Name of the header that carries the timestamp, for vendors that send it in one of its own.
   *
   * @defaultValue none: it is in `header`, see `layout`
   */
  readonly timestampHeader?: string;
  /** With a `timestampHeader`: what stands before the signature, `sha256=`. @defaultValue none */
  readonly prefix?: string;
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

/** The two things that a request says of its signature, wherever the vendor writes them. */
interface Signed {
  readonly timestamp: string;
  /** In lower case. */
  readonly signatures: readonly string[];
}

/** How one kind of vendor writes them. */
interface Layout {
  /** The form of the header, for messages. */
  readonly form: string;
  /** Name of the header with the timestamp, for messages. */
  readonly timestampHeader: string;
  read(...request: Parameters<SignatureScheme['read']>): Signed | Verification;
}

/**
 * Verifies an HMAC over a timestamp and the raw body: both in one header, the scheme of Stripe and Wexio, or the
 * timestamp in a header of its own, the scheme of Slack and Chatwoot.
 *
 * Several signatures in one header are tried in turn. Timestamps that are too old (`stale`) or ahead of our clock
 * (`future`) by more than the tolerance are refused, which limits replays.
 *
 * @throws {@link ChathooksError} `missing_secret`, `invalid_option`
 * @example
 * ```ts
 * timestampedHmac({ secret: process.env.SECRET!, header: 'stripe-signature' })
 * timestampedHmac({
 *   secret: process.env.SECRET!,
 *   header: 'x-slack-signature',
 *   prefix: 'v0=',
 *   timestampHeader: 'x-slack-request-timestamp',
 *   signedContent: 'v0:{timestamp}:{body}',
 * })
 * ```
 */
export function timestampedHmac(options: TimestampedHmacOptions): Verifier {
  const { secret, algorithm = 'sha256', timestampUnit = 'seconds' } = options;
  const header = options.header.toLowerCase();
  const { form, timestampHeader, read } =
    options.timestampHeader === undefined ? inOneHeader(header, options) : inTwoHeaders(header, options);
  const [before, after] = readSignedContent(options.signedContent ?? '{timestamp}.{body}');
  const tooFar = tolerance(timestampHeader, options.toleranceSeconds ?? defaultToleranceSeconds);
  const unitMs = timestampUnit === 'seconds' ? 1000 : 1;

  return verifySignedHeader({
    secret,
    header,
    algorithm,
    encoding: 'hex',
    form,
    read(value, input) {
      const signed = read(value, input);
      if ('ok' in signed) return signed;
      const { timestamp, signatures } = signed;
      const refusal = tooFar(Number(timestamp) * unitMs, input.now);
      return refusal ?? { before: before.join(timestamp), after: after.join(timestamp), signatures };
    },
  });
}

function inOneHeader(
  header: string,
  { layout, prefix, algorithm = 'sha256', timestampUnit = 'seconds' }: TimestampedHmacOptions,
): Layout {
  if (prefix !== undefined) {
    throw new ChathooksError('invalid_option', 'prefix is set but no timestampHeader: layout says what stands where');
  }
  const [timestampName, signatureName] = readLayout(layout ?? 't=…,v1=…');
  const [timestampStart, signatureStart] = [`${timestampName}=`, `${signatureName}=`];
  const isSignature = signatureForm(algorithm, 'hex');
  const form = `"${timestampName}=<Unix ${timestampUnit}>,${signatureName}=<HMAC-${algorithm} in hex>"`;
  const malformed = refuse('malformed', `the header ${header} is not of the form ${form}`);
  return {
    form,
    timestampHeader: header,
    read(value) {
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
      return { timestamp, signatures };
    },
  };
}

function inTwoHeaders(
  header: string,
  {
    layout,
    prefix = '',
    timestampHeader = '',
    algorithm = 'sha256',
    timestampUnit = 'seconds',
  }: TimestampedHmacOptions,
): Layout {
  if (layout !== undefined) {
    throw new ChathooksError('invalid_option', 'layout and timestampHeader are both set, expected one of them');
  }
  const name = timestampHeader.toLowerCase();
  const isSignature = signatureForm(algorithm, 'hex');
  const form = `"${prefix}<HMAC-${algorithm} in hex>"`;
  const missing = refuse('missing_header', `the header ${name} is missing; expected Unix ${timestampUnit}`);
  const malformed = refuse('malformed', `the header ${header} is not of the form ${form}`);
  const noTime = refuse('malformed', `the header ${name} does not hold Unix ${timestampUnit} in digits`);
  return {
    form,
    timestampHeader: name,
    read(value, { request }) {
      const timestamp = request.header(name);
      if (timestamp === undefined || timestamp === '') return missing;
      const signature = value.slice(prefix.length).toLowerCase();
      if (!value.startsWith(prefix) || !isSignature.test(signature)) return malformed;
      return isTimestamp.test(timestamp) ? { timestamp, signatures: [signature] } : noTime;
    },
  };
}

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
