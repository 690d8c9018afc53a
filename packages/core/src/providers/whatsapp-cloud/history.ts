import { contentKey, isRecord, type ProviderEvent, unknownEvent } from '../provider.ts';
import { type ItemReader, misfit, readSafely } from './items.ts';
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
  for (const thread of listOf(threads)) readThread(thread, scope, events);
  for (const error of listOf(errors)) events.push(accountEvent(error, scope, 'errors'));
  if (isRecord(metadata)) events.push(accountEvent(metadata, scope, 'history'));
  return events.length > 0 ? events : [unknownEvent(item, { providerEvent: scope.field, reason: 'invalid_payload' })];
};

function readThread(thread: unknown, scope: Scope, events: ProviderEvent[]): void {
  const result = payloads.thread.safeParse(thread);
  if (!result.success) {
    events.push(misfit(thread, scope.field, result.error));
    return;
  }
  const { id, messages } = result.data;
  const read: ItemReader = (message) => readPast(message, scope, id);
  for (const message of messages) for (const event of readSafely(message, scope, read)) events.push(event);
}

/** Neither a refusal nor progress has a message to hang on. */
function accountEvent(payload: unknown, scope: Scope, change: string): ProviderEvent {
  const { account, mode, field, number } = scope;
  return {
    type: 'account.updated',
    key: contentKey(`${field}.${change}:${account}:${number.phone_number_id}`, payload),
    account,
    mode,
    ordering: account,
    data: { change, payload },
    providerEvent: change === field ? field : `${field}.${change}`,
    raw: payload,
  };
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
