import { parseEmbedded } from '../../events/embedded.ts';
import type { Message } from '../../events/message.ts';
import { present } from '../../events/present.ts';
import { isRecord } from '../provider.ts';
import { location } from './payloads.ts';

/** What the text field of a received message says: for a location and for contacts, Xobito puts JSON in it. */
export function readText(
  kind: string,
  text: string | null | undefined,
): Pick<Message, 'text' | 'location' | 'contacts'> {
  if (text === undefined) return {};
  if (text === null) return { text };
  if (kind === 'location') {
    const place = location.safeParse(parseEmbedded(text)).data;
    if (place) {
      const { latitude, longitude, name, address } = place;
      return { location: present({ latitude, longitude, name: name ?? undefined, address: address ?? undefined }) };
    }
  }
  if (kind === 'contacts') {
    const cards = parseEmbedded(text);
    if (Array.isArray(cards)) return { contacts: cards };
    if (isRecord(cards)) return { contacts: [cards] };
  }
  return { text };
}
