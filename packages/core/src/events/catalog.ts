import { z } from 'zod';
import { campaignSchema } from './campaign.ts';
import { chatSchema } from './chat.ts';
import { contactSchema, labelSchema } from './contact.ts';
import { messageSchema } from './message.ts';
import { personSchema } from './person.ts';
import { messageStatusSchema } from './status.ts';
import { transferSchema } from './transfer.ts';

const withMessage = z.object({
  message: messageSchema,
  chat: chatSchema.optional(),
  contact: contactSchema.optional(),
});
const withChat = z.object({ chat: chatSchema, contact: contactSchema.optional() });
const withContact = z.object({ contact: contactSchema });
const withLabel = z.object({ label: labelSchema });
const deletedAt = { deletedAt: z.string().optional() };
/** Values before the change, of the changed fields only. */
const previous = <T extends z.ZodObject>(schema: T) => ({ previous: schema.partial().optional() });
/** A change that we pass on in the vendor's own words. */
const change = z.object({ change: z.string(), payload: z.unknown() });

/**
 * The normalized model: every event type with the schema of its `data`.
 *
 * Schemas describe what handlers receive; the conformance suite holds every provider to them.
 */
export const catalog = {
  'message.inbound': withMessage,
  'message.outbound': withMessage,
  'message.status': messageStatusSchema.extend({ chat: chatSchema.optional(), contact: contactSchema.optional() }),
  'message.updated': withMessage.extend(previous(messageSchema)),
  'message.deleted': withMessage.extend(deletedAt),
  'message.reaction': z.object({
    messageId: z.string(),
    /** The channel's own id of the message (`wamid…`). */
    channelMessageId: z.string().optional(),
    /** `null` means the reaction was removed. */
    emoji: z.string().nullable(),
    /** Which one was removed, when the vendor says so. */
    removed: z.string().optional(),
    from: personSchema.optional(),
    chat: chatSchema.optional(),
  }),
  'chat.created': withChat,
  'chat.updated': withChat.extend(previous(chatSchema)),
  'chat.deleted': withChat.extend(deletedAt),
  /** Everything in the chat up to `before` has reached `status`. */
  'chat.watermark': z.object({ status: z.enum(['delivered', 'read']), before: z.string(), chat: chatSchema }),
  'contact.created': withContact,
  'contact.updated': withContact.extend(previous(contactSchema)),
  'contact.deleted': withContact.extend(deletedAt),
  'contact.identityChanged': z.object({ previous: personSchema, current: personSchema }),
  'contactStatus.created': withLabel,
  'contactStatus.updated': withLabel.extend(previous(labelSchema)),
  'contactStatus.deleted': withLabel.extend(deletedAt),
  'contactSource.created': withLabel,
  'contactSource.updated': withLabel.extend(previous(labelSchema)),
  'contactSource.deleted': withLabel.extend(deletedAt),
  'campaign.completed': z.object({ campaign: campaignSchema }),
  'transfer.created': z.object({ transfer: transferSchema }),
  'flow.event': z.object({
    /** The suffix that the flow's author chose; empty for a bare `flow`. */
    name: z.string(),
    payload: z.unknown(),
  }),
  'account.updated': change,
  'template.updated': change,
  ping: z.object({}),
  unknown: z.object({
    /**
     * `unknown_event`: no such event in our tables. `not_modelled`: known, but without a counterpart in the model.
     * `invalid_payload`: known, but of another shape. `normalize_failed`: the provider threw.
     */
    reason: z.enum(['unknown_event', 'not_modelled', 'invalid_payload', 'normalize_failed']),
    /** What did not fit, without the values. */
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
} as const satisfies Record<string, z.ZodType>;

/** `data` of every event type. */
export type EventData = { readonly [T in keyof typeof catalog]: z.infer<(typeof catalog)[T]> };

/** The name of a normalized event: `message.inbound`. */
export type EventType = keyof EventData;

/** Every {@link EventType}. */
export const eventTypes: readonly EventType[] = Object.keys(catalog).filter((type): type is EventType =>
  Object.hasOwn(catalog, type),
);
