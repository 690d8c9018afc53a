import type { Message, MessageStatus } from '@chathooks/express';

/** Stands for your own code. Knows messages by the channel's id: the vendors' own ids end with the vendor. */
const messages: string[] = [];

/** What a message is called in the log: its ids hold phone numbers. */
const nameOf = (id: string) => `message ${messages.indexOf(id) + 1}`;

export const crm = {
  async addMessage({ id, channelMessageId = id, direction }: Message, toldBy: string) {
    messages.push(channelMessageId);
    console.log(`crm: ${nameOf(channelMessageId)}, ${direction}, told by ${toldBy}`);
  },
  async setStatus(id: string, status: MessageStatus, toldBy: string) {
    console.log(`crm: ${nameOf(id)} is ${status}, told by ${toldBy}`);
  },
};
