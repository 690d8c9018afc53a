import { type Handlers, PermanentError } from '@chathooks/express';
import { crm } from './crm.ts';

/** What is done with events, in whichever process. */
export const handlers: Handlers = {
  async onMessageInbound({ type, data }, { attempt, signal }) {
    console.log(`${type}, attempt ${attempt}`);
    await crm.addMessage(data.message, signal);
  },
  onContactDeleted() {
    throw new PermanentError('The CRM cannot delete contacts yet');
  },
};
