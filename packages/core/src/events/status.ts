import { z } from 'zod';
import { personSchema } from './person.ts';

/** In the order in which a message passes them. `failed` ends it from anywhere, so it ranks last. */
export const messageStatuses = ['queued', 'sent', 'delivered', 'read', 'played', 'failed'] as const;

/** How far an outbound message got. */
export type MessageStatus = (typeof messageStatuses)[number];

/** Rank of a status: a status of a lower rank than one already seen is stale. */
export const statusRank = (status: MessageStatus): number => messageStatuses.indexOf(status);

/** Tells whether a vendor's word, in lower case, is one of ours. */
export const isMessageStatus = (word: string): word is MessageStatus =>
  messageStatuses.some((status) => status === word);

/** Why a message failed, in the vendor's terms. */
export const messageErrorSchema = z.object({
  code: z.string().optional(),
  message: z.string().optional(),
  details: z.string().optional(),
});

/** {@inheritDoc messageErrorSchema} */
export type MessageError = z.infer<typeof messageErrorSchema>;

/** What the vendor charges for a message, in the vendor's words. */
export const pricingSchema = z.object({
  billable: z.boolean().optional(),
  /** `marketing`, `utility`. */
  category: z.string().optional(),
  /** `regular`, `free_customer_service`. */
  type: z.string().optional(),
  model: z.string().optional(),
});

/** {@inheritDoc pricingSchema} */
export type Pricing = z.infer<typeof pricingSchema>;

/** News of an outbound message's delivery. */
export const messageStatusSchema = z.object({
  /** The vendor's id of the message. */
  messageId: z.string(),
  /** The channel's own id of the message (`wamid…`). */
  channelMessageId: z.string().optional(),
  status: z.enum(messageStatuses),
  /** Whom it was sent to. */
  recipient: personSchema.optional(),
  /** `true` when the message has several recipients and this status is that of `recipient` alone. */
  partial: z.boolean().optional(),
  /** When the vendor says the status was reached. */
  at: z.string().optional(),
  error: messageErrorSchema.optional(),
  pricing: pricingSchema.optional(),
  /** What the business itself gave the vendor with the message, to find it again. */
  reference: z.string().optional(),
  /** `true` when a later status of this message was seen before. Set by the receiver. */
  stale: z.boolean().optional(),
});

/** {@inheritDoc messageStatusSchema} */
export type MessageStatusData = z.infer<typeof messageStatusSchema>;
