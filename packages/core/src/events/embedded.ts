/** JSON inside of a text escapes the receiver's limit on depth, and a deep value would overflow the stack of whatever walks it. */
const maxBrackets = 1_000;

/**
 * Reads JSON that a vendor put into a text: the answers of a form.
 *
 * @returns the text itself if it is no JSON, or JSON of more than {@link maxBrackets} objects and lists
 */
export function parseEmbedded(text: string): unknown {
  if (text.split(/[[{]/, maxBrackets + 1).length > maxBrackets) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * A SHA-256 digest in hexadecimal digits: WhatsApp writes it in base64.
 *
 * @returns `undefined` for what is no such digest
 */
export function toHexDigest(digest: string | null | undefined): string | undefined {
  if (digest === null || digest === undefined) return undefined;
  if (/^[0-9a-f]{64}$/i.test(digest)) return digest.toLowerCase();
  const bytes = Buffer.from(digest, 'base64');
  return bytes.length === 32 ? bytes.toString('hex') : undefined;
}
