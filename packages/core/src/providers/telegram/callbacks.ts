import type { Message } from '../../events/message.ts';
import { present } from '../../events/present.ts';
import { type EventReader, reads } from '../provider.ts';
import { threadOf } from './messages.ts';
import { type About, botAsPerson, connectionScope, messageIdOf, toChat, toContact, toPerson } from './parties.ts';
import * as payloads from './payloads.ts';

/** A tap on a button under one of the bot's messages. Telegram tells no time of it. */
export const callbackQuery = (about: About): EventReader =>
  reads(payloads.callbackQuery, (query) => {
    const { message: tapped, from } = query;
    const scope = connectionScope(tapped?.business_connection_id);
    const chat = tapped ? toChat(tapped.chat, about, scope) : undefined;
    const message = present({
      id: query.id,
      chatId: chat?.id,
      direction: 'inbound' as const,
      kind: 'button',
      ...choiceOf(query),
      replyTo: tappedMessage(query, chat?.id),
      threadId: tapped ? threadOf(tapped) : undefined,
      from: toPerson(from),
      to: scope ? undefined : botAsPerson(about),
    });
    const data = present({ message, chat, contact: toContact(from) });
    return [{ ...about, type: 'message.inbound', ordering: chat?.id ?? from.id, data }];
  });

/** The title of the button is that of the first with this data: a button has no id. */
function choiceOf({ message, data, game_short_name }: payloads.CallbackQuery): Pick<Message, 'text' | 'interactive'> {
  const buttons = message?.reply_markup?.inline_keyboard?.flat() ?? [];
  const button = buttons.find((one) => (data ? one.callback_data === data : one.callback_game));
  const title = button?.text ?? undefined;
  return present({ text: title, interactive: present({ id: data ?? game_short_name ?? undefined, title }) });
}

/** A message that was sent in inline mode has no chat that the bot knows, but an id that is unique everywhere. */
function tappedMessage({ message, inline_message_id }: payloads.CallbackQuery, chatId: string | undefined) {
  if (message && chatId !== undefined) return { messageId: messageIdOf(chatId, message.message_id) };
  return inline_message_id ? { messageId: inline_message_id } : undefined;
}
