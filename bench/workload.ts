import { deliver, type SignedDelivery } from '@chathooks/testing';

/** What the deliveries are signed with. */
export const secret = 'wexio-test-secret';

/** Kinds of distinct deliveries: about as long as a status update, and as a first message with its contact. */
export const workload = {
  status: (id: string, now: number) => deliver.wexio('message.outbound.updated', { id }, { now }),
  message: (id: string, now: number) => {
    const text = 'Could you tell me whether my order can still be changed? '.repeat(5);
    return deliver.wexio('message.inbound.created', { id, data: { message: { text } } }, { now });
  },
  /** A short message in one of a thousand chats: messages of one chat are handled in turn. */
  chatter: (id: string, now: number) => {
    const chatId = `chat_${Math.floor(Math.random() * 1000)}`;
    const message = { id: `msg_${id}`, chatId, text: 'Is my order on its way?' };
    return deliver.wexio('message.inbound.created', { id, data: { message, chat: { id: chatId } } }, { now });
  },
} satisfies Record<string, (id: string, now: number) => SignedDelivery>;
