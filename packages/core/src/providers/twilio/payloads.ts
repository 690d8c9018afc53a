import { z } from 'zod';
import { identifier, optionalText } from '../../events/fields.ts';

/*
 * What is read of Twilio's forms. Sources: www.twilio.com/docs/messaging/guides/webhook-request,
 * …/track-outbound-message-status and …/outbound-message-status-in-status-callbacks. All values are texts.
 */

const common = {
  MessageSid: identifier,
  AccountSid: optionalText,
  From: optionalText,
  To: optionalText,
  ExternalUserId: optionalText,
};

/** Media have numbered names and are read from the form itself. */
export const incoming = z.object({
  ...common,
  From: identifier,
  Body: optionalText,
  MessageType: optionalText,
  OptOutType: optionalText,
  ProfileName: optionalText,
  WaId: optionalText,
  ButtonText: optionalText,
  ButtonPayload: optionalText,
  Latitude: optionalText,
  Longitude: optionalText,
  Address: optionalText,
  Label: optionalText,
  Forwarded: optionalText,
  FrequentlyForwarded: optionalText,
  OriginalRepliedMessageSid: optionalText,
  ReferralSourceId: optionalText,
  ReferralSourceType: optionalText,
  ReferralSourceUrl: optionalText,
  ReferralHeadline: optionalText,
  ReferralBody: optionalText,
  ReferralCtwaClid: optionalText,
});

export const statusCallback = z.object({
  ...common,
  ErrorCode: optionalText,
  ErrorMessage: optionalText,
  ChannelStatusMessage: optionalText,
  RawDlrDoneDate: optionalText,
});

export type Incoming = z.infer<typeof incoming>;
export type StatusCallback = z.infer<typeof statusCallback>;
