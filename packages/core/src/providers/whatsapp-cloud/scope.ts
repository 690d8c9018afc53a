import type { Chat } from '../../events/chat.ts';
import type { Contact } from '../../events/contact.ts';
import type { EventMode } from '../../events/event.ts';
import type { Person } from '../../events/person.ts';
import { toPhone } from '../../events/phone.ts';
import { present } from '../../events/present.ts';
import { toIsoTime } from '../../events/time.ts';
import type * as payloads from './payloads.ts';
import { parseContact, parseMetadata } from './usual.ts';

/** What all items of one value share: read once per value, since a delivery can hold a thousand items. */
export interface Scope {
  /** `messages`, `history`, …: which of WhatsApp's subscriptions the value belongs to. */
  readonly field: string;
  /** The id of the WhatsApp Business account. */
  readonly account: string | undefined;
  /** When the entry was sent, where WhatsApp tells it. */
  readonly entryTime: string | number | undefined;
  readonly mode: EventMode | undefined;
  /** The business number that received or sent. */
  readonly number: payloads.Metadata;
  /** What stands beside the items. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Side data of a person, by phone digits or business-scoped id. */
  contactOf(waId: string | undefined, userId: string | undefined): payloads.ContactEntry | undefined;
  time(value: string | number | undefined): string | undefined;
}

const noNumber: payloads.Metadata = {};
const nobody = () => undefined;

/** Reads what the items of a value share. */
export function toScope(
  value: Readonly<Record<string, unknown>>,
  about: Pick<Scope, 'field' | 'account' | 'entryTime' | 'mode' | 'time'>,
): Scope {
  const number = parseMetadata(value.metadata) ?? noNumber;
  return { ...about, number, value, contactOf: contactFinder(value.contacts) };
}

/** Finds side data by the ids in it: its order is not that of the items. */
function contactFinder(contacts: unknown): Scope['contactOf'] {
  if (!Array.isArray(contacts) || contacts.length === 0) return nobody;
  let byId: ReadonlyMap<string | undefined, payloads.ContactEntry> | undefined;
  return (waId, userId) => {
    byId ??= indexContacts(contacts);
    return byId.get(userId) ?? byId.get(waId);
  };
}

function indexContacts(contacts: readonly unknown[]): ReadonlyMap<string, payloads.ContactEntry> {
  const byId = new Map<string, payloads.ContactEntry>();
  for (const contact of contacts) {
    const entry = parseContact(contact);
    if (entry?.wa_id !== undefined) byId.set(entry.wa_id, entry);
    if (entry?.user_id !== undefined) byId.set(entry.user_id, entry);
  }
  return byId;
}

/** Reads times; the same one only once in a row, since the items of a batch are mostly of the same second. */
export function createTimeReader(): Scope['time'] {
  let last: string | number | undefined;
  let time: string | undefined;
  return (value) => {
    if (value !== last) {
      last = value;
      time = toIsoTime(value);
    }
    return time;
  };
}

/** A person by phone digits and business-scoped id, either of which may be missing. */
export function toPerson(
  waId: string | undefined,
  userId: string | undefined,
  contact?: payloads.ContactEntry,
): Person | undefined {
  const digits = waId ?? contact?.wa_id;
  const id = userId ?? contact?.user_id ?? digits;
  if (id === undefined) return undefined;
  // Not by present(): this is done for every status.
  const person: Person = { id, channelUserId: id };
  const phone = toPhone(digits);
  if (phone !== undefined) person.phone = phone;
  const profile = contact?.profile;
  if (profile?.username) person.username = profile.username;
  if (profile?.name) person.name = profile.name;
  return person;
}

/** The other side's record, with what only the side data tells. */
export function toContact(person: Person | undefined, entry: payloads.ContactEntry | undefined): Contact | undefined {
  if (!person || !entry) return undefined;
  const { parent_user_id, identity_key_hash } = entry;
  const fields = present({ parent_user_id, identity_key_hash });
  return Object.keys(fields).length > 0 ? { ...person, fields } : { ...person };
}

/** Our number. */
export function ourNumber({ number }: Scope): Person | undefined {
  const { phone_number_id: id, display_phone_number } = number;
  const phone = toPhone(display_phone_number);
  return id === undefined && phone === undefined ? undefined : present({ id, phone });
}

/** The conversation of our number with a person or a group; none if either side is not told. */
export function toChat(scope: Scope, personId: string | undefined, groupId: string | undefined): Chat | undefined {
  const integrationId = scope.number.phone_number_id;
  const channelChatId = groupId ?? personId;
  if (integrationId === undefined || channelChatId === undefined) return undefined;
  return {
    id: `${integrationId}:${channelChatId}`,
    kind: groupId === undefined ? 'private' : 'group',
    channel: 'whatsapp',
    channelChatId,
    integrationId,
  };
}
