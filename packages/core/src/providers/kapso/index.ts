import { hmac } from '../../signatures/hmac.ts';
import type { SecretSource } from '../../signatures/secrets.ts';
import { providerFactory } from '../factory.ts';
import { defineProvider, type ProviderSettings } from '../provider.ts';
import { normalize } from './normalize.ts';
import { samples } from './samples.ts';

/** Options of {@link kapso}. */
export interface KapsoOptions extends ProviderSettings {
  /** The secret key of the webhook; a list if several webhooks share a URL. */
  readonly secret: SecretSource;
}

/**
 * Receives from Kapso (docs.kapso.ai/docs/platform/webhooks), payload versions 2 and 1.
 * Secret in the environment: `KAPSO_WEBHOOK_SECRET`.
 *
 * @throws {@link ChathooksError} `missing_secret`, `invalid_option`
 * @example
 * ```ts
 * kapso({ secret: process.env.KAPSO_WEBHOOK_SECRET! });
 * ```
 */
export const kapso = providerFactory(
  ({ name = 'kapso', contentTypes, secret }: KapsoOptions) =>
    defineProvider({ name, contentTypes, verifier: hmac({ header: 'x-webhook-signature', secret }), normalize }),
  {
    vendor: 'kapso',
    environmentVariables: ['KAPSO_WEBHOOK_SECRET'],
    fromValues: (secret = '') => ({ secret }),
    samples,
  },
);
