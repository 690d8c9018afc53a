import { z } from 'zod';
import { identifier, optionalIdentifier, optionalText, optionalTime } from '../../events/fields.ts';

/*
 * What is read of Kapso's payloads. Source: docs.kapso.ai/docs/platform/webhooks, its pages event-types (version 2, by
 * examples), advanced (batches) and legacy (version 1, by its differences). A message of version 2 is WhatsApp's own with
 * an object `kapso` beside it; types without an example are read as WhatsApp Cloud sends them. Beyond the ids that an
 * event is about, everything may be missing.
 */

const media = z
  .object({
    id: optionalIdentifier,
    mime_type: optionalText,
    sha256: optionalText,
    caption: optionalText,
    filename: optionalText,
    voice: z.boolean().nullish(),
  })
  .nullish();
const choice = z.object({ id: optionalIdentifier, title: optionalText, description: optionalText }).nullish();
const error = z.object({
  code: optionalIdentifier,
  title: optionalText,
  message: optionalText,
  error_data: z.object({ details: optionalText }).nullish(),
});
const statusEntry = z.object({
  status: optionalText,
  timestamp: optionalTime,
  recipient_id: optionalIdentifier,
  biz_opaque_callback_data: optionalText,
  pricing: z
    .object({
      billable: z.boolean().nullish(),
      category: optionalText,
      type: optionalText,
      pricing_model: optionalText,
    })
    .nullish(),
  errors: z.array(error).nullish(),
});

const message = z.object({
  id: identifier,
  timestamp: optionalTime,
  type: optionalText,
  from: optionalIdentifier,
  text: z.object({ body: optionalText }).nullish(),
  image: media,
  audio: media,
  video: media,
  document: media,
  sticker: media,
  location: z
    .object({
      latitude: z.number(),
      longitude: z.number(),
      name: optionalText,
      address: optionalText,
      url: optionalText,
    })
    .nullish(),
  contacts: z.array(z.unknown()).nullish(),
  interactive: z
    .object({
      body: z.object({ text: optionalText }).nullish(),
      button_reply: choice,
      list_reply: choice,
      nfm_reply: z.object({ body: optionalText, response_json: optionalText }).nullish(),
    })
    .nullish(),
  button: z.object({ text: optionalText, payload: optionalText }).nullish(),
  reaction: z.object({ message_id: identifier, emoji: optionalText }).nullish(),
  order: z
    .object({
      catalog_id: optionalIdentifier,
      text: optionalText,
      product_items: z
        .array(
          z.object({
            product_retailer_id: optionalIdentifier,
            quantity: z.number().nullish(),
            item_price: z.number().nullish(),
            currency: optionalText,
          }),
        )
        .nullish(),
    })
    .nullish(),
  context: z
    .object({
      id: optionalIdentifier,
      forwarded: z.boolean().nullish(),
      frequently_forwarded: z.boolean().nullish(),
      referred_product: z.object({ catalog_id: optionalIdentifier, product_retailer_id: optionalIdentifier }).nullish(),
    })
    .nullish(),
  referral: z
    .object({
      source_id: optionalIdentifier,
      source_type: optionalText,
      source_url: optionalText,
      ctwa_clid: optionalText,
      ref: optionalText,
      headline: optionalText,
      body: optionalText,
      image_url: optionalText,
      video_url: optionalText,
      thumbnail_url: optionalText,
    })
    .nullish(),
  errors: z.array(error).nullish(),
  kapso: z
    .object({
      direction: optionalText,
      origin: optionalText,
      phone_number_id: optionalIdentifier,
      media_url: optionalText,
      media_data: z
        .object({
          url: optionalText,
          filename: optionalText,
          content_type: optionalText,
          byte_size: z.number().nullish(),
        })
        .nullish(),
      statuses: z.array(statusEntry).nullish(),
    })
    .nullish(),
  // Version 1.
  message_type: optionalText,
  content: optionalText,
  direction: optionalText,
  origin: optionalText,
  created_at: optionalTime,
  whatsapp_message_id: optionalIdentifier,
});

const conversation = z.object({
  id: identifier,
  phone_number: optionalIdentifier,
  phone_number_id: optionalIdentifier,
  business_scoped_user_id: optionalIdentifier,
  username: optionalText,
  status: optionalText,
  created_at: optionalTime,
  updated_at: optionalTime,
  contact_name: optionalText,
  kapso: z.object({ contact_name: optionalText }).nullish(),
});

const numbers = {
  phone_number_id: optionalIdentifier,
  // Version 1.
  whatsapp_config: z.object({ phone_number_id: optionalIdentifier }).nullish(),
};

/** Events of a message: with all of it, also when only its status is new. */
export const messageEvent = z.object({ message, conversation: conversation.nullish(), ...numbers });
export const conversationEvent = z.object({ conversation, ...numbers });
export const numberEvent = z.object(numbers);
export const workflowEvent = z.object({
  workflow_execution_id: identifier,
  occurred_at: optionalTime,
  whatsapp_conversation_id: optionalIdentifier,
});

export type MessageEvent = z.infer<typeof messageEvent>;
export type MessagePayload = MessageEvent['message'];
export type ConversationPayload = z.infer<typeof conversation>;
export type ErrorPayload = z.infer<typeof error>;
export type Numbers = z.infer<typeof numberEvent>;
