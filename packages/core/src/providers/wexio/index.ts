import { basic, bearer, unauthenticated } from '../../signatures/credentials.ts';
import type { HmacAlgorithm } from '../../signatures/hmac-key.ts';
import type { SecretSource } from '../../signatures/secrets.ts';
import { timestampedHmac } from '../../signatures/timestamped-hmac.ts';
import type { Verifier } from '../../signatures/verifier.ts';
import { providerFactory } from '../factory.ts';
import { defineProvider, type ProviderSettings } from '../provider.ts';
import { normalize } from './normalize.ts';
import { samples } from './samples.ts';

/** How a connection authenticates that was set up without HMAC, see learn.wexio.io/docs/webhooks/outbound. */
export type WexioAuth =
  | { readonly bearer: SecretSource }
  | { readonly basic: { readonly username: string; readonly password: SecretSource } }
  | {
      /** Lets everything in: for an endpoint in a private network, or behind a list of the vendor's addresses. */
      readonly none: true;
    };

/**
 * How the signature is computed. Wexio documents the header and its layout `t=<unix>,v1=<hex>`; all of this is assumed,
 * from the widespread scheme of that layout, and can be corrected here.
 */
export interface WexioSignature {
  /** @defaultValue `'sha256'`, assumed */
  readonly algorithm?: HmacAlgorithm;
  /** @defaultValue `'{timestamp}.{body}'`, assumed */
  readonly signedContent?: string;
  /** @defaultValue `'seconds'`, assumed */
  readonly timestampUnit?: 'seconds' | 'milliseconds';
  /**
   * To be raised if Wexio turns out to repeat the first timestamp in late retries.
   *
   * @defaultValue 300, assumed
   */
  readonly toleranceSeconds?: number;
}

/** Options of {@link wexio}: the HMAC secret, or another mode of authentication. */
export type WexioOptions = ProviderSettings &
  (
    | { readonly secret: SecretSource; readonly signature?: WexioSignature; readonly auth?: undefined }
    | { readonly auth: WexioAuth; readonly secret?: undefined; readonly signature?: undefined }
  );

/**
 * Receives from Wexio (learn.wexio.io/docs/webhooks/outbound). Secret in the environment: `WEXIO_WEBHOOK_SECRET`.
 *
 * @throws {@link ChathooksError} `missing_secret`, `invalid_option`
 * @example
 * ```ts
 * wexio({ secret: process.env.WEXIO_WEBHOOK_SECRET! });
 * wexio({ auth: { bearer: process.env.WEXIO_TOKEN! } });
 * ```
 */
export const wexio = providerFactory(
  (options: WexioOptions) => {
    const { name = 'wexio', contentTypes } = options;
    return defineProvider({ name, contentTypes, verifier: verifier(options), normalize });
  },
  {
    vendor: 'wexio',
    environmentVariables: ['WEXIO_WEBHOOK_SECRET'],
    fromValues: (secret = '') => ({ secret }),
    samples,
  },
);

function verifier(options: WexioOptions): Verifier {
  if (options.auth === undefined) {
    return timestampedHmac({ ...options.signature, header: 'x-wexio-signature', secret: options.secret });
  }
  const { auth } = options;
  if ('bearer' in auth) return bearer({ token: auth.bearer });
  if ('basic' in auth) return basic(auth.basic);
  return unauthenticated;
}
