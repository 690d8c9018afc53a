import type { Chat, Message, MessageStatus } from '@chathooks/express';

/** Stands for your own code. Prints no names, numbers or texts: a log is not the place for them. */
export const crm = {
  async addMessage(message: Message) {
    console.log(`crm: new ${message.kind} message`);
  },
  async setStatus(_messageId: string, status: MessageStatus) {
    console.log(`crm: a message is ${status}`);
  },
  async openChat(chat: Chat) {
    console.log(`crm: new chat on ${chat.channel ?? 'an unnamed channel'}`);
  },
};
