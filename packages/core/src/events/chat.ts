import { z } from 'zod';

/** A conversation between a business and a person or a group. */
export const chatSchema = z.object({
  /** The vendor's id of the conversation. */
  id: z.string(),
  /** `private` is one person and the business. */
  kind: z.enum(['private', 'group', 'channel']).optional(),
  /** Lower-case name of the channel: `whatsapp`, `telegram`. */
  channel: z.string().optional(),
  /** The channel's own id of the conversation. */
  channelChatId: z.string().optional(),
  /** The vendor's id of the number, bot or page that the business talks through. */
  integrationId: z.string().optional(),
  /** The other side's name, or the group's title. */
  title: z.string().optional(),
  username: z.string().optional(),
  photoUrl: z.string().optional(),
  contactId: z.string().optional(),
  /** The vendor's word: `active`, `closed`. */
  status: z.string().optional(),
  /** Who of the team has the conversation; `null` means nobody. */
  assigneeId: z.string().nullable().optional(),
  /** Whether the vendor's automation answers in it. */
  automated: z.boolean().optional(),
  createdAt: z.string().optional(),
  updatedAt: z.string().optional(),
  /** `null` means not archived. */
  archivedAt: z.string().nullable().optional(),
});

/** {@inheritDoc chatSchema} */
export type Chat = z.infer<typeof chatSchema>;
