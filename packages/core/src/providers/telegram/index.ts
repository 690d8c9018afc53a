import { ChathooksError } from '../../errors.ts';
import { staticHeader } from '../../signatures/credentials.ts';
import type { SecretSource } from '../../signatures/secrets.ts';
import { providerFactory } from '../factory.ts';
import { type Delivery, defineProvider, type ProviderSettings } from '../provider.ts';
import { normalizer } from './normalize.ts';
import { toReply } from './reply.ts';
import { samples } from './samples.ts';

/** The id of a bot: the digits before the colon of its token. */
export type TelegramBotId = string | number;

/** Options of {@link telegram}. */
export interface TelegramOptions extends ProviderSettings {
  /**
   * The `secret_token` that was given to `setWebhook`: 1 to 256 letters, digits, `_` and `-`. Not the bot's token. A list while
   * it is being changed.
   */
  readonly secretToken: SecretSource;
  /**
   * The digits before the colon of the bot's token: updates do not say which bot they are for. With several bots, a function
   * of the connection; where it returns none, events have no `account`, and the connection alone tells bots apart.
   */
  readonly botId:
    | TelegramBotId
    | ((delivery: { readonly connection: string | undefined }) => TelegramBotId | null | undefined);
}

/**
 * Receives the updates of a bot (core.telegram.org/bots/api#setwebhook). In the environment: `TELEGRAM_SECRET_TOKEN` and
 * `TELEGRAM_BOT_ID`. Handlers can answer an update with a Bot API method: `context.reply({ method: 'sendMessage', … })`.
 *
 * @throws {@link ChathooksError} `missing_secret`, `invalid_option`
 * @example
 * ```ts
 * telegram({ secretToken: process.env.TELEGRAM_SECRET_TOKEN!, botId: process.env.TELEGRAM_BOT_ID! });
 * telegram({ secretToken: ({ connection }) => secretOf(connection), botId: ({ connection }) => connection });
 * ```
 */
export const telegram = providerFactory(
  ({ name = 'telegram', contentTypes, secretToken, botId }: TelegramOptions) => {
    const verifier = staticHeader({ header: 'x-telegram-bot-api-secret-token', secret: secretToken });
    refuseOtherForms(secretToken);
    return defineProvider({
      name,
      contentTypes,
      verifier,
      normalize: normalizer(readBotId(botId)),
      success: { status: 200, headers: {}, body: '' },
      toReply,
    });
  },
  {
    vendor: 'telegram',
    environmentVariables: ['TELEGRAM_SECRET_TOKEN', 'TELEGRAM_BOT_ID'],
    fromValues: (secretToken = '', botId = '') => ({ secretToken, botId }),
    samples,
  },
);

/** What Telegram would not take cannot come back from it. */
function refuseOtherForms(secretToken: SecretSource): void {
  if (typeof secretToken === 'function') return;
  for (const secret of [secretToken].flat()) {
    if (/^[\w-]{1,256}$/.test(typeof secret === 'string' ? secret : secret.value)) continue;
    throw new ChathooksError(
      'invalid_option',
      'secretToken is none that Telegram takes, expected 1 to 256 letters, digits, _ and -, as given to setWebhook: ' +
        "is it the bot's token, or is there a space or a line break at its end?",
    );
  }
}

function readBotId(botId: TelegramOptions['botId']): (delivery: Delivery) => string | undefined {
  if (typeof botId !== 'function') {
    const fixed = checked(botId);
    return () => fixed;
  }
  return ({ connection }) => {
    const found = botId({ connection });
    return found === undefined || found === null ? undefined : checked(found);
  };
}

/** Never names what it got: a token that was given by mistake must not get into a log, nor into the ids of events. */
function checked(botId: unknown): string {
  const id = typeof botId === 'number' ? String(botId) : botId;
  if (typeof id === 'string' && /^[1-9]\d{0,15}$/.test(id)) return id;
  const seen = typeof id === 'string' && id.includes(':') ? 'a whole token' : `no such number (${typeof botId})`;
  throw new ChathooksError(
    'invalid_option',
    `botId is ${seen}, expected the digits before the colon of the bot's token only, like 123456789`,
  );
}
