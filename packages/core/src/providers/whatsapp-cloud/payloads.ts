import { z } from 'zod';
import { identifier } from '../../events/fields.ts';

/*
 * What is read of WhatsApp's payloads. Source: developers.facebook.com/documentation/business-messaging/whatsapp, pages
 * webhooks/reference/*, groups/webhooks and business-scoped-user-ids. Only what an item cannot do without is required.
 * Any other field that does not fit is left out, since an id is enough to tell of a message; it stays in `raw`.
 */

const lenient = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);
const text = lenient(z.string());
const id = lenient(identifier);
const time = lenient(z.union([z.string(), z.number()]));
const flag = lenient(z.boolean());
const numeric = lenient(
  z.union([
    z.number(),
    z
      .string()
      .regex(/^-?\d+(\.\d+)?$/)
      .transform(Number),
  ]),
);

export const entry = z.object({ id, time });

export const metadata = z.object({ display_phone_number: id, phone_number_id: id });

/** Side data of a person who is named in a value. */
export const contactEntry = z.object({
  wa_id: id,
  user_id: id,
  parent_user_id: id,
  identity_key_hash: id,
  profile: lenient(z.object({ name: text, username: text })),
});

export const vendorError = z.object({
  code: id,
  title: text,
  message: text,
  error_data: lenient(z.object({ details: text })),
});
const errors = lenient(z.array(vendorError.catch({})));

export const message = z.object({
  id: identifier,
  type: lenient(z.string().min(1)),
  from: id,
  from_user_id: id,
  to: id,
  to_user_id: id,
  group_id: id,
  timestamp: time,
  context: lenient(
    z.object({
      id,
      forwarded: flag,
      frequently_forwarded: flag,
      referred_product: lenient(z.object({ catalog_id: id, product_retailer_id: id })),
    }),
  ),
  referral: lenient(
    z.object({
      source_url: text,
      source_id: id,
      source_type: text,
      headline: text,
      body: text,
      image_url: text,
      video_url: text,
      thumbnail_url: text,
      ctwa_clid: id,
      ref: text,
    }),
  ),
  errors,
  history_context: lenient(z.object({ status: text })),
});

export const textContent = z.object({ body: text });
export const media = z.object({
  id,
  url: text,
  mime_type: text,
  sha256: text,
  caption: text,
  filename: text,
  voice: flag,
});
export const location = z.object({
  latitude: z.number(),
  longitude: z.number(),
  name: text,
  address: text,
  url: text,
});
export const cards = z.array(z.unknown());
const reply = lenient(z.object({ id, title: text, description: text }));
export const interactive = z.object({
  type: text,
  body: lenient(z.object({ text })),
  button_reply: reply,
  list_reply: reply,
  nfm_reply: lenient(z.object({ body: text, response_json: z.unknown() })),
});
export const button = z.object({ payload: id, text });
export const order = z.object({
  catalog_id: id,
  text,
  product_items: lenient(
    z.array(z.object({ product_retailer_id: id, quantity: numeric, item_price: numeric, currency: text })),
  ),
});
export const system = z.object({
  body: text,
  type: text,
  /** The new number; `new_wa_id` before v12. */
  wa_id: id,
  new_wa_id: id,
  user_id: id,
  previous_user_id: id,
});

export const reaction = z.object({ reaction: z.object({ message_id: identifier, emoji: text }) });
export const edit = z.object({
  edit: z.object({
    original_message_id: identifier,
    message: z.looseObject({ type: text, context: message.shape.context }),
  }),
});
export const revoke = z.object({ revoke: z.object({ original_message_id: identifier }) });

export const status = z.object({
  id: identifier,
  status: z.enum(['sent', 'delivered', 'read', 'played', 'failed', 'deleted']),
  type: z.literal('message').optional(),
  timestamp: time,
  recipient_id: id,
  recipient_type: text,
  recipient_user_id: id,
  recipient_participant_id: id,
  participant_recipient_id: id,
  recipient_participant_user_id: id,
  recipient_participant_parent_user_id: id,
  biz_opaque_callback_data: id,
  pricing: lenient(z.object({ billable: flag, pricing_model: text, type: text, category: text })),
  errors,
});

export const thread = z.object({ id, messages: z.array(z.unknown()) });

export const stateSync = z.object({
  type: z.literal('contact'),
  action: z.enum(['add', 'remove']),
  contact: z.object({
    full_name: text,
    first_name: text,
    phone_number: id,
    user_id: id,
    username: text,
  }),
  metadata: lenient(z.object({ timestamp: time })),
});
export const userPreference = z.object({
  wa_id: id,
  user_id: id,
  category: z.string().regex(/^[a-z]\w*$/i),
  value: z.enum(['stop', 'resume']),
  timestamp: time,
});
export const userIdUpdate = z.object({
  wa_id: id,
  user_id: z.object({ previous: identifier, current: identifier }),
  timestamp: time,
});

export const group = z.object({
  type: text,
  group_id: identifier,
  timestamp: time,
  subject: text,
  /** Observed; in `group_settings_update`. */
  group_subject: lenient(z.object({ text, update_successful: flag })),
});
export const groupFailure = z.object({
  type: text,
  timestamp: time,
  errors: z.array(z.unknown()).min(1),
  /** Where some were removed, only a part failed. */
  removed_participants: z.array(z.unknown()).max(0).optional(),
});

export const call = z.object({ id: identifier, event: z.string() });
export const callStatus = z.object({ id: identifier, type: z.literal('call'), status: z.string() });

/** A field of the account: the numbers' account, where `entry.id` is that of something else. */
export const account = z.object({ waba_info: z.object({ waba_id: identifier }) });

/** A field of a template. */
export const template = z.object({ message_template_id: identifier });

export type Entry = z.infer<typeof entry>;
export type Metadata = z.infer<typeof metadata>;
export type ContactEntry = z.infer<typeof contactEntry>;
export type VendorError = z.infer<typeof vendorError>;
export type MessagePayload = z.infer<typeof message>;
export type Interactive = z.infer<typeof interactive>;
export type System = z.infer<typeof system>;
export type StatusPayload = z.infer<typeof status>;
export type Group = z.infer<typeof group>;
