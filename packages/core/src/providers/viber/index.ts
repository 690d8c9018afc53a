import { assertSourceText, parseExactJson } from '../../events/exact-json.ts';
import { hmac } from '../../signatures/hmac.ts';
import type { SecretSource } from '../../signatures/secrets.ts';
import { providerFactory } from '../factory.ts';
import { defineProvider, type ProviderSettings } from '../provider.ts';
import { normalize } from './normalize.ts';
import { samples } from './samples.ts';
import { toReply } from './welcome.ts';

/** Options of {@link viber}. */
export interface ViberOptions extends ProviderSettings {
  /** The bot's authentication token, as text with its dashes: Viber signs with the token that also sends messages. */
  readonly authToken: SecretSource;
}

/**
 * Receives from a Viber bot (developers.viber.com/docs/api/rest-bot-api). Token in the environment: `VIBER_AUTH_TOKEN`.
 *
 * A handler of `chat.created` may answer with a welcome message: `context.reply({ sender, type: 'text', text })`.
 *
 * @throws {@link ChathooksError} `missing_secret`, `invalid_option`; `internal_error` in a runtime whose `JSON.parse`
 * cannot keep the digits of a message token
 * @example
 * ```ts
 * viber({ authToken: process.env.VIBER_AUTH_TOKEN! });
 * ```
 */
export const viber = providerFactory(
  ({ name = 'viber', contentTypes, authToken }: ViberOptions) => {
    assertSourceText();
    return defineProvider({
      name,
      contentTypes,
      verifier: hmac({ header: 'x-viber-content-signature', secret: authToken }),
      parse: parseExactJson,
      normalize,
      // Viber might take a body for a welcome message.
      success: { status: 200, headers: {}, body: '' },
      toReply,
    });
  },
  {
    vendor: 'viber',
    environmentVariables: ['VIBER_AUTH_TOKEN'],
    fromValues: (authToken = '') => ({ authToken }),
    samples,
  },
);
