import { deliver, type SignedDelivery } from '@chathooks/testing';

/** Of the one connection that all processes have. */
export const secret = 'secret-of-the-faults';

/** An event of a chat, as its test names it. */
export interface Name {
  readonly chat: string;
  /** Its place in the chat, from 0. */
  readonly place: number;
  /** How long its text is. @defaultValue short */
  readonly textLength?: number;
}

/** The id that the event has in handlers and stores. */
export const idOf = ({ chat, place }: Name): string => `wexio:${chat}.${place}`;

/** Undoes {@link idOf}. */
export function nameOf(id: string): Name {
  const [, chat, place] = /^wexio:(.+)\.(\d+)$/.exec(id) ?? [];
  if (chat === undefined) throw new Error(`There is an event "${id}", expected one like wexio:chat.0`);
  return { chat, place: Number(place) };
}

/** The delivery of an event, signed now. */
export function deliveryOf({ chat, place, textLength }: Name): SignedDelivery {
  const changes = {
    id: `${chat}.${place}`,
    data: { chat: { id: chat }, message: { chatId: chat, ...(textLength && { text: 'x'.repeat(textLength) }) } },
  };
  return deliver.wexio('message.inbound.created', changes, { secret });
}
