import { z } from 'zod';

/** A conversation handed from one agent to another. `null` means nobody. */
export const transferSchema = z.object({
  contactId: z.string().optional(),
  fromAgentId: z.string().nullable().optional(),
  toAgentId: z.string().nullable().optional(),
  toTeamId: z.string().nullable().optional(),
  notes: z.string().nullable().optional(),
});

/** {@inheritDoc transferSchema} */
export type Transfer = z.infer<typeof transferSchema>;
