import type { Chat } from '../../events/chat.ts';
import type { Person } from '../../events/person.ts';
import { toPhone } from '../../events/phone.ts';
import { present } from '../../events/present.ts';

/** What Twilio says of the person at the other end, beside the address. */
export interface Identity {
  /** WhatsApp's business-scoped user id, as `whatsapp:<country>.<id>`. */
  readonly ExternalUserId?: string | null | undefined;
  /** WhatsApp's id of the person: the digits of the phone number. */
  readonly WaId?: string | null | undefined;
  readonly ProfileName?: string | null | undefined;
}

/** `whatsapp:+15550100001` is a channel and what the channel calls the person; a bare address is that of an SMS. */
function read(address: string): { readonly channel: string; readonly value: string } {
  const [, prefix, value] = /^([a-z][\w-]*):(.+)$/is.exec(address) ?? [];
  return prefix === undefined || value === undefined
    ? { channel: 'sms', value: address }
    : { channel: prefix.toLowerCase(), value };
}

/** WhatsApp has its people by the digits of their numbers: the same, whichever vendor tells of them. */
const channelId = (channel: string, value: string) => (channel === 'whatsapp' && phoneOf(value)?.slice(1)) || value;

/** Short codes and alphanumeric senders are no phone numbers. */
const phoneOf = (value: string) => (/^\+[1-9]\d{5,14}$/.test(value) ? value : undefined);

/** The person at the other end. */
export function toPerson(address: string, { ExternalUserId, WaId, ProfileName }: Identity): Person {
  const { channel, value } = read(address);
  const phone = phoneOf(value);
  const id = (ExternalUserId ? read(ExternalUserId).value : undefined) ?? (WaId || channelId(channel, value));
  return present({ id, channelUserId: id, phone: phone ?? toPhone(WaId), name: ProfileName || undefined });
}

/** Our number, sender or page. Its id is what a message is sent from. */
export function toSender(address: string): Person {
  return present({ id: address, phone: phoneOf(read(address).value) });
}

/** The conversation of two addresses. */
export function toChat(ours: string, theirs: string): Chat {
  const { channel, value } = read(theirs);
  const channelChatId = channelId(channel, value);
  return { id: `${ours}:${theirs}`, kind: 'private', channel, channelChatId, integrationId: ours };
}
