import { parseExactJson } from '../../events/exact-json.ts';
import { hmac } from '../../signatures/hmac.ts';
import { hubHandshake } from '../../signatures/hub-handshake.ts';
import type { SecretSource } from '../../signatures/secrets.ts';
import { providerFactory } from '../factory.ts';
import { defineProvider, type ProviderSettings } from '../provider.ts';
import { normalize } from './normalize.ts';
import { samples } from './samples.ts';

/** Options of {@link whatsappCloud}. */
export interface WhatsappCloudOptions extends ProviderSettings {
  /** The secret of the Meta app, which signs every delivery; a list while it is changed. */
  readonly appSecret: SecretSource;
  /** The token that you enter in Meta's dashboard next to the URL: it comes back when Meta checks the URL. */
  readonly verifyToken: SecretSource;
}

/** Meta sends up to 3 MB at once. */
const bodyBytes = 3 * 1024 * 1024;

/**
 * Receives from the WhatsApp Cloud API (developers.facebook.com/documentation/business-messaging/whatsapp). Secrets in the
 * environment: `WHATSAPP_CLOUD_APP_SECRET` and `WHATSAPP_CLOUD_VERIFY_TOKEN`.
 *
 * @throws {@link ChathooksError} `missing_secret`, `invalid_option`
 * @example
 * ```ts
 * whatsappCloud({
 *   appSecret: process.env.WHATSAPP_CLOUD_APP_SECRET!,
 *   verifyToken: process.env.WHATSAPP_CLOUD_VERIFY_TOKEN!,
 * });
 * ```
 */
export const whatsappCloud = providerFactory(
  ({ name = 'whatsapp-cloud', contentTypes, appSecret, verifyToken }: WhatsappCloudOptions) =>
    defineProvider({
      name,
      contentTypes,
      verifier: hmac({ header: 'x-hub-signature-256', prefix: 'sha256=', secret: appSecret }),
      handshake: hubHandshake({ verifyToken }),
      bodyBytes,
      parse,
      normalize,
    }),
  {
    vendor: 'whatsapp-cloud',
    environmentVariables: ['WHATSAPP_CLOUD_APP_SECRET', 'WHATSAPP_CLOUD_VERIFY_TOKEN'],
    fromValues: (appSecret = '', verifyToken = '') => ({ appSecret, verifyToken }),
    samples,
  },
);

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The ids of templates are the only numbers that may be too long for one, and come in small deliveries. */
function parse(body: Uint8Array): unknown {
  const { buffer, byteOffset, byteLength } = body;
  const holdsTemplate = Buffer.from(buffer, byteOffset, byteLength).includes('message_template_id');
  return holdsTemplate ? parseExactJson(body) : JSON.parse(utf8.decode(body));
}
