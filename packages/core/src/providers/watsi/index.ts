import { hmac } from '../../signatures/hmac.ts';
import type { SecretSource } from '../../signatures/secrets.ts';
import { providerFactory } from '../factory.ts';
import { defineProvider, type ProviderSettings } from '../provider.ts';
import { normalize } from './normalize.ts';
import { samples } from './samples.ts';

/** Options of {@link watsi}. Watsi documents no content type: `application/json` is assumed, see `contentTypes`. */
export interface WatsiOptions extends ProviderSettings {
  /** The secret of the subscription; a list if several subscriptions share a URL. */
  readonly secret: SecretSource;
}

/**
 * Receives from Watsi (docs.watsi.ai/webhooks). Secret in the environment: `WATSI_WEBHOOK_SECRET`.
 *
 * @throws {@link ChathooksError} `missing_secret`, `invalid_option`
 * @example
 * ```ts
 * watsi({ secret: process.env.WATSI_WEBHOOK_SECRET! });
 * ```
 */
export const watsi = providerFactory(
  ({ name = 'watsi', contentTypes, secret }: WatsiOptions) =>
    defineProvider({ name, contentTypes, verifier: hmac({ header: 'x-watsi-signature', secret }), normalize }),
  {
    vendor: 'watsi',
    environmentVariables: ['WATSI_WEBHOOK_SECRET'],
    fromValues: (secret = '') => ({ secret }),
    samples,
  },
);
