import { hmac } from '../../signatures/hmac.ts';
import type { SecretSource } from '../../signatures/secrets.ts';
import { providerFactory } from '../factory.ts';
import { defineProvider, type ProviderSettings } from '../provider.ts';
import { normalizer } from './normalize.ts';
import { samples } from './samples.ts';

/**
 * Names of fields in the `data` of `message.received`. The vendor's table of them could be read in part only, so these
 * are assumed, by analogy with its other messages, and can be corrected here.
 */
export interface XobitoReceivedFields {
  /** @defaultValue `'message_id'`, assumed */
  readonly messageId?: string;
  /** @defaultValue `'type'`, assumed */
  readonly type?: string;
  /** @defaultValue `'text'`, assumed */
  readonly text?: string;
  /** The sender's phone number. @defaultValue `'from'`, assumed */
  readonly from?: string;
  /** The id of a tapped button, which the vendor promises without naming the field. @defaultValue `'button_id'`, assumed */
  readonly buttonId?: string;
}

/** Options of {@link xobito}. */
export interface XobitoOptions extends ProviderSettings {
  readonly secret: SecretSource;
  readonly receivedFields?: XobitoReceivedFields;
}

/**
 * Receives from Xobito (documents.xobito.com/developers/webhooks-overview). Secret in the environment:
 * `XOBITO_WEBHOOK_SECRET`.
 *
 * @throws {@link ChathooksError} `missing_secret`, `invalid_option`
 * @example
 * ```ts
 * xobito({ secret: process.env.XOBITO_WEBHOOK_SECRET! });
 * ```
 */
export const xobito = providerFactory(
  ({ name = 'xobito', contentTypes, secret, receivedFields }: XobitoOptions) =>
    defineProvider({
      name,
      contentTypes,
      verifier: hmac({ header: 'x-webhook-signature', secret }),
      normalize: normalizer({
        messageId: 'message_id',
        type: 'type',
        text: 'text',
        from: 'from',
        buttonId: 'button_id',
        ...receivedFields,
      }),
    }),
  {
    vendor: 'xobito',
    environmentVariables: ['XOBITO_WEBHOOK_SECRET'],
    fromValues: (secret = '') => ({ secret }),
    samples,
  },
);
