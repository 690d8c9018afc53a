import { z } from 'zod';
import { identifier, optionalIdentifier, optionalText, optionalTime } from '../../events/fields.ts';

/*
 * What is read of Chatwoot's payloads. Sources: chatwoot.com/docs/product/others/webhook-events (objects and examples) and
 * what the open source sends: app/listeners/webhook_listener.rb and `webhook_data` of app/models. Ids are numbers.
 * Beyond the ids that an event is about, everything may be missing: releases differ.
 */

const account = z.object({ id: optionalIdentifier }).nullish();

/** A contact as an object of its own, as a sender, or in the `meta` of a conversation. */
const person = z.object({
  id: optionalIdentifier,
  name: optionalText,
  email: optionalText,
  phone_number: optionalText,
  avatar: optionalText,
  thumbnail: optionalText,
  type: optionalText,
  custom_attributes: z.record(z.string(), z.unknown()).nullish(),
  additional_attributes: z
    .object({ company_name: optionalText, country_code: optionalText })
    .nullish()
    .catch(undefined),
});

/** What changed, with the value before. Releases write it as a list of objects. */
const changes = z
  .array(z.record(z.string(), z.object({ previous_value: z.unknown().optional() })))
  .nullish()
  .catch(undefined);

const conversationFields = {
  inbox_id: optionalIdentifier,
  channel: optionalText,
  status: optionalText,
  account_id: optionalIdentifier,
  account,
  contact_inbox: z.object({ contact_id: optionalIdentifier, source_id: optionalIdentifier }).nullish(),
  meta: z.object({ sender: person.nullish(), assignee: z.object({ id: optionalIdentifier }).nullish() }).nullish(),
  messages: z.array(z.object({ account_id: optionalIdentifier })).nullish(),
  created_at: optionalTime,
  updated_at: optionalTime,
  timestamp: optionalTime,
};
const conversation = z.object({ id: identifier, ...conversationFields });

const attachment = z.object({
  id: optionalIdentifier,
  file_type: optionalText,
  data_url: optionalText,
  file_url: optionalText,
  file_size: z.number().nullish(),
  coordinates_lat: z.number().nullish(),
  coordinates_long: z.number().nullish(),
  fallback_title: optionalText,
});

export const messageEvent = z.object({
  id: identifier,
  message_type: z.enum(['incoming', 'outgoing', 'template']),
  private: z.boolean().nullish(),
  content: optionalText,
  content_type: optionalText,
  content_attributes: z
    .object({
      in_reply_to: optionalIdentifier,
      deleted: z.boolean().nullish(),
      submitted_values: z.unknown().optional(),
    })
    .nullish(),
  source_id: optionalText,
  created_at: optionalTime,
  updated_at: optionalTime,
  sender: person.nullish(),
  contact: person.nullish(),
  inbox: z.object({ id: optionalIdentifier, name: optionalText }).nullish(),
  // In releases of 2020 it had a `display_id` instead of an `id`.
  conversation: z.object({ id: optionalIdentifier, display_id: optionalIdentifier, ...conversationFields }).nullish(),
  attachments: z.array(attachment).nullish(),
  account,
});
/** A note that only the team sees, or a line of the log such as "Conversation was resolved". */
export const internalMessage = z.union([
  z.object({ private: z.literal(true) }),
  z.object({ message_type: z.literal('activity') }),
]);
export const conversationEvent = conversation.extend({ changed_attributes: changes });
export const contactEvent = person.extend({ id: identifier, account, changed_attributes: changes });
export const inboxEvent = z.object({ id: identifier, account_id: optionalIdentifier });

export type MessageEvent = z.infer<typeof messageEvent>;
export type Conversation = z.infer<typeof conversation>;
export type Changes = z.infer<typeof changes>;
export type PersonPayload = z.infer<typeof person>;
