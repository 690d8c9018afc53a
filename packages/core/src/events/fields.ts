import { z } from 'zod';

/** A text that a vendor may leave out, or send as `null`. */
export const optionalText = z.string().nullish();

/** An identifier. Vendors send texts and numbers; ours are texts. An empty one would be shared by strangers. */
export const identifier = z.union([z.string().min(1), z.number().transform(String)]);

/** An identifier that a vendor may leave out, or send as `null`. */
export const optionalIdentifier = z.union([z.string(), z.number().transform(String)]).nullish();

/** A time that a vendor may leave out, or send as `null`: ISO text, or Unix time as a number or digits. See `toIsoTime`. */
export const optionalTime = z.union([z.string(), z.number()]).nullish();
