import { z } from 'zod';
import { optionalIdentifier, optionalText } from '../../events/fields.ts';

/*
 * What is read of Wexio's payloads, apiVersion 2026-04-01. Source: learn.wexio.io/docs/webhooks/outbound and its pages
 * envelope, shared-types and one per event. Only `id`s are documented as required; everything else may be missing.
 */

const customFields = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).nullish();

const chatFields = z.object({
  integrationId: optionalText,
  channel: optionalText,
  externalChatId: optionalText,
  whatsappId: optionalText,
  telegramId: optionalText,
  viberId: optionalText,
  instagramId: optionalText,
  firstName: optionalText,
  lastName: optionalText,
  photoUrl: optionalText,
  username: optionalText,
  title: optionalText,
  createdAt: optionalText,
  updatedAt: optionalText,
  archivedAt: optionalText,
});
const chat = chatFields.extend({ id: z.string() });

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
const contact = contactFields.extend({ peopleId: z.string() });

const statusTimes = {
  sentAt: optionalText,
  deliveredAt: optionalText,
  readAt: optionalText,
  failedAt: optionalText,
};
const messageFields = z.object({
  type: optionalText,
  text: optionalText,
  receivedAt: optionalText,
  ...statusTimes,
});
const message = messageFields.extend({
  id: z.string(),
  chatId: z.string(),
  direction: z.enum(['INBOUND', 'OUTBOUND']),
  type: z.string(),
  errorCode: optionalIdentifier,
  errorMessage: optionalText,
  media: z.array(z.object({ url: optionalText })).nullish(),
  raw: z.object({ providerMessageId: optionalIdentifier }).nullish(),
});

const envelope = z.object({
  id: z.string(),
  timestamp: optionalText,
  meta: z.object({ organisationId: optionalText }).nullish(),
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

export const statusTimeNames: readonly string[] = Object.keys(statusTimes);

export type Envelope = z.infer<typeof envelope>;
export type ChatPayload = z.infer<typeof chat>;
export type ChatFields = z.infer<typeof chatFields>;
export type ContactPayload = z.infer<typeof contact>;
export type ContactFields = z.infer<typeof contactFields>;
export type MessagePayload = z.infer<typeof message>;
export type MessageFields = z.infer<typeof messageFields>;
export type MessageChange = z.infer<typeof messageChanged>;
