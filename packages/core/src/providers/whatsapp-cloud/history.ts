import { isRecord, type ProviderEvent } from '../provider.ts';
import { hashKey, type ItemReader, itemsOf, misfit, readSafely, unreadable } from './items.ts';
import { readPast } from './messages.ts';
import * as payloads from './payloads.ts';
import type { Scope } from './scope.ts';

/**
 * Reads an item of `history`, one chunk of a backfill: its messages, then how far the synchronization got, or why there
 * is none.
 */
export const readHistory: ItemReader = (item, scope) => {
  const { threads, errors, metadata } = isRecord(item) ? item : {};
  const events: ProviderEvent[] = [];
  for (const thread of itemsOf(threads)) readThread(thread, scope, events);
  for (const error of itemsOf(errors)) events.push(accountEvent(error, scope, 'errors'));
  if (isRecord(metadata)) events.push(accountEvent(metadata, scope, 'history'));
  if (events.length > 0) return events;
  const { field: providerEvent } = scope;
  const key = hashKey(scope, providerEvent, item);
  return [unreadable(item, scope, { providerEvent, key, reason: 'invalid_payload' })];
};

function readThread(thread: unknown, scope: Scope, events: ProviderEvent[]): void {
  const result = payloads.thread.safeParse(thread);
  if (!result.success) {
    events.push(misfit(thread, scope, result.error));
    return;
  }
  const { id, messages } = result.data;
  const read: ItemReader = (message) => readPast(message, scope, id);
  for (const message of messages) for (const event of readSafely(message, scope, read)) events.push(event);
}

/** Neither a refusal nor progress has a message to hang on. */
function accountEvent(payload: unknown, scope: Scope, change: string): ProviderEvent {
  const { account, mode, field } = scope;
  return {
    type: 'account.updated',
    key: hashKey(scope, `${field}.${change}`, payload),
    account,
    mode,
    ordering: account,
    data: { change, payload },
    providerEvent: change === field ? field : `${field}.${change}`,
    raw: payload,
  };
}
