import { z } from 'zod';

/** A product of a catalogue. */
export const productSchema = z.object({
  /** The id that the business gave the product. */
  id: z.string().optional(),
  catalogId: z.string().optional(),
});

/** {@inheritDoc productSchema} */
export type Product = z.infer<typeof productSchema>;

/** What a customer wants to buy. */
export const orderSchema = z.object({
  catalogId: z.string().optional(),
  items: z.array(
    z.object({
      productId: z.string().optional(),
      name: z.string().optional(),
      quantity: z.number().optional(),
      /** Of one piece, in whole units of the currency. */
      price: z.number().optional(),
      /** ISO 4217: `EUR`. */
      currency: z.string().optional(),
    }),
  ),
});

/** {@inheritDoc orderSchema} */
export type Order = z.infer<typeof orderSchema>;
