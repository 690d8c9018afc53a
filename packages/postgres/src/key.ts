import { createHash } from 'node:crypto';

/**
 * The primary key of a row: the first half of a SHA-256, as a `uuid`. Of a fixed, small size whatever the length of the
 * names, which may hold any character, and nothing of them can be read in the table.
 */
export const keyOf = (kind: 'claim' | 'rank' | 'mark', ...names: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify([kind, ...names]))
    .digest('hex')
    .slice(0, 32);

/** What no token is: matches no row. */
const noToken = '00000000-0000-0000-0000-000000000000';

/** A token of ours as it is; anything else, which Postgres might refuse to read, as one that holds nothing. */
export const tokenOf = (token: string): string => (isUuid.test(token) ? token : noToken);

const isUuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
