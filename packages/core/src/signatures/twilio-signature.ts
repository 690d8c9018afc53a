import * as crypto from 'node:crypto';
import { type Awaitable, after } from '../awaitable.ts';
import { queryOf } from '../http.ts';
import { type CalledUrlOptions, calledUrl, mistakenUrls, remedy, shownUrl, spellings } from './called-url.ts';
import { explainMismatch, rememberSecrets } from './explain.ts';
import { joinSorted, maxFormParameters, readForm, saysJson } from './form.ts';
import { equalInConstantTime, type HmacKey, hmacKey, signatureForm } from './hmac-key.ts';
import { prepareSecrets, type SecretSource } from './secrets.ts';
import { refuse, type UnverifiedRequest, type Verification, type Verifier } from './verifier.ts';

/** Options of {@link twilioSignature}. */
export interface TwilioSignatureOptions extends CalledUrlOptions {
  readonly secret: SecretSource;
  /** Name of the header that carries the signature. @defaultValue `'x-twilio-signature'` */
  readonly header?: string | undefined;
}

const isSignature = signatureForm('sha1', 'base64');
const noBody = new Uint8Array(0);
/** Beyond it, finding the likely cause would cost more than it is worth. */
const explainableBytes = 8 * 1024;
const unknownHost =
  'set publicUrl to the origin that the vendor calls, like "https://app.example.com"; if it is set, does the proxy send a Host that is no host?';
const unexplained = 'is this, letter for letter, the URL that the vendor has, and the secret that of its account?';

/**
 * Verifies the scheme of Twilio, which others use too: HMAC-SHA1, in base64, of the URL that was called, followed by
 * name and value of each form parameter in the order of the names. Of a JSON body the URL carries the hash, as
 * `bodySHA256`, and the URL alone is signed.
 *
 * @remarks
 * The signature counts for one URL, letter for letter: behind a proxy set `publicUrl`. With and without the port, and
 * with the query in other spellings, it is tried as Twilio's own library does.
 *
 * A JSON body without `bodySHA256` is refused. A form is verified over its parameters, whatever its URL says; a
 * `bodySHA256` that is there nevertheless must fit too. Forms of more than 1000 parameters are refused.
 *
 * No time is signed, and nothing parts a name from its value.
 *
 * @throws {@link ChathooksError} `missing_secret`, `invalid_option`
 * @example
 * ```ts
 * twilioSignature({ secret: process.env.TWILIO_AUTH_TOKEN!, publicUrl: 'https://app.example.com' })
 * ```
 */
export function twilioSignature(options: TwilioSignatureOptions): Verifier {
  const { secret } = options;
  const header = (options.header ?? 'x-twilio-signature').toLowerCase();
  const urlOf = calledUrl(options);
  const secrets = prepareSecrets(secret, `the header ${header}`, (text) => hmacKey('sha1', text));
  const missing = refuse('missing_header', `the header ${header} is missing; expected an HMAC-sha1 in base64`);
  const malformed = refuse('malformed', `the header ${header} is not of the form "<HMAC-sha1 in base64>"`);
  const noSecret = refuse('no_secret', 'there is no secret for this connection');

  const verify = (input: UnverifiedRequest): Awaitable<Verification> => {
    const signature = input.request.header(header);
    if (signature === undefined || signature === '') return missing;
    if (!isSignature.test(signature)) return malformed;
    return after(secrets.find(input), (known): Verification => {
      if (known.length === 0) return noSecret;
      const url = urlOf(input);
      if (url === undefined) return refuse('mismatch', 'the host of the URL that was called is not known, or is none');
      const signed = signedContent(url, input);
      if (typeof signed !== 'string') return signed;
      for (const spelling of spellings(url)) {
        const match = known.find(({ key }) => fits(key, spelling + signed, signature));
        if (match) return { ok: true, secret: match.name };
      }
      return refuse('mismatch', `the signature in ${header} does not fit the body and the URL ${shownUrl(url)}`);
    });
  };

  const explain = async (input: UnverifiedRequest, others: ReadonlyMap<string, Verifier>) => {
    const url = urlOf(input);
    if (url === undefined) return unknownHost;
    if (input.body.length + url.length > explainableBytes) return unexplained;
    const signed = signedContent(url, input);
    if (typeof signed !== 'string') return 'was the body changed on its way?';
    const signature = input.request.header(header) ?? '';
    const known = await secrets.find(input);
    for (const candidate of mistakenUrls(url, input.request)) {
      if (known.some(({ key }) => spellings(candidate).some((text) => fits(key, text + signed, signature)))) {
        return `it was signed for ${shownUrl(candidate)}: ${remedy(candidate, input)}`;
      }
    }
    const asCalled = spellings(url);
    const cause = explainMismatch({
      body: input.body,
      own: known.map(({ text }) => text),
      others,
      fits: (text) => asCalled.some((spelling) => fits(hmacKey('sha1', text), spelling + signed, signature)),
    });
    if (cause !== undefined) return cause;
    // Whoever has user and password in a URL sends them in this header.
    return /^basic /i.test(input.request.header('authorization') ?? '') && !/^[^/]*\/\/[^/]*@/.test(url)
      ? 'if the URL that the vendor has holds a user and a password, so must publicUrl'
      : unexplained;
  };

  const verifier: Verifier = { verify, explain };
  rememberSecrets(
    verifier,
    secrets.fixed.map(({ text }) => text),
  );
  return verifier;
}

const fits = (key: HmacKey, signed: string, signature: string) =>
  equalInConstantTime(key(signed, noBody, '', 'base64'), signature);

/** What is signed after the URL, or a refusal. */
function signedContent(url: string, { request, body }: UnverifiedRequest): string | Verification {
  // Of the URL that is signed: that of the request proves nothing.
  const hashes = queryOf({ url }).getAll('bodySHA256');
  if (hashes.length > 0 && !areHashesOf(body, hashes)) {
    return refuse('mismatch', 'bodySHA256 in the URL is not the hash of the body');
  }
  if (!saysJson(request.header('content-type'))) return signedParameters(body);
  if (hashes.length > 0) return '';
  return refuse('malformed', 'the body is JSON and the URL has no bodySHA256, without which nothing proves the body');
}

function areHashesOf(body: Uint8Array, hashes: readonly string[]): boolean {
  const expected = crypto.createHash('sha256').update(body).digest('hex');
  return hashes.every((hash) => isHash.test(hash) && equalInConstantTime(expected, hash.toLowerCase()));
}

const isHash = /^[0-9a-f]{64}$/i;

function signedParameters(body: Uint8Array): string | Verification {
  try {
    return joinSorted(readForm(body));
  } catch (error) {
    return error instanceof RangeError
      ? refuse('malformed', `the body has more than the ${maxFormParameters} parameters that a form may have`)
      : refuse('mismatch', 'the body is no form: an escape or its UTF-8 is broken, so that no signature fits it');
  }
}
