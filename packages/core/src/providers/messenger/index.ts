import { hmac } from '../../signatures/hmac.ts';
import { hubHandshake } from '../../signatures/hub-handshake.ts';
import type { SecretSource } from '../../signatures/secrets.ts';
import { providerFactory } from '../factory.ts';
import { defineProvider, type Provider, type ProviderSettings } from '../provider.ts';
import { normalize } from './normalize.ts';
import { samples as instagramSamples } from './samples-instagram.ts';
import { samples as messengerSamples } from './samples-messenger.ts';

/** Options of {@link messenger}. */
export interface MessengerOptions extends ProviderSettings {
  /** The secret of the Meta app. */
  readonly appSecret: SecretSource;
  /** The text that was entered in the app's dashboard beside the callback URL, under `Verify token`. */
  readonly verifyToken: SecretSource;
}

/** Options of {@link instagram}. */
export interface InstagramOptions extends ProviderSettings {
  /**
   * The secret of the Meta app. An app with Instagram Login has two, a Facebook and an Instagram app secret; which one
   * signs is not documented: give both, as a list.
   */
  readonly appSecret: SecretSource;
  /** The text that was entered in the app's dashboard beside the callback URL, under `Verify token`. */
  readonly verifyToken: SecretSource;
}

/**
 * Receives from Messenger (developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks). Secrets
 * in the environment: `MESSENGER_APP_SECRET`, `MESSENGER_VERIFY_TOKEN`.
 *
 * @throws {@link ChathooksError} `missing_secret`, `invalid_option`
 * @example
 * ```ts
 * messenger({ appSecret: process.env.MESSENGER_APP_SECRET!, verifyToken: process.env.MESSENGER_VERIFY_TOKEN! });
 * ```
 */
export const messenger = providerFactory(
  ({ name = 'messenger', ...options }: MessengerOptions) => create(name, options),
  {
    vendor: 'messenger',
    environmentVariables: ['MESSENGER_APP_SECRET', 'MESSENGER_VERIFY_TOKEN'],
    fromValues: (appSecret = '', verifyToken = '') => ({ appSecret, verifyToken }),
    samples: messengerSamples,
  },
);

/**
 * Receives from Instagram (developers.facebook.com/documentation/instagram-platform/webhooks). Secrets in the environment:
 * `INSTAGRAM_APP_SECRET`, `INSTAGRAM_VERIFY_TOKEN`.
 *
 * @throws {@link ChathooksError} `missing_secret`, `invalid_option`
 * @example
 * ```ts
 * instagram({
 *   appSecret: [process.env.FACEBOOK_APP_SECRET!, process.env.INSTAGRAM_APP_SECRET!],
 *   verifyToken: process.env.INSTAGRAM_VERIFY_TOKEN!,
 * });
 * ```
 */
export const instagram = providerFactory(
  ({ name = 'instagram', ...options }: InstagramOptions) => create(name, options),
  {
    vendor: 'instagram',
    environmentVariables: ['INSTAGRAM_APP_SECRET', 'INSTAGRAM_VERIFY_TOKEN'],
    fromValues: (appSecret = '', verifyToken = '') => ({ appSecret, verifyToken }),
    samples: instagramSamples,
  },
);

function create(name: string, options: Omit<MessengerOptions, 'name'>): Provider {
  const { appSecret, verifyToken, contentTypes } = options;
  return defineProvider({
    name,
    contentTypes,
    verifier: hmac({ secret: appSecret, header: 'x-hub-signature-256', prefix: 'sha256=' }),
    handshake: hubHandshake({ verifyToken }),
    normalize,
  });
}
