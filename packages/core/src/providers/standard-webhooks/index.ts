import { ChathooksError } from '../../errors.ts';
import type { SecretSource } from '../../signatures/secrets.ts';
import { standardWebhooksSignature } from '../../signatures/standard-webhooks.ts';
import { readStandardHeaders } from '../../signatures/standard-webhooks-headers.ts';
import { providerFactory } from '../factory.ts';
import { byEventName, defineProvider, type EventTable, type Provider, type ProviderSettings } from '../provider.ts';
import { samples } from './samples.ts';

/** Options of {@link standardWebhooks}, beside what becomes of the sender's events. */
interface StandardWebhooksSettings extends ProviderSettings {
  /**
   * What the sender gives you: `whsec_…` or, where it signs with a key pair, its public key `whpk_…`.
   * A list for several, of both kinds.
   */
  readonly secret: SecretSource;
  /** How old, or how far in the future, the time of an attempt may be. @defaultValue 300 */
  readonly toleranceSeconds?: number;
}

/** What becomes of the sender's events, one `type` at a time. */
interface StandardWebhooksTable {
  /**
   * What becomes of the sender's events, by `type`. Readers are made with `readsData`, or with `reads` where you want to
   * see all of the payload and choose keys.
   *
   * @defaultValue none: every event goes to `onUnknown`, whole
   */
  readonly events?: EventTable['events'];
  /** A reader for types that cannot be listed. */
  readonly other?: EventTable['other'];
  readonly normalize?: undefined;
}

/** What becomes of the sender's events, all in one place. */
interface StandardWebhooksNormalizer {
  /** For payloads that have no `type`, or need to be seen whole: takes the place of `events` and `other`. */
  readonly normalize: Provider['normalize'];
  readonly events?: undefined;
  readonly other?: undefined;
}

/** Options of {@link standardWebhooks}. */
export type StandardWebhooksOptions = StandardWebhooksSettings & (StandardWebhooksTable | StandardWebhooksNormalizer);

/**
 * Receives from any sender that keeps the Standard Webhooks specification (standardwebhooks.com), Svix included.
 * Secret in the environment: `STANDARD_WEBHOOKS_SECRET`.
 *
 * @throws {@link ChathooksError} `missing_secret`, `invalid_option`
 * @example
 * ```ts
 * standardWebhooks({
 *   name: 'crm',
 *   secret: process.env.STANDARD_WEBHOOKS_SECRET!,
 *   events: {
 *     'contact.created': readsData(z.object({ id: identifier, name: optionalText }), ({ id, name }) => [
 *       { type: 'contact.created', data: { contact: { id, ...(name && { name }) } } },
 *     ]),
 *   },
 * });
 * ```
 */
export const standardWebhooks = providerFactory(
  ({ name = 'standard-webhooks', contentTypes, secret, toleranceSeconds, ...told }: StandardWebhooksOptions) => {
    if (told.normalize && (told.events || told.other)) {
      throw new ChathooksError('invalid_option', 'There are normalize and events or other, expected one or the other');
    }
    return defineProvider({
      name,
      contentTypes,
      verifier: standardWebhooksSignature({ secret, ...(toleranceSeconds !== undefined && { toleranceSeconds }) }),
      normalize: told.normalize ?? byType(told),
    });
  },
  {
    vendor: 'standard-webhooks',
    environmentVariables: ['STANDARD_WEBHOOKS_SECRET'],
    fromValues: (secret = '') => ({ secret }),
    samples,
  },
);

function byType({ events = {}, other }: StandardWebhooksTable): Provider['normalize'] {
  return byEventName({
    name: (payload) => payload.type,
    // Of the set of headers that was verified.
    id: (_, delivery) => readStandardHeaders((header) => delivery.header(header))?.id,
    events,
    ...(other && { other }),
  });
}
