import type { Chat } from '../../events/chat.ts';
import type { Contact } from '../../events/contact.ts';
import type { Person } from '../../events/person.ts';
import { toPhone } from '../../events/phone.ts';
import { present } from '../../events/present.ts';
import { toIsoTime } from '../../events/time.ts';
import type { Changes, Conversation, PersonPayload } from './payloads.ts';

/** Chatwoot's channels that have another name with other vendors. */
const channelNames: Readonly<Record<string, string>> = { facebookpage: 'messenger', twitterprofile: 'twitter' };

/** A conversation, which Chatwoot has between one inbox and one contact. */
export function toChat(conversation: Conversation): Chat {
  const { contact_inbox, meta } = conversation;
  const assignee = meta?.assignee;
  return present({
    id: conversation.id,
    kind: 'private' as const,
    channel: channelOf(conversation),
    channelChatId: contact_inbox?.source_id || undefined,
    integrationId: conversation.inbox_id || undefined,
    title: meta?.sender?.name || undefined,
    contactId: meta?.sender?.id || contact_inbox?.contact_id || undefined,
    status: conversation.status ?? undefined,
    assigneeId: assignee === null ? null : (assignee?.id ?? undefined),
    createdAt: toIsoTime(conversation.created_at),
    updatedAt: toIsoTime(conversation.updated_at),
  });
}

function channelOf({ channel, contact_inbox }: Conversation): string | undefined {
  const name = channel?.replace(/^Channel::/, '').toLowerCase();
  // One channel of Chatwoot is two of Twilio's, which tells them apart by the address.
  if (name === 'twiliosms') return contact_inbox?.source_id?.startsWith('whatsapp:') ? 'whatsapp' : 'sms';
  return name ? (channelNames[name] ?? name) : undefined;
}

/** The id of the account: not every object has it at the top. */
export const accountOf = (conversation: Partial<Conversation> | null | undefined): string | undefined =>
  conversation?.account?.id ?? conversation?.account_id ?? conversation?.messages?.[0]?.account_id ?? undefined;

/** What was there before, of the fields that we have. */
export function previousChat(changes: Changes): Partial<Chat> | undefined {
  const previous = present({
    status: before(changes, 'status', (value) => (typeof value === 'string' ? value : undefined)),
    assigneeId: before(changes, 'assignee_id', (value) => (value === null ? null : toId(value))),
  });
  return Object.keys(previous).length > 0 ? previous : undefined;
}

/** Likewise, of a contact. */
export function previousContact(changes: Changes): Partial<Contact> | undefined {
  const textOf = (name: string) => before(changes, name, (value) => (typeof value === 'string' ? value : undefined));
  const previous = present({
    name: textOf('name'),
    email: before(changes, 'email', (value) => (typeof value === 'string' || value === null ? value : undefined)),
    phone: toPhone(textOf('phone_number')),
  });
  return Object.keys(previous).length > 0 ? previous : undefined;
}

const toId = (value: unknown): string | undefined =>
  typeof value === 'number' || typeof value === 'string' ? String(value) : undefined;

function before<T>(changes: Changes, name: string, read: (value: unknown) => T | undefined): T | undefined {
  const change = changes?.find((change) => Object.hasOwn(change, name))?.[name];
  return change && read(change.previous_value);
}

/** What tells a contact, or an inbox, from others. */
export function toPerson(payload: PersonPayload | null | undefined): Person | undefined {
  if (!payload) return undefined;
  const person = present({
    id: payload.id ?? undefined,
    phone: toPhone(payload.phone_number),
    name: payload.name || undefined,
  });
  return Object.keys(person).length > 0 ? person : undefined;
}

/** A contact as far as the object at hand describes it. */
export function toContact(payload: PersonPayload | null | undefined): Contact | undefined {
  const person = toPerson(payload);
  if (!payload || !person) return undefined;
  const { additional_attributes: more, custom_attributes } = payload;
  return present({
    ...person,
    email: payload.email,
    company: more?.company_name || undefined,
    photoUrl: payload.thumbnail || payload.avatar || undefined,
    country: more?.country_code ? more.country_code.toUpperCase() : undefined,
    fields: custom_attributes ? plainValues(custom_attributes) : undefined,
  });
}

type Plain = string | number | boolean | null;

/** Teams define what they like; lists and objects stay in `raw`. */
function plainValues(fields: Readonly<Record<string, unknown>>): Record<string, Plain> | undefined {
  const plain = Object.entries(fields).filter((entry): entry is [string, Plain] => isPlain(entry[1]));
  return plain.length > 0 ? Object.fromEntries(plain) : undefined;
}

const isPlain = (value: unknown): value is Plain =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);
