import { hmac } from '../../signatures/hmac.ts';
import type { SecretSource } from '../../signatures/secrets.ts';
import { providerFactory } from '../factory.ts';
import { defineProvider, type ProviderSettings } from '../provider.ts';
import { normalize } from './normalize.ts';
import { samples } from './samples.ts';

/** Options of {@link line}. */
export interface LineOptions extends ProviderSettings {
  /** The channel secret of the Messaging API channel; not the channel access token. */
  readonly channelSecret: SecretSource;
}

/**
 * Receives from a LINE Official Account (developers.line.biz/en/reference/messaging-api). Secret in the environment:
 * `LINE_CHANNEL_SECRET`.
 *
 * @throws {@link ChathooksError} `missing_secret`, `invalid_option`
 * @example
 * ```ts
 * line({ channelSecret: process.env.LINE_CHANNEL_SECRET! });
 * ```
 */
export const line = providerFactory(
  ({ name = 'line', contentTypes, channelSecret }: LineOptions) =>
    defineProvider({
      name,
      contentTypes,
      verifier: hmac({ header: 'x-line-signature', encoding: 'base64', secret: channelSecret }),
      normalize,
    }),
  {
    vendor: 'line',
    environmentVariables: ['LINE_CHANNEL_SECRET'],
    fromValues: (channelSecret = '') => ({ channelSecret }),
    samples,
  },
);
