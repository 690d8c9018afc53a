import type { z } from 'zod';
import { parseEmbedded, toHexDigest } from '../../events/embedded.ts';
import type { Message } from '../../events/message.ts';
import { present } from '../../events/present.ts';
import { isRecord } from '../provider.ts';
import * as payloads from './payloads.ts';

/** What a message says, as far as its type has a counterpart in the model. */
export type Content = Partial<
  Pick<Message, 'kind' | 'text' | 'media' | 'location' | 'contacts' | 'interactive' | 'order'>
>;

/** Reads what stands under the name of a message's type; nothing if it is not there, or of another shape. */
type ContentReader = (content: unknown) => Content | undefined;

const reads =
  <S extends z.ZodType>(schema: S, toContent: (content: z.output<S>) => Content): ContentReader =>
  (content) => {
    const result = schema.safeParse(content);
    return result.success ? toContent(result.data) : undefined;
  };

const media = reads(payloads.media, ({ id, url, mime_type, sha256, caption, filename, voice }) =>
  present({
    text: caption,
    media: [
      present({
        kind: voice ? 'voice' : undefined,
        id,
        url,
        expires: true,
        mimeType: mime_type,
        filename,
        sha256: toHexDigest(sha256),
      }),
    ],
  }),
);

/** A map and no object: types are the vendor's words, and an object has names of its own. */
const readers: ReadonlyMap<string, ContentReader> = new Map([
  ['text', reads(payloads.textContent, ({ body: text }) => present({ text }))],
  ['image', media],
  ['video', media],
  ['audio', media],
  ['document', media],
  ['sticker', media],
  ['location', reads(payloads.location, (location) => ({ location: present(location) }))],
  ['contacts', reads(payloads.cards, (contacts) => ({ contacts }))],
  [
    'button',
    reads(payloads.button, ({ payload: id, text }) => present({ text, interactive: present({ id, title: text }) })),
  ],
  ['interactive', (content) => reads(payloads.interactive, (parsed) => toInteractive(parsed, content))(content)],
  ['order', reads(payloads.order, toOrder)],
  ['system', reads(payloads.system, ({ body: text }) => present({ text }))],
]);

/** Whether a message of this type should have content that we can read. */
export const hasContent = (type: string): boolean => readers.has(type);

/** The content of a message. */
export const contentOf = (type: string, message: Readonly<Record<string, unknown>>): Content | undefined =>
  readers.get(type)?.(message[type]);

function toInteractive(reply: payloads.Interactive, content: unknown): Content {
  const { type, body, button_reply, list_reply, nfm_reply } = reply;
  if (button_reply) {
    const { id, title } = button_reply;
    return present({ kind: 'button', text: title, interactive: present({ id, title }) });
  }
  if (list_reply) return present({ text: list_reply.title, interactive: present(list_reply) });
  if (nfm_reply) {
    return present({ text: nfm_reply.body, interactive: present({ payload: answersOf(nfm_reply.response_json) }) });
  }
  // `call_permission_reply`, `product` and whatever comes next: as the vendor has it.
  if (!isRecord(content) || Object.keys(content).every((name) => name === 'type')) return {};
  const payload = type !== undefined && Object.hasOwn(content, type) ? content[type] : content;
  return present({ text: body?.text, interactive: { payload } });
}

function toOrder({ catalog_id, text, product_items = [] }: z.output<typeof payloads.order>): Content {
  const items = product_items.map(({ product_retailer_id: productId, quantity, item_price: price, currency }) =>
    present({ productId, quantity, price, currency }),
  );
  return present({ text, order: present({ catalogId: catalog_id, items }) });
}

/** The answers of a form, which come as a text. */
const answersOf = (answers: unknown): unknown => (typeof answers === 'string' ? parseEmbedded(answers) : answers);
