import { z } from 'zod';
import { personSchema } from './person.ts';

/** A value of a field that the vendor's customer defined. */
const customFieldSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A person's record in the vendor's address book. */
export const contactSchema = personSchema.extend({
  firstName: z.string().nullable().optional(),
  lastName: z.string().nullable().optional(),
  email: z.string().nullable().optional(),
  company: z.string().nullable().optional(),
  photoUrl: z.string().optional(),
  /** Lower-case tag of the language: `pt`, `pt-br`. */
  language: z.string().optional(),
  /** ISO 3166: `PT`. */
  country: z.string().optional(),
  /** `false` after the person blocked the business or unsubscribed: it may not write any more. */
  subscribed: z.boolean().optional(),
  /** What the person agreed to or refused, by the vendor's category: `{ marketing_messages: false }`. */
  preferences: z.record(z.string(), z.boolean()).optional(),
  tags: z.array(z.string()).optional(),
  /** The vendor's word for the kind of contact: `lead`, `customer`. */
  kind: z.string().optional(),
  /** The id of the contact's status label, see `contactStatus.*`. */
  statusId: z.string().nullable().optional(),
  /** The id of the contact's source label, see `contactSource.*`. */
  sourceId: z.string().nullable().optional(),
  /** Where the contact came from, in the vendor's word: `import`. */
  source: z.string().optional(),
  /** Further fields by the vendor's names. */
  fields: z.record(z.string(), customFieldSchema).optional(),
  createdAt: z.string().optional(),
  updatedAt: z.string().optional(),
});

/** {@inheritDoc contactSchema} */
export type Contact = z.infer<typeof contactSchema>;

/** A label that contacts can carry: a status or a source. */
export const labelSchema = z.object({
  id: z.string(),
  name: z.string().optional(),
  color: z.string().nullable().optional(),
});

/** {@inheritDoc labelSchema} */
export type Label = z.infer<typeof labelSchema>;
