import { z } from 'zod';

/** A mass sending. */
export const campaignSchema = z.object({
  id: z.string(),
  name: z.string().optional(),
  totals: z.object({
    total: z.number().optional(),
    sent: z.number().optional(),
    delivered: z.number().optional(),
    read: z.number().optional(),
    failed: z.number().optional(),
  }),
});

/** {@inheritDoc campaignSchema} */
export type Campaign = z.infer<typeof campaignSchema>;
