import { type ChatEvent, createReceiver } from '@chathooks/core';
import { deliver, type SignedDelivery } from '@chathooks/testing';
import { describe, expect, it } from 'vitest';
import { send } from './harness.ts';

/** What the vendors tell of a text that came in, and of one that was read, by WhatsApp's own id of it. */
const tellings: Readonly<Record<string, Partial<Record<'text' | 'read', (wamid: string) => SignedDelivery>>>> = {
  wexio: {
    text: (wamid) =>
      deliver.wexio('message.inbound.created', { data: { message: { raw: { providerMessageId: wamid } } } }),
    // As it may be: Wexio's documentation shows statuses without the channel's id.
    read: (wamid) =>
      deliver.wexio('message.outbound.updated', {
        data: {
          message: { readAt: '2026-06-10T08:17:00.000Z', raw: { providerMessageId: wamid } },
          previous: { readAt: null },
        },
      }),
  },
  xobito: {
    text: (wamid) => deliver.xobito('message.received', { data: { message_id: wamid } }),
    read: (wamid) => deliver.xobito('message.read', { data: { message_id: wamid } }),
  },
  watsi: {
    text: (wamid) => deliver.watsi('message.received', { data: { messageId: wamid } }),
    read: (wamid) => deliver.watsi('message.status', { data: { messageId: wamid, status: 'read' } }),
  },
  aisoule: {
    text: (wamid) => deliver.aisoule('message.incoming', { data: { message_id: wamid } }),
    read: (wamid) => deliver.aisoule('message.read', { data: { message_id: wamid } }),
  },
  kapso: {
    text: (wamid) => deliver.kapso('whatsapp.message.received', { message: { id: wamid } }),
    read: (wamid) => deliver.kapso('whatsapp.message.read', { message: { id: wamid } }),
  },
  chatwoot: { text: (wamid) => deliver.chatwoot('message_created', { source_id: wamid }) },
};

const fromMeta = { text: deliver.whatsappCloud('message.text'), read: deliver.whatsappCloud('statuses.read') };

/** The ids of messages in what Meta sends. */
const wamidIn = ({ body }: SignedDelivery, list: string): string =>
  JSON.parse(new TextDecoder().decode(body)).entry[0].changes[0].value[list][0].id;

const cases = Object.entries(tellings).flatMap(([vendor, told]) =>
  Object.entries(told).map(([what, of]) => ({ vendor, what, of })),
);

describe('with dedup across a channel', () => {
  it.each(cases)('$what of $vendor is that of WhatsApp itself, whoever is first', async ({ vendor, what, of }) => {
    const meta = what === 'text' ? fromMeta.text : fromMeta.read;
    const other = of(wamidIn(meta, what === 'text' ? 'messages' : 'statuses'));
    for (const order of [
      [meta, other],
      [other, meta],
    ]) {
      const events: ChatEvent[] = [];
      const receiver = createReceiver({
        providers: [deliver.whatsappCloud.provider(), providerOf(vendor)],
        logger: false,
        dedup: { across: 'channel' },
        onEvent: (event) => void events.push(event),
      });
      for (const delivery of order) expect((await send(receiver, delivery)).status).toBe(200);
      expect(events).toHaveLength(1);
      expect(order[0]?.path).toBe(`/webhooks/${events[0]?.provider}`);
    }
  });
});

function providerOf(name: string) {
  const vendor = Object.entries(deliver).find(([vendor]) => vendor === name)?.[1];
  if (!vendor) throw new RangeError(`There is no vendor ${name}`);
  return vendor.provider();
}
