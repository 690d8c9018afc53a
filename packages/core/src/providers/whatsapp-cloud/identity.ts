import type { Contact } from '../../events/contact.ts';
import type { Person } from '../../events/person.ts';
import { toPhone } from '../../events/phone.ts';
import { present } from '../../events/present.ts';
import type { NormalizedEvent } from '../provider.ts';
import { hashKey, readsItem } from './items.ts';
import * as payloads from './payloads.ts';
import { type Scope, toPerson } from './scope.ts';

/**
 * The change of number or user id that a system message tells of; nothing if it tells of something else.
 *
 * @param content - what stands under `system`
 */
export function systemIdentityChange(
  message: payloads.MessagePayload,
  content: unknown,
  scope: Scope,
): NormalizedEvent | undefined {
  const system = payloads.system.safeParse(content).data;
  if (!system) return undefined;
  // The message is from the old number. Whether it is from the old or the new user id is not told.
  const from = message.from_user_id === system.user_id ? undefined : message.from_user_id;
  const previous = toPerson(message.from, system.previous_user_id ?? from);
  const current = toPerson(system.wa_id ?? system.new_wa_id, system.user_id);
  if (!previous || !current || previous.id === current.id) return undefined;
  const isNews =
    differ(previous.phone, current.phone) ||
    differ(system.previous_user_id ?? from, system.user_id) ||
    system.type === 'user_changed_user_id';
  return isNews ? identityChange(previous, current, scope) : undefined;
}

const differ = (one: string | undefined, other: string | undefined) =>
  one !== undefined && other !== undefined && one !== other;

/**
 * Both announcements of a change, in a system message and in `user_id_update`, have one key: only one is handled. But
 * each account is told of it, and may be another customer's.
 */
const identityChange = (previous: Person, current: Person, { account = '' }: Scope) => ({
  type: 'contact.identityChanged' as const,
  key: `identity:${account}:${previous.id}:${current.id}`,
  ordering: previous.id,
  data: { previous, current },
});

/** Reads an item of `user_id_update`. */
export const readUserIdUpdate = readsItem(
  payloads.userIdUpdate,
  () => 'user_id_update',
  ({ wa_id, user_id, timestamp }, scope) => {
    const previous: Person = { id: user_id.previous, channelUserId: user_id.previous };
    const current: Person = toPerson(wa_id, user_id.current) ?? {};
    return [{ ...identityChange(previous, current, scope), occurredAt: scope.time(timestamp) }];
  },
);

/** Reads an item of `state_sync`: the address book of the phone app. */
export const readStateSync = readsItem(
  payloads.stateSync,
  ({ action }) => `smb_app_state_sync.${action}`,
  ({ action, contact: entry, metadata }, scope, raw) => {
    const at = scope.time(metadata?.timestamp);
    const digits = toPhone(entry.phone_number)?.slice(1);
    const contact: Contact = present({
      ...toPerson(digits, entry.user_id),
      username: entry.username,
      name: entry.full_name,
      firstName: entry.first_name,
    });
    if (contact.id === undefined) return nobody('contact.phone_number');
    const common = {
      key: hashKey(scope, 'state_sync', raw),
      occurredAt: at,
      ordering: contact.id,
    };
    return action === 'add'
      ? [{ ...common, type: 'contact.created', data: { contact } }]
      : [{ ...common, type: 'contact.deleted', data: present({ contact, deletedAt: at }) }];
  },
);

/** Reads an item of `user_preferences`: what a person wants to get no more, or again. */
export const readUserPreference = readsItem(
  payloads.userPreference,
  ({ value }) => `user_preferences.${value}`,
  ({ wa_id, user_id, category, value, timestamp }, scope, raw) => {
    const person = toPerson(wa_id, user_id, scope.contactOf(wa_id, user_id));
    if (!person) return nobody('wa_id');
    return [
      {
        type: 'contact.updated',
        key: hashKey(scope, 'user_preferences', raw),
        occurredAt: scope.time(timestamp),
        ordering: person.id,
        data: { contact: { ...person, preferences: { [category]: value === 'resume' } } },
      },
    ];
  },
);

/** What is about a person of whom nothing is known. */
const nobody = (path: string) => ({
  reason: 'invalid_payload' as const,
  issues: [{ path, message: 'Expected a phone number or a user id' }],
});
