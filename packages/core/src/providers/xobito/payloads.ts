import { z } from 'zod';
import { identifier, optionalIdentifier, optionalText } from '../../events/fields.ts';

/*
 * What is read of Xobito's payloads. Source: documents.xobito.com/developers, pages webhooks-overview, webhook-events
 * and data-types.
 */

/** A field whose name is a guess: whatever is found there must not make the event unreadable. */
const guessed = optionalText.catch(undefined);
const guessedIdentifier = optionalIdentifier.catch(undefined);

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]).optional();

const event = <T extends z.ZodType>(data: T) => z.object({ timestamp: optionalText, data });

/** Attributes that the model has no name for. */
const furtherAttributes = z.object({
  description: scalar,
  country_id: scalar,
  zip: scalar,
  city: scalar,
  state: scalar,
  address: scalar,
});
export const furtherAttributeNames = furtherAttributes.keyof().options;

export const contactChanged = event(
  z.object({
    id: identifier,
    attributes: furtherAttributes.extend({
      tenant_id: optionalIdentifier,
      firstname: optionalText,
      lastname: optionalText,
      company: optionalText,
      type: optionalText,
      phone: optionalText,
      email: optionalText,
      status_id: optionalIdentifier,
      source_id: optionalIdentifier,
    }),
  }),
);

/** A status or a source. No page that could be read shows their attributes. */
export const labelChanged = event(
  z.object({
    id: identifier,
    attributes: z.object({ tenant_id: guessedIdentifier, name: guessed, color: guessed }),
  }),
);

export const statusChanged = event(
  z.object({
    message_id: identifier,
    error_message: optionalText,
    text: optionalText,
    type: optionalText,
    tenant_id: optionalIdentifier,
  }),
);

/** `message.received`, with the fields of guessed names under ours. */
export const received = event(
  z.object({
    messageId: identifier,
    type: guessed,
    text: guessed,
    from: guessedIdentifier,
    buttonId: guessedIdentifier,
    media: optionalText,
    media_filename: optionalText,
    reply_to_message_id: optionalText,
    tenant_id: optionalIdentifier,
  }),
);

/** The text of a message of type `location`. */
export const location = z.object({
  latitude: z.number(),
  longitude: z.number(),
  name: optionalText,
  address: optionalText,
});

export type ContactChange = z.infer<typeof contactChanged>;
export type LabelChange = z.infer<typeof labelChanged>;
export type StatusChange = z.infer<typeof statusChanged>;
export type Received = z.infer<typeof received>;
