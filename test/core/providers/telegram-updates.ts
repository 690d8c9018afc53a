import { type JsonObject, telegram } from '@chathooks/core';
import { normalized } from './normalized.ts';

export const bot = { id: '555' };
export const provider = telegram({ secretToken: 'secret', botId: 555 });

/** A person as Telegram describes one, and as our events do. */
export const iryna = {
  id: 11,
  is_bot: false,
  first_name: 'Iryna',
  last_name: 'M',
  username: 'iryna',
  language_code: 'pt-BR',
};
export const person = { id: '11', channelUserId: '11', username: 'iryna', name: 'Iryna M' };
export const contact = { ...person, firstName: 'Iryna', lastName: 'M', language: 'pt-br' };
export const privateChat = { id: 11, type: 'private', first_name: 'Iryna', last_name: 'M', username: 'iryna' };
export const chat = {
  id: '11',
  kind: 'private',
  channel: 'telegram',
  channelChatId: '11',
  integrationId: '555',
  title: 'Iryna M',
  username: 'iryna',
  contactId: '11',
};

/** A group as Telegram describes one, and as our events do. */
export const group = { id: -1009007199254740, type: 'supergroup', title: 'Book club' };
export const groupChat = {
  id: '-1009007199254740',
  kind: 'group',
  channel: 'telegram',
  channelChatId: '-1009007199254740',
  integrationId: '555',
  title: 'Book club',
};

/** The date of all updates, in Unix seconds and as our events have it. */
export const date = 1781079330;
export const at = '2026-06-10T08:15:30.000Z';

/** What an update with the number 7 becomes. */
export const update = (content: JsonObject, from = provider) => normalized(from, { update_id: 7, ...content });

/** What a message with the number 42 in a private chat becomes. */
export const message = (content: JsonObject, name = 'message') =>
  update({ [name]: { message_id: 42, date, from: iryna, chat: privateChat, ...content } });
