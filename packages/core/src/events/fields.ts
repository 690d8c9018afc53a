import { z } from 'zod';

/** A text that a vendor may leave out, or send as `null`. */
export const optionalText = z.string().nullish();

/** An identifier. Vendors send texts and numbers; ours are texts. */
export const identifier = z.union([z.string(), z.number().transform(String)]);

/** An identifier that a vendor may leave out, or send as `null`. */
export const optionalIdentifier = identifier.nullish();
