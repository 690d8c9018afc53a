import { hmac } from '../../signatures/hmac.ts';
import { byPresentHeaders } from '../../signatures/present-headers.ts';
import type { SecretSource } from '../../signatures/secrets.ts';
import { providerFactory } from '../factory.ts';
import { defineProvider, type ProviderSettings } from '../provider.ts';
import { normalize } from './normalize.ts';
import { samples } from './samples.ts';

/** Options of {@link aisoule}. */
export interface AisouleOptions extends ProviderSettings {
  /** The secret of the webhook. */
  readonly secret: SecretSource;
}

/**
 * Receives from AISoule (aisoule.com/docs/webhooks and aisoule.com/help/integrations). Secret in the environment:
 * `AISOULE_WEBHOOK_SECRET`.
 *
 * @remarks
 * The vendor publishes two dialects that differ in signature header, event names and fields; both are understood, side
 * by side. Should a request ever carry both headers, both must fit: assumed, since the vendor does not speak of it.
 *
 * @throws {@link ChathooksError} `missing_secret`, `invalid_option`
 * @example
 * ```ts
 * aisoule({ secret: process.env.AISOULE_WEBHOOK_SECRET! });
 * ```
 */
export const aisoule = providerFactory(
  ({ name = 'aisoule', contentTypes, secret }: AisouleOptions) =>
    defineProvider({
      name,
      contentTypes,
      verifier: byPresentHeaders({
        'x-aisoule-signature': hmac({ header: 'x-aisoule-signature', prefix: 'sha256=', secret }),
        'x-webhook-signature': hmac({ header: 'x-webhook-signature', secret }),
      }),
      normalize,
    }),
  {
    vendor: 'aisoule',
    environmentVariables: ['AISOULE_WEBHOOK_SECRET'],
    fromValues: (secret = '') => ({ secret }),
    samples,
  },
);
