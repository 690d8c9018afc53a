import type { Contact } from '../../events/contact.ts';
import { isRecord, type NormalizedEvent, reads } from '../provider.ts';
import { about, type Context, type ContextReader, hashKey, orUnreadable, sidesOf } from './context.ts';
import * as payloads from './payloads.ts';

const nobody = { path: 'sender', message: 'Nothing says who the person is' };

/**
 * Somebody came back by an advertisement or a link, and wrote nothing yet. The model has no place for that but the
 * fields of the contact.
 */
export const referral: ContextReader = (context) =>
  orUnreadable(
    nobody,
    reads(payloads.referralItem, (item, _, raw) =>
      contactEvent(item, context, {
        type: 'contact.updated',
        key: hashKey(context, 'referral', raw),
        changed: { fields: toFields('referral', item.referral) },
      }),
    ),
  );

/** Somebody agreed to be written to: in general, by a plugin, or about something, which can be stopped again. */
export const optin: ContextReader = (context) =>
  orUnreadable(
    nobody,
    reads(payloads.optin, (item, _, raw) => {
      const { type, user_ref, notification_messages_status: status } = item.optin;
      // The plugin with a checkbox may leave out the sender.
      const reference =
        typeof user_ref === 'string' || typeof user_ref === 'number' ? { user_ref: String(user_ref) } : null;
      const named = item.sender?.id || item.sender?.user_ref ? item : { ...item, sender: reference };
      const fields = toFields('optin', item.optin);
      const stopped = typeof status === 'string' && /^stop/i.test(status);
      const key = hashKey(context, 'optin', raw);
      return typeof type === 'string' && type !== ''
        ? contactEvent(named, context, {
            type: 'contact.updated',
            key,
            changed: { preferences: { [type]: !stopped }, fields },
          })
        : contactEvent(named, context, { type: 'contact.created', key, changed: { subscribed: true, fields } });
    }),
  );

/** Somebody connected an account at the business with this one, or took that back. */
export const accountLinking: ContextReader = (context) =>
  orUnreadable(
    nobody,
    reads(payloads.accountLinking, (item, _, raw) =>
      contactEvent(item, context, {
        type: 'contact.updated',
        key: hashKey(context, 'account_linking', raw),
        changed: { fields: toFields('account_linking', item.account_linking) },
      }),
    ),
  );

function contactEvent(
  item: payloads.ItemPayload,
  context: Context,
  { type, key, changed }: { type: 'contact.created' | 'contact.updated'; key: string; changed: Contact },
): readonly NormalizedEvent[] {
  const { customer } = sidesOf(item, context);
  if (customer === undefined) return [];
  return [
    {
      ...about(context, key, { timestamp: item.timestamp, ordering: customer.id }),
      type,
      data: { contact: { ...customer, ...changed } },
    },
  ];
}

/** All that can be said in one word, by the vendor's path: `referral.ads_context_data.ad_title`. */
const toFields = (path: string, object: Readonly<Record<string, unknown>>): NonNullable<Contact['fields']> =>
  Object.fromEntries(fieldsBelow(path, object));

function fieldsBelow(path: string, value: unknown): readonly (readonly [string, string | number | boolean])[] {
  if (isRecord(value)) return Object.entries(value).flatMap(([name, inner]) => fieldsBelow(`${path}.${name}`, inner));
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[path, value]] : [];
}
