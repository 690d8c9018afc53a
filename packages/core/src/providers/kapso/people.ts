import type { Chat } from '../../events/chat.ts';
import type { Contact } from '../../events/contact.ts';
import type { Person } from '../../events/person.ts';
import { toPhone } from '../../events/phone.ts';
import { present } from '../../events/present.ts';
import { toIsoTime } from '../../events/time.ts';
import type { ConversationPayload, MessagePayload, Numbers } from './payloads.ts';

type Conversation = ConversationPayload | null | undefined;

/** The id of our number, wherever the version of the payload has it; the items of a batch may have it in the message alone. */
export const ourNumber = (
  { phone_number_id, whatsapp_config }: Numbers,
  conversation?: Conversation,
  message?: MessagePayload,
) =>
  phone_number_id ||
  conversation?.phone_number_id ||
  message?.kapso?.phone_number_id ||
  whatsapp_config?.phone_number_id ||
  undefined;

/**
 * The customer.
 *
 * @param whatsappId - `from` or `recipient_id`, which WhatsApp leaves out for customers that hide their number
 */
export function toPerson(conversation: Conversation, whatsappId?: string | null): Person | undefined {
  const person = present({
    phone: toPhone(conversation?.phone_number) ?? toPhone(whatsappId),
    username: conversation?.username || undefined,
    channelUserId: conversation?.business_scoped_user_id || whatsappId || undefined,
    name: conversation?.kapso?.contact_name || conversation?.contact_name || undefined,
  });
  return Object.keys(person).length > 0 ? person : undefined;
}

/** What is known of the customer in events that are about a conversation. */
export const toContact = (conversation: ConversationPayload): Contact | undefined => toPerson(conversation);

/**
 * A conversation, which Kapso has between one number and one customer.
 *
 * @param numberId - the id of our number
 */
export function toChat(conversation: ConversationPayload, numberId: string | undefined): Chat {
  return present({
    id: conversation.id,
    kind: 'private' as const,
    channel: 'whatsapp',
    channelChatId: conversation.business_scoped_user_id || undefined,
    integrationId: numberId,
    title: conversation.kapso?.contact_name || conversation.contact_name || undefined,
    username: conversation.username || undefined,
    status: conversation.status ?? undefined,
    createdAt: toIsoTime(conversation.created_at),
    updatedAt: toIsoTime(conversation.updated_at),
  });
}
