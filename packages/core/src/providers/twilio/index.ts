import { ChathooksError } from '../../errors.ts';
import type { ChatEvent } from '../../events/event.ts';
import type { Reply } from '../../http.ts';
import type { CalledUrlOptions } from '../../signatures/called-url.ts';
import { parseForm, saysJson } from '../../signatures/form.ts';
import type { SecretSource } from '../../signatures/secrets.ts';
import { twilioSignature } from '../../signatures/twilio-signature.ts';
import { providerFactory } from '../factory.ts';
import { type Delivery, defineProvider, type ProviderSettings } from '../provider.ts';
import { normalize } from './normalize.ts';
import { samples } from './samples.ts';

/** Options of {@link twilio}. */
export interface TwilioOptions extends ProviderSettings, CalledUrlOptions {
  /**
   * The auth token of the account that owns the number or service; a function for many accounts or subaccounts.
   * `AccountSid` cannot choose it, being unverified: give each account a connection of its own.
   */
  readonly authToken: SecretSource;
}

/**
 * Receives messages and status callbacks from Twilio Programmable Messaging: SMS, MMS, RCS, WhatsApp, Messenger.
 * Secret in the environment: `TWILIO_AUTH_TOKEN`. Sources: www.twilio.com/docs/usage/webhooks/webhooks-security,
 * …/messaging/guides/webhook-request, …/messaging/guides/track-outbound-message-status.
 *
 * @remarks
 * Twilio signs the URL: behind a proxy set `publicUrl`. It does not repeat what was answered with 4xx or 5xx: use an
 * inbox, see docs/providers/twilio.md.
 *
 * @throws {@link ChathooksError} `missing_secret`, `invalid_option`
 * @example
 * ```ts
 * twilio({ authToken: process.env.TWILIO_AUTH_TOKEN!, publicUrl: 'https://app.example.com' });
 * ```
 */
export const twilio = providerFactory(
  ({ name = 'twilio', contentTypes, authToken, publicUrl, trustProxy }: TwilioOptions) =>
    defineProvider({
      name,
      contentTypes: contentTypes ?? ['application/x-www-form-urlencoded', 'application/json'],
      bodyBytes: 256 * 1024,
      verifier: twilioSignature({ secret: authToken, publicUrl, trustProxy }),
      parse,
      normalize,
      success: twiml('<?xml version="1.0" encoding="UTF-8"?><Response/>'),
      toReply,
    }),
  {
    vendor: 'twilio',
    environmentVariables: ['TWILIO_AUTH_TOKEN'],
    fromValues: (authToken = '') => ({ authToken }),
    samples,
  },
);

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parse(body: Uint8Array, delivery: Delivery): unknown {
  return saysJson(delivery.header('content-type')) ? JSON.parse(utf8.decode(body)) : parseForm(body);
}

function twiml(body: string): Reply {
  return { status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body };
}

/** Takes TwiML as a text, or as what Twilio's library builds, which turns into such a text. */
function toReply(content: unknown, { type }: Pick<ChatEvent, 'type'>): Reply | undefined {
  // Nobody reads the answer to a status callback.
  if (type === 'message.status') return undefined;
  const text = typeof content === 'object' && content !== null && 'toString' in content ? String(content) : content;
  if (typeof text === 'string' && text.startsWith('<')) return twiml(text);
  throw new ChathooksError(
    'invalid_reply',
    `The reply is ${typeof content === 'string' ? 'a text that does not begin with "<"' : describe(content)}, ` +
      'expected TwiML: a text like "<Response><Message>Hi</Message></Response>", or a MessagingResponse of twilio',
  );
}

const describe = (content: unknown) =>
  content === null ? 'null' : typeof content === 'object' ? 'an object that is no TwiML' : typeof content;
