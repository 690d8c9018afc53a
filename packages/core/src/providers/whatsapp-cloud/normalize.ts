import type { EventMode } from '../../events/event.ts';
import { isRecord, type Provider, type ProviderEvent, unknownEvent } from '../provider.ts';
import { managementFields, readError, readManagement } from './account.ts';
import { readCall, readUserAction } from './calls.ts';
import { readGroup } from './groups.ts';
import { readHistory } from './history.ts';
import { readStateSync, readUserIdUpdate, readUserPreference } from './identity.ts';
import { hashKey, type ItemReader, itemsOf, readSafely, unreadable } from './items.ts';
import { readEcho, readMessage } from './messages.ts';
import type * as payloads from './payloads.ts';
import { createTimeReader, type Scope, toScope } from './scope.ts';
import { readStatus } from './statuses.ts';
import { parseEntry } from './usual.ts';

/** The fields whose values hold items. */
const itemFields: ReadonlySet<string> = new Set([
  'messages',
  'smb_message_echoes',
  'message_echoes',
  'smb_app_state_sync',
  'history',
  'standby',
  'calls',
  'user_preferences',
  'user_id_update',
  'group_lifecycle_update',
  'group_participants_update',
  'group_settings_update',
  'group_status_update',
]);

/** The lists that a value can hold, several at once. */
const itemReaders: ReadonlyMap<string, ItemReader> = new Map([
  ['messages', readMessage],
  ['statuses', readStatus],
  ['message_echoes', readEcho],
  ['history', readHistory],
  ['state_sync', readStateSync],
  ['user_preferences', readUserPreference],
  ['user_id_update', readUserIdUpdate],
  ['groups', readGroup],
  ['calls', readCall],
  ['user_actions', readUserAction],
  ['errors', readError],
]);

const modes: ReadonlyMap<string, EventMode> = new Map([
  ['history', 'history'],
  ['standby', 'standby'],
]);

/** The account that the test button of Meta's dashboard sends from, as observed. */
const testAccount = '0';

/** WhatsApp's events: a delivery holds up to a thousand, of several accounts and numbers, each with a key of its own. */
export const normalize: Provider['normalize'] = (payload) => {
  const { object, entry: entries } = isRecord(payload) ? payload : {};
  if (object !== 'whatsapp_business_account' || !Array.isArray(entries)) {
    return [unknownEvent(payload, { providerEvent: typeof object === 'string' ? object : '' })];
  }
  const events: ProviderEvent[] = [];
  const time = createTimeReader();
  for (const entry of entries) readEntry(entry, time, events);
  return events;
};

function readEntry(entry: unknown, time: Scope['time'], events: ProviderEvent[]): void {
  const { changes } = isRecord(entry) ? entry : {};
  if (!Array.isArray(changes) || changes.length === 0) {
    events.push(unknownEvent(entry, { providerEvent: '' }));
    return;
  }
  const about = parseEntry(entry) ?? {};
  for (const change of changes) readChange(change, about, time, events);
}

function readChange(change: unknown, entry: payloads.Entry, time: Scope['time'], events: ProviderEvent[]): void {
  const { field: name, value: content } = isRecord(change) ? change : {};
  const field = typeof name === 'string' ? name : '';
  const value = isRecord(content) ? content : {};
  const mode = modes.get(field) ?? (entry.id === testAccount ? 'test' : undefined);
  const scope = toScope(value, { field, account: entry.id, entryTime: entry.time, mode, time });
  const isManagement = managementFields.has(field);
  const before = events.length;
  if (itemFields.has(field)) readItems(scope, events);
  else if (isManagement && isRecord(content)) events.push(...readSafely(change, scope, readManagement));
  if (events.length > before) return;

  const reason = itemFields.has(field) || isManagement ? 'invalid_payload' : undefined;
  events.push(unreadable(change, scope, { providerEvent: field, key: hashKey(scope, field, change), reason }));
}

function readItems(scope: Scope, events: ProviderEvent[]): void {
  for (const [name, list] of Object.entries(scope.value)) {
    const reader = itemReaders.get(name);
    if (reader) {
      for (const item of itemsOf(list)) {
        for (const event of readSafely(item, scope, reader)) events.push(inMode(event, scope));
      }
    } else if (name !== 'contacts' && Array.isArray(list)) {
      // A list that is yet to be documented.
      const providerEvent = `${scope.field}.${name}`;
      for (const item of list) {
        if (!isRecord(item)) continue;
        events.push(
          inMode(unreadable(item, scope, { providerEvent, key: hashKey(scope, providerEvent, item) }), scope),
        );
      }
    }
  }
}

/** A copy for an observer must not hide the original, should both arrive. */
const inMode = (event: ProviderEvent, { mode }: Scope): ProviderEvent =>
  mode === 'standby' ? { ...event, key: `standby:${event.key}` } : event;
