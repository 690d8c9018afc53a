import type { Message } from '../../events/message.ts';
import { present } from '../../events/present.ts';
import { isRecord } from '../provider.ts';
import { location } from './payloads.ts';

/** JSON inside of a text escapes the receiver's limit on depth, and a deep value would overflow the stack of whatever walks it. */
const maxBrackets = 1_000;

/** What the text field of a received message says: for a location and for contacts, Xobito puts JSON in it. */
export function readText(
  kind: string,
  text: string | null | undefined,
): Pick<Message, 'text' | 'location' | 'contacts'> {
  if (text === undefined) return {};
  if (kind === 'location') {
    const place = location.safeParse(parseText(text)).data;
    if (place) {
      const { latitude, longitude, name, address } = place;
      return { location: present({ latitude, longitude, name: name ?? undefined, address: address ?? undefined }) };
    }
  }
  if (kind === 'contacts') {
    const cards = parseText(text);
    if (Array.isArray(cards)) return { contacts: cards };
    if (isRecord(cards)) return { contacts: [cards] };
  }
  return { text };
}

function parseText(text: string | null): unknown {
  if (text === null || text.split(/[[{]/, maxBrackets + 1).length > maxBrackets) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
