import { setTimeout } from 'node:timers/promises';
import type { Message } from '@chathooks/express';

/** Stands for your CRM. It takes as long as `CRM_MS` says, so that there is time to kill a process meanwhile. */
export const crm = {
  async addMessage(message: Message, signal: AbortSignal) {
    await setTimeout(Number(process.env.CRM_MS ?? 0), undefined, { signal });
    console.log(`crm: new ${message.kind} message`);
  },
};
