import { z } from 'zod';
import { identifier, optionalIdentifier, optionalText, optionalTime } from '../../events/fields.ts';

/*
 * What is read of Messenger's and Instagram's payloads. Sources, under developers.facebook.com: the pages of
 * documentation/business-messaging/messenger-platform/webhooks/webhook-events, documentation/instagram-platform/webhooks
 * and docs/graph-api/webhooks/reference. They show examples and say of few fields that they are always there.
 */

/** Left out rather than refused when they are of another form: what an entry holds does not hang on them. */
export const entryFields = z.object({
  id: optionalIdentifier.catch(undefined),
  time: optionalTime.catch(undefined),
});

const party = z.object({ id: optionalIdentifier, user_ref: optionalIdentifier }).nullish();
const envelope = z.object({ sender: party, recipient: party, timestamp: optionalTime });

const referral = z.object({
  ref: optionalIdentifier,
  source: optionalText,
  ad_id: optionalIdentifier,
  referer_uri: optionalText,
  ads_context_data: z
    .object({
      ad_title: optionalText,
      photo_url: optionalText,
      video_url: optionalText,
      product_id: optionalIdentifier,
    })
    .nullish(),
  product: z.object({ id: optionalIdentifier }).nullish(),
});

const attachment = z.object({
  type: optionalText,
  url: optionalText,
  payload: z
    .object({
      url: optionalText,
      sticker_id: optionalIdentifier,
      coordinates: z.object({ lat: z.number(), long: z.number() }).nullish(),
      product: z
        .object({ elements: z.array(z.object({ id: optionalIdentifier, retailer_id: optionalIdentifier })).nullish() })
        .nullish(),
    })
    .nullish(),
});

const messageContent = z.object({
  mid: identifier,
  text: optionalText,
  is_echo: z.boolean().nullish(),
  is_deleted: z.boolean().nullish(),
  is_unsupported: z.boolean().nullish(),
  quick_reply: z.object({ payload: optionalText }).nullish(),
  reply_to: z
    .object({
      mid: optionalIdentifier,
      story: z.object({ id: optionalIdentifier, url: optionalText }).nullish(),
    })
    .nullish(),
  attachments: z.array(attachment).nullish(),
  referral: referral.nullish(),
});

export const message = envelope.extend({ message: messageContent });
export const messageEdit = envelope.extend({
  message_edit: z.object({ mid: identifier, text: optionalText, num_edit: optionalIdentifier }),
});
export const postback = envelope.extend({
  postback: z.object({
    mid: optionalIdentifier,
    title: optionalText,
    payload: optionalText,
    referral: referral.nullish(),
  }),
});
export const order = envelope.extend({
  order: z.object({
    note: optionalText,
    products: z.array(
      z.object({
        id: optionalIdentifier,
        retailer_id: optionalIdentifier,
        name: optionalText,
        quantity: z.number().nullish(),
        unit_price: z.number().nullish(),
        currency: optionalText,
      }),
    ),
  }),
});
export const reaction = envelope.extend({
  reaction: z
    .object({ mid: identifier, action: z.enum(['react', 'unreact']), reaction: optionalText, emoji: optionalText })
    .refine((value) => value.action === 'unreact' || value.emoji || value.reaction, {
      path: ['emoji'],
      error: 'Nothing says which reaction it is',
    }),
});
export const delivery = envelope.extend({
  delivery: z.object({ mids: z.array(identifier).nullish(), watermark: optionalTime }),
});
export const read = envelope.extend({ read: z.object({ mid: optionalIdentifier, watermark: optionalTime }) });

/** An object that is passed on field by field, under the vendor's names. */
const anyFields = z.record(z.string(), z.unknown());
export const referralItem = envelope.extend({ referral: anyFields });
/** What an opt-in is about, where it says so. */
const topic = z.union([z.string().regex(/^[a-z][\w -]*$/i), z.literal('')]).nullish();
export const optin = envelope.extend({
  optin: anyFields.refine(({ type }) => topic.safeParse(type).success, { path: ['type'], error: 'Expected a word' }),
});
export const accountLinking = envelope.extend({ account_linking: anyFields });
/** An item that is passed on as it is. */
export const anyItem = envelope;

export const comment = z.object({
  id: identifier,
  text: optionalText,
  parent_id: optionalIdentifier,
  from: z.object({ id: optionalIdentifier, username: optionalText }).nullish(),
  media: z.object({ id: optionalIdentifier, ad_id: optionalIdentifier, ad_title: optionalText }).nullish(),
});
/** In a comment, which is then named, or in the caption of a post. */
export const mention = z
  .object({ media_id: optionalIdentifier, comment_id: optionalIdentifier })
  .refine((value) => value.comment_id || value.media_id, {
    path: ['media_id'],
    error: 'Nothing says what was written',
  });
export const anyChange = z.record(z.string(), z.unknown());

export type EntryFields = z.infer<typeof entryFields>;
export type PartyPayload = z.infer<typeof party>;
export type ItemPayload = z.infer<typeof envelope>;
export type AttachmentPayload = z.infer<typeof attachment>;
export type MessagePayload = z.infer<typeof messageContent>;
export type ReferralPayload = z.infer<typeof referral>;
export type CommentPayload = z.infer<typeof comment>;
