import { z } from 'zod';
import { identifier, optionalIdentifier, optionalText, optionalTime } from '../../events/fields.ts';

/*
 * What is read of Viber's callbacks. Source: developers.viber.com/docs/api/rest-bot-api, sections callbacks and receive
 * message from user. Beyond the ids that an event is about, everything may be missing.
 */

/** Numbers are seen as digits in text, too. */
const numeric = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+(\.\d+)?$/)
    .transform(Number),
]);
const optionalNumber = numeric.nullish();

const envelope = z.object({ message_token: optionalIdentifier, timestamp: optionalTime });

const user = z.object({
  id: identifier,
  name: optionalText,
  avatar: optionalText,
  language: optionalText,
  country: optionalText,
});

/** Who wrote: in a message, which is worth reading without it, too. */
const sender = user.extend({ id: optionalIdentifier });

const content = z.object({
  type: z.string().min(1),
  text: optionalText,
  media: optionalText,
  file_name: optionalText,
  size: optionalNumber,
  duration: optionalNumber,
  sticker_id: optionalIdentifier,
  contact: z.unknown().optional(),
  location: z.object({ lat: numeric, lon: numeric }).nullish(),
});

export const webhook = envelope;
export const subscribed = envelope.extend({ user });
export const unsubscribed = envelope.extend({ user_id: identifier });
export const conversationStarted = envelope.extend({
  user,
  context: optionalText,
  subscribed: z.boolean().nullish(),
});
export const message = envelope.extend({
  message_token: identifier,
  sender: sender.nullish(),
  message: content,
});
export const receipt = envelope.extend({
  message_token: identifier,
  user_id: optionalIdentifier,
  desc: optionalText,
});

export type Envelope = z.infer<typeof envelope>;
export type User = z.infer<typeof sender>;
export type Content = z.infer<typeof content>;
export type MessageEvent = z.infer<typeof message>;
