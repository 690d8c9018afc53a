import { z } from 'zod';
import { identifier, optionalIdentifier, optionalText } from '../../events/fields.ts';

/*
 * What is read of Wexio's payloads, apiVersion 2026-04-01. Source: learn.wexio.io/docs/webhooks/outbound and its pages
 * envelope, shared-types and one per event. Only `id`s are documented as required; everything else may be missing.
 */

const customFields = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).nullish();

const chatFields = z.object({
  integrationId: optionalIdentifier,
  channel: optionalText,
  externalChatId: optionalIdentifier,
  whatsappId: optionalIdentifier,
  telegramId: optionalIdentifier,
  viberId: optionalIdentifier,
  instagramId: optionalIdentifier,
  firstName: optionalText,
  lastName: optionalText,
  photoUrl: optionalText,
  username: optionalText,
  title: optionalText,
  createdAt: optionalText,
  updatedAt: optionalText,
  archivedAt: optionalText,
});
const chat = chatFields.extend({ id: identifier });

const contactFields = z.object({
  phoneNumber: optionalText,
  email: optionalText,
  firstName: optionalText,
  lastName: optionalText,
  tags: z.array(z.string()).nullish(),
  systemFields: customFields,
  customFields,
  createdAt: optionalText,
  updatedAt: optionalText,
});
const contact = contactFields.extend({ peopleId: identifier });

const progress = {
  sentAt: optionalText,
  deliveredAt: optionalText,
  readAt: optionalText,
  failedAt: optionalText,
  errorCode: optionalIdentifier,
  errorMessage: optionalText,
};
const messageFields = z.object({
  type: optionalText,
  text: optionalText,
  receivedAt: optionalText,
  ...progress,
});
const message = messageFields.extend({
  id: identifier,
  chatId: identifier,
  integrationId: optionalIdentifier,
  direction: z.enum(['INBOUND', 'OUTBOUND']),
  type: z.string(),
  media: z.array(z.object({ url: optionalText })).nullish(),
  raw: z.object({ providerMessageId: optionalIdentifier }).nullish(),
});

const envelope = z.object({
  id: identifier,
  timestamp: optionalText,
  meta: z.object({ organisationId: optionalIdentifier }).nullish(),
});
const event = <T extends z.ZodType>(data: T) => envelope.extend({ data });

export const chatChanged = event(z.object({ chat, contact: contact.nullish(), previous: chatFields.nullish() }));
export const chatDeleted = event(z.object({ chat, deletedAt: optionalText }));
export const messageChanged = event(
  z.object({
    chat,
    message,
    contact: contact.nullish(),
    // The changed fields, whichever they are: their names tell an edit from a delivery status.
    previous: messageFields.loose().nullish(),
  }),
);
export const messageDeleted = event(z.object({ chat, message, deletedAt: optionalText }));
export const contactChanged = event(z.object({ contact, previous: contactFields.nullish() }));
export const contactDeleted = event(z.object({ contact, deletedAt: optionalText }));
export const flowEvent = event(z.unknown()).extend({ type: z.string() });

/** The fields that change when a message gets on, and not when it is edited. */
export const progressNames: readonly string[] = Object.keys(progress);

export type Envelope = z.infer<typeof envelope>;
export type ChatPayload = z.infer<typeof chat>;
export type ChatFields = z.infer<typeof chatFields>;
export type ContactPayload = z.infer<typeof contact>;
export type ContactFields = z.infer<typeof contactFields>;
export type MessagePayload = z.infer<typeof message>;
export type MessageFields = z.infer<typeof messageFields>;
export type MessageChange = z.infer<typeof messageChanged>;
