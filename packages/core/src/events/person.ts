import { z } from 'zod';

/** A person as one platform knows them: a set of identities, each optional, since platforms now hide phone numbers. */
export const personSchema = z.object({
  /** The vendor's own id of the person or contact. */
  id: z.string().optional(),
  /** E.164 with `+`. */
  phone: z.string().optional(),
  username: z.string().optional(),
  /** The channel's id of the person: a Telegram user id, a business-scoped user id, a page-scoped id. */
  channelUserId: z.string().optional(),
  name: z.string().optional(),
});

/** {@inheritDoc personSchema} */
export type Person = z.infer<typeof personSchema>;
