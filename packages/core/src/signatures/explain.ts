import type { Verifier } from './verifier.ts';

/** Beyond it, finding the likely cause would cost more than it is worth. */
const explainableBytes = 64 * 1024;

const fixedSecrets = new WeakMap<Verifier, readonly string[]>();

/** Keeps the fixed secrets of a verifier, so that a mismatch elsewhere can be traced to a mix-up. */
export function rememberSecrets(verifier: Verifier, secrets: readonly string[]): void {
  fixedSecrets.set(verifier, secrets);
}

/** The fixed secrets of a verifier; none when it looks them up. */
export const secretsOf = (verifier: Verifier): readonly string[] => fixedSecrets.get(verifier) ?? [];

/** A signature that fits none of the secrets it should. */
export interface Mismatch {
  readonly body: Uint8Array;
  /** The texts of the secrets that were tried. */
  readonly own: readonly string[];
  /** The verifiers of the other providers, by provider name. */
  readonly others: ReadonlyMap<string, Verifier>;
  /** Whether the signature would fit this secret and this body. */
  fits(secret: string, body: Uint8Array): boolean;
}

/** Tries the mistakes that people make and names the one that explains the mismatch. */
export function explainMismatch({ body, own, others, fits }: Mismatch): string | undefined {
  if (body.length > explainableBytes) return undefined;
  if (own.some((secret) => secret !== secret.trim() && fits(secret.trim(), body))) {
    return 'the secret begins or ends with white space or a line break: remove it';
  }
  for (const [provider, verifier] of others) {
    if (secretsOf(verifier).some((secret) => fits(secret, body))) {
      return `it was signed with the secret of the provider "${provider}": the secrets, or the URLs, are mixed up`;
    }
  }
  const rewritten = rewriteJson(body);
  if (rewritten && own.some((secret) => fits(secret, rewritten))) {
    return 'the JSON was rewritten on its way: something between the vendor and this server parses and re-serializes bodies';
  }
  return undefined;
}

function rewriteJson(body: Uint8Array): Uint8Array | undefined {
  try {
    return new TextEncoder().encode(JSON.stringify(JSON.parse(new TextDecoder().decode(body))));
  } catch {
    return undefined;
  }
}
