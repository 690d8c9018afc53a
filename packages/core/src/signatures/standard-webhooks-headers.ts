/** What a request says of itself. */
export interface StandardHeaders {
  /** The sender's id of the message: the same on every attempt. */
  readonly id: string;
  /** The time of this attempt, in Unix seconds. */
  readonly timestamp: string;
  readonly signature: string;
}

/** One entry of `webhook-signature`. */
export interface StandardSignature {
  readonly version: 'v1' | 'v1a';
  /** In base64. */
  readonly signature: string;
}

/** Ids beyond it are refused: they become keys of the dedup store. */
export const maxIdLength = 256;

/** A header may carry a few versions and a few keys during a rotation, not hundreds. */
const maxSignatures = 16;

/** Each costs a pass over the body, which anybody can ask for; one HMAC serves all symmetric signatures of a key. */
const maxAsymmetric = 4;

/** The names of the specification, and those of Svix, which it came from. */
const prefixes = ['webhook', 'svix'] as const;

/** The form of a signature by its version: 32 bytes and 64 bytes. */
const forms = { v1: /^[A-Za-z0-9+/]{43}=$/, v1a: /^[A-Za-z0-9+/]{86}==$/ } as const;

/**
 * Reads the first set of headers that is complete. Sets are never mixed: what was verified is what is read.
 *
 * @param header - looks a header up by its lower-case name
 * @returns nothing if no set is complete
 */
export function readStandardHeaders(header: (name: string) => string | undefined): StandardHeaders | undefined {
  for (const prefix of prefixes) {
    const id = header(`${prefix}-id`);
    const timestamp = header(`${prefix}-timestamp`);
    const signature = header(`${prefix}-signature`);
    if (id && timestamp && signature) return { id, timestamp, signature };
  }
  return undefined;
}

/**
 * Reads the list of signatures. Versions that the specification does not have yet are skipped, whatever their form.
 *
 * @returns nothing if there are too many, if two headers were made one, or if none is of a version that we know
 */
export function readStandardSignatures(list: string): readonly StandardSignature[] | undefined {
  const entries = list.split(' ', maxSignatures + 1);
  if (entries.length > maxSignatures) return undefined;
  const signatures: StandardSignature[] = [];
  for (const entry of entries) {
    const [version, signature = '', ...rest] = entry.split(',');
    if (version !== 'v1' && version !== 'v1a') continue;
    // A comma too many comes from two headers in one.
    if (rest.length > 0) return undefined;
    if (forms[version].test(signature)) signatures.push({ version, signature });
  }
  const asymmetric = signatures.filter(({ version }) => version === 'v1a');
  return signatures.length > 0 && asymmetric.length <= maxAsymmetric ? signatures : undefined;
}
