export { type AisouleOptions, aisoule } from './aisoule/index.ts';
export { type InstagramOptions, instagram, type MessengerOptions, messenger } from './messenger/index.ts';
export { type StandardWebhooksOptions, standardWebhooks } from './standard-webhooks/index.ts';
export { type TelegramBotId, type TelegramOptions, telegram } from './telegram/index.ts';
export { type TwilioOptions, twilio } from './twilio/index.ts';
export { type ViberOptions, viber } from './viber/index.ts';
export { type WatsiOptions, watsi } from './watsi/index.ts';
export { type WexioAuth, type WexioOptions, type WexioSignature, wexio } from './wexio/index.ts';
export { type XobitoOptions, type XobitoReceivedFields, xobito } from './xobito/index.ts';
