import { type HmacAlgorithm, type SignatureEncoding, signatureForm } from './hmac-key.ts';
import type { SecretSource } from './secrets.ts';
import { verifySignedHeader } from './signed-header.ts';
import { refuse, type Verifier } from './verifier.ts';

/** Options of {@link hmac}. */
export interface HmacOptions {
  readonly secret: SecretSource;
  /** Name of the header that carries the signature. */
  readonly header: string;
  /** @defaultValue `'sha256'` */
  readonly algorithm?: HmacAlgorithm;
  /** @defaultValue `'hex'` */
  readonly encoding?: SignatureEncoding;
  /** What stands before the signature in the header: `sha256=`. @defaultValue none */
  readonly prefix?: string;
}

/**
 * Verifies an HMAC of the raw body in a header: the scheme of GitHub, Meta, LINE and many others.
 *
 * @throws {@link ChathooksError} `missing_secret`
 * @example
 * ```ts
 * hmac({ secret: process.env.SECRET!, header: 'x-hub-signature-256', prefix: 'sha256=' })
 * ```
 */
export function hmac(options: HmacOptions): Verifier {
  const { secret, algorithm = 'sha256', encoding = 'hex', prefix = '' } = options;
  const header = options.header.toLowerCase();
  const isSignature = signatureForm(algorithm, encoding);
  const form = `"${prefix}<HMAC-${algorithm} in ${encoding}>"`;

  const malformed = (value: string) => {
    const bare = isSignature.test(value.replace(/^[\w-]+=/, ''));
    const cause = bare ? `its prefix is not "${prefix}"` : 'it has another length, alphabet or encoding';
    return refuse('malformed', `the header ${header} is not of the form ${form}: ${cause}`);
  };

  return verifySignedHeader({
    secret,
    header,
    algorithm,
    encoding,
    form,
    read(value) {
      const signature = value.slice(prefix.length);
      if (!value.startsWith(prefix) || !isSignature.test(signature)) return malformed(value);
      return { before: '', after: '', signatures: [encoding === 'hex' ? signature.toLowerCase() : signature] };
    },
  });
}
