import * as crypto from 'node:crypto';
import { after } from '../awaitable.ts';
import { queryOf } from '../http.ts';
import { prepareSecrets, type SecretSource } from './secrets.ts';
import { refuse, type UnverifiedRequest, type Verification, type Verifier } from './verifier.ts';

const digest = (text: string) => crypto.createHash('sha256').update(text).digest();

/** Compares a credential that the sender shows with the ones that we know, without telling their lengths. */
function credential(
  source: SecretSource,
  purpose: string,
  show: (input: UnverifiedRequest) => string | undefined,
  form: (secret: string) => string = (secret) => secret,
): Verifier {
  const secrets = prepareSecrets(source, purpose, (secret) => digest(form(secret)));
  const missing = refuse('missing_header', `${purpose} is missing`);
  const mismatch = refuse('mismatch', `${purpose} is not the configured one`);
  const noSecret = refuse('no_secret', `there is no secret for this connection`);
  return {
    verify(input) {
      const shown = show(input);
      if (shown === undefined || shown === '') return missing;
      return after(secrets.find(input), (known): Verification => {
        if (known.length === 0) return noSecret;
        const received = digest(shown);
        const match = known.find(({ key }) => crypto.timingSafeEqual(key, received));
        return match ? { ok: true, secret: match.name } : mismatch;
      });
    },
  };
}

/**
 * Verifies `Authorization: Bearer <token>`. The scheme's name is read without regard to case, as RFC 9110 says.
 *
 * @throws {@link ChathooksError} `missing_secret`
 */
export function bearer({ token }: { readonly token: SecretSource }): Verifier {
  return credential(token, 'the bearer token in authorization', ({ request }) => authorization(request, 'bearer'));
}

/**
 * Verifies `Authorization: Basic <base64(username:password)>`.
 *
 * @throws {@link ChathooksError} `missing_secret`
 */
export function basic(options: { readonly username: string; readonly password: SecretSource }): Verifier {
  return credential(
    options.password,
    'the basic credential in authorization',
    ({ request }) => authorization(request, 'basic'),
    (password) => Buffer.from(`${options.username}:${password}`).toString('base64'),
  );
}

/**
 * Verifies that a header carries a fixed secret: the scheme of Telegram and of vendors that let you set a header.
 *
 * @throws {@link ChathooksError} `missing_secret`
 */
export function staticHeader(options: { readonly header: string; readonly secret: SecretSource }): Verifier {
  const header = options.header.toLowerCase();
  return credential(options.secret, `the header ${header}`, ({ request }) => request.header(header));
}

/**
 * Verifies that the last part of the URL is a secret: `/webhooks/vendor/<secret>`, for vendors that neither sign nor
 * let you set a header. Keep such URLs out of access logs.
 *
 * @throws {@link ChathooksError} `missing_secret`
 */
export function pathSecret({ secret }: { readonly secret: SecretSource }): Verifier {
  const verifier = credential(secret, 'the secret at the end of the URL', (input) => input.pathSecret);
  return { ...verifier, usesPathSecret: true };
}

/**
 * Verifies that a parameter of the URL's query carries a fixed secret: `?token=<secret>`. Keep such URLs out of access logs.
 *
 * @throws {@link ChathooksError} `missing_secret`
 */
export function querySecret(options: { readonly parameter: string; readonly secret: SecretSource }): Verifier {
  const { parameter, secret } = options;
  return credential(secret, `the query parameter ${parameter}`, ({ request }) => queryOf(request).get(parameter) ?? '');
}

/**
 * Accepts every request, for a connection that the vendor does not authenticate. Whoever knows the URL can forge events:
 * allow the vendor's addresses only, or keep the endpoint in a private network. The receiver warns of it at start.
 */
export const unauthenticated: Verifier = { verify: () => ({ ok: true, secret: 'none' }) };

function authorization(request: UnverifiedRequest['request'], scheme: 'bearer' | 'basic'): string | undefined {
  const value = request.header('authorization');
  if (value === undefined) return undefined;
  const space = value.indexOf(' ');
  return value.slice(0, space).toLowerCase() === scheme ? value.slice(space + 1).trim() : '';
}
