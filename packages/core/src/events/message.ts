import { z } from 'zod';
import { orderSchema, productSchema } from './order.ts';
import { personSchema } from './person.ts';
import { messageErrorSchema } from './status.ts';

/** An attachment. Vendors send a link, an id to fetch it by, or both. */
export const mediaSchema = z.object({
  /** What it is, where the vendor says more than the message's `kind`, or several kinds come together: `voice`, `image`. */
  kind: z.string().optional(),
  /** To fetch it by, from the vendor. */
  id: z.string().optional(),
  /** Where it can be fetched, with the vendor's credentials if it asks for them. */
  url: z.string().optional(),
  /** `true` when `url` or `id` works for a limited time only: fetch it soon. */
  expires: z.boolean().optional(),
  /** When `url` stops working, if the vendor says so. */
  expiresAt: z.string().optional(),
  mimeType: z.string().optional(),
  filename: z.string().optional(),
  sizeBytes: z.number().optional(),
  durationSeconds: z.number().optional(),
  /** In hexadecimal digits. */
  sha256: z.string().optional(),
});

/** {@inheritDoc mediaSchema} */
export type Media = z.infer<typeof mediaSchema>;

/** A place that somebody sent. */
export const locationSchema = z.object({
  latitude: z.number(),
  longitude: z.number(),
  name: z.string().optional(),
  address: z.string().optional(),
  url: z.string().optional(),
});

/** {@inheritDoc locationSchema} */
export type Location = z.infer<typeof locationSchema>;

/** What somebody chose: a button, a list row, a form. */
export const interactiveSchema = z.object({
  /** The id that the business gave the choice. */
  id: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  /** Whatever else came with the choice: a form's answers. */
  payload: z.unknown().optional(),
});

/** {@inheritDoc interactiveSchema} */
export type Interactive = z.infer<typeof interactiveSchema>;

/** The advertisement or link that brought the person here. */
export const referralSchema = z.object({
  sourceId: z.string().optional(),
  sourceType: z.string().optional(),
  sourceUrl: z.string().optional(),
  /** The click id that advertisers join on. */
  clickId: z.string().optional(),
  /** What the business itself put into the link. */
  ref: z.string().optional(),
  headline: z.string().optional(),
  body: z.string().optional(),
  /** The picture or video of the advertisement. */
  mediaUrl: z.string().optional(),
});

/** {@inheritDoc referralSchema} */
export type Referral = z.infer<typeof referralSchema>;

/** Kinds that several platforms know. The field is an open string: a vendor's other words arrive in lower case. */
export const messageKinds = [
  'text',
  'image',
  'audio',
  'video',
  'document',
  'sticker',
  'location',
  'contacts',
  'interactive',
  'button',
  'reaction',
  'template',
  'order',
  'comment',
  'mention',
  'poll',
  'system',
  'unsupported',
  'unknown',
] as const;

/** One of {@link messageKinds}, or a vendor's own word in lower case. */
export type MessageKind = (typeof messageKinds)[number] | (string & {});

/** A message in either direction. */
export const messageSchema = z.object({
  /** The vendor's id of the message. */
  id: z.string(),
  /** The channel's own id (`wamid…`): the same, whichever vendor tells of the message. */
  channelMessageId: z.string().optional(),
  /** The vendor's id of the conversation. */
  chatId: z.string().optional(),
  /** `inbound` comes from the customer, `outbound` from the business. */
  direction: z.enum(['inbound', 'outbound']),
  /** `text`, `image`, …; an open list, see {@link messageKinds}. */
  kind: z.custom<MessageKind>((value) => typeof value === 'string'),
  /** Text, caption or the title of a tapped button. */
  text: z.string().nullable().optional(),
  /** The attachments. */
  media: z.array(mediaSchema).optional(),
  location: locationSchema.optional(),
  /** Contact cards that were sent, as the vendor describes them. */
  contacts: z.array(z.unknown()).optional(),
  /** What was chosen: a button, a list row, a form. */
  interactive: interactiveSchema.optional(),
  /** Goods that the customer wants to buy. */
  order: orderSchema.optional(),
  /** The product that the message asks about. */
  product: productSchema.optional(),
  /** The message that this one answers, or whose button was tapped. */
  replyTo: z.object({ messageId: z.string() }).optional(),
  /** The story that the message answers or mentions. */
  story: z.object({ id: z.string().optional(), url: z.string().optional() }).optional(),
  /** The advertisement or link that brought the person here. */
  referral: referralSchema.optional(),
  /** Whether it was written elsewhere and passed on. */
  forwarded: z.boolean().optional(),
  /** Messages that share it were sent as one album. */
  albumId: z.string().optional(),
  /** The topic of the chat that it belongs to. */
  threadId: z.string().optional(),
  /** Why the vendor does not pass on the content. */
  error: messageErrorSchema.optional(),
  from: personSchema.optional(),
  to: personSchema.optional(),
  /** When it was sent or, for an inbound message, received by the vendor. */
  sentAt: z.string().optional(),
  editedAt: z.string().optional(),
});

/** {@inheritDoc messageSchema} */
export type Message = z.infer<typeof messageSchema>;
