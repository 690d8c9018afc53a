import { type Awaitable, after } from '../awaitable.ts';
import { explainMismatch, rememberSecrets } from './explain.ts';
import { equalInConstantTime, type HmacAlgorithm, hmacKey, type SignatureEncoding } from './hmac-key.ts';
import { prepareSecrets, type SecretSource } from './secrets.ts';
import { refuse, type UnverifiedRequest, type Verification, type Verifier } from './verifier.ts';

/** What a signature header says: the text that was signed around the body, and the signatures to try. */
export interface SignedHeader {
  readonly before: string;
  readonly after: string;
  readonly signatures: readonly string[];
}

/** A scheme that puts HMACs of the body, and of some text around it, in one header. */
export interface SignatureScheme {
  readonly secret: SecretSource;
  /** Lower-case header name. */
  readonly header: string;
  readonly algorithm: HmacAlgorithm;
  readonly encoding: SignatureEncoding;
  /** The form of the header, for messages. */
  readonly form: string;
  /** Reads the header, or refuses it. Signatures come in the form in which we would write them. */
  read(value: string, input: UnverifiedRequest): SignedHeader | Verification;
}

/** The verifier that `hmac` and `timestampedHmac` share. */
export function verifySignedHeader(scheme: SignatureScheme): Verifier {
  const { header, algorithm, encoding } = scheme;
  const secrets = prepareSecrets(scheme.secret, `the header ${header}`, (secret) => hmacKey(algorithm, secret));
  const missing = refuse('missing_header', `the header ${header} is missing; expected ${scheme.form}`);
  const mismatch = refuse('mismatch', `the signature in ${header} does not fit the body`);
  const noSecret = refuse('no_secret', `there is no secret for this connection`);

  const verify = (input: UnverifiedRequest): Awaitable<Verification> => {
    const value = input.request.header(header);
    if (value === undefined || value === '') return missing;
    const signed = scheme.read(value, input);
    if ('ok' in signed) return signed;
    return after(secrets.find(input), (known): Verification => {
      if (known.length === 0) return noSecret;
      for (const { name, key } of known) {
        const expected = key(signed.before, input.body, signed.after, encoding);
        for (const signature of signed.signatures) {
          if (equalInConstantTime(expected, signature)) return { ok: true, secret: name };
        }
      }
      return mismatch;
    });
  };

  const verifier: Verifier = {
    verify,
    async explain(input, others) {
      const signed = scheme.read(input.request.header(header) ?? '', input);
      if ('ok' in signed) return undefined;
      const fits = (secret: string, body: Uint8Array) => {
        const expected = hmacKey(algorithm, secret)(signed.before, body, signed.after, encoding);
        return signed.signatures.some((signature) => equalInConstantTime(expected, signature));
      };
      const own = (await secrets.find(input)).map(({ text }) => text);
      return explainMismatch({ body: input.body, own, others, fits });
    },
  };
  rememberSecrets(
    verifier,
    secrets.fixed.map(({ text }) => text),
  );
  return verifier;
}
