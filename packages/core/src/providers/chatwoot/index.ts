import { unauthenticated } from '../../signatures/credentials.ts';
import type { SecretSource } from '../../signatures/secrets.ts';
import { timestampedHmac } from '../../signatures/timestamped-hmac.ts';
import { providerFactory } from '../factory.ts';
import { defineProvider, type ProviderSettings } from '../provider.ts';
import { normalize } from './normalize.ts';
import { samples } from './samples.ts';

/** How a Chatwoot authenticates that is too old to sign. */
export interface ChatwootAuth {
  /** Lets everything in: for an endpoint in a private network, or behind a list of addresses. */
  readonly none: true;
}

/** Options of {@link chatwoot}: the secret of the webhook, or no authentication. */
export type ChatwootOptions = ProviderSettings &
  (
    | {
        /** The secret of the webhook, the API inbox or the agent bot: each has its own. A list if they share a URL. */
        readonly secret: SecretSource;
        /** How old, or how far in the future, the time of a delivery may be. @defaultValue 300 */
        readonly toleranceSeconds?: number;
        readonly auth?: undefined;
      }
    | { readonly auth: ChatwootAuth; readonly secret?: undefined; readonly toleranceSeconds?: undefined }
  );

/**
 * Receives from Chatwoot (chatwoot.com/docs/product/others/webhook-events): webhooks of an account, API inboxes and agent
 * bots. Secret in the environment: `CHATWOOT_WEBHOOK_SECRET`.
 *
 * @throws {@link ChathooksError} `missing_secret`, `invalid_option`
 * @example
 * ```ts
 * chatwoot({ secret: process.env.CHATWOOT_WEBHOOK_SECRET! });
 * chatwoot({ auth: { none: true } }); // releases before 4.11.2 do not sign
 * ```
 */
export const chatwoot = providerFactory(
  (options: ChatwootOptions) => {
    const { name = 'chatwoot', contentTypes } = options;
    return defineProvider({ name, contentTypes, verifier: verifier(options), normalize });
  },
  {
    vendor: 'chatwoot',
    environmentVariables: ['CHATWOOT_WEBHOOK_SECRET'],
    fromValues: (secret = '') => ({ secret }),
    samples,
  },
);

function verifier(options: ChatwootOptions) {
  if (options.auth?.none === true) return unauthenticated;
  const { secret, toleranceSeconds } = options;
  return timestampedHmac({
    // JavaScript callers may give neither: the look at secrets says so.
    secret: secret ?? '',
    header: 'x-chatwoot-signature',
    prefix: 'sha256=',
    timestampHeader: 'x-chatwoot-timestamp',
    ...(toleranceSeconds !== undefined && { toleranceSeconds }),
  });
}
