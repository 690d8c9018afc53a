import type { z } from 'zod';
import { present } from '../../events/present.ts';
import type { MessageError } from '../../events/status.ts';
import { contentKey, type NormalizedEvent, type ProviderEvent, type Unreadable, unknownEvent } from '../provider.ts';
import type { VendorError } from './payloads.ts';
import type { Scope } from './scope.ts';

/** Turns one item of a value into events. What cannot be read becomes `unknown`. */
export type ItemReader = (item: unknown, scope: Scope) => readonly ProviderEvent[];

/** Makes the reader of items of one shape. */
export function readsItem<S extends z.ZodType>(
  schema: S,
  /** The vendor's name of the event. */
  name: (item: z.output<S>, scope: Scope) => string,
  toEvents: (
    item: z.output<S>,
    scope: Scope,
    raw: unknown,
  ) => readonly NormalizedEvent[] | (Unreadable & { readonly key?: string }),
): ItemReader {
  return (item, scope) => {
    const result = schema.safeParse(item);
    if (!result.success) return [misfit(item, scope, result.error)];
    const providerEvent = name(result.data, scope);
    const read = toEvents(result.data, scope, item);
    if ('reason' in read) {
      const { key = hashKey(scope, providerEvent, item) } = read;
      return [unreadable(item, scope, { ...read, providerEvent, key })];
    }
    return read.map((event) => ({ account: scope.account, mode: scope.mode, ...event, providerEvent, raw: item }));
  };
}

/** Reads an item, so that what goes wrong with it is no harm to its neighbours. */
export function readSafely(item: unknown, scope: Scope, read: ItemReader): readonly ProviderEvent[] {
  try {
    return read(item, scope);
  } catch (error) {
    const { field: providerEvent } = scope;
    const key = hashKey(scope, providerEvent, item);
    return [{ ...unreadable(item, scope, { providerEvent, key, reason: 'normalize_failed' }), error }];
  }
}

/** What nothing else could be made of, still of its account: one delivery can hold those of several customers. */
export const unreadable = (
  raw: unknown,
  { account, mode }: Scope,
  about: Parameters<typeof unknownEvent>[1],
): ProviderEvent => ({ ...unknownEvent(raw, about), account, mode });

/** The items of a list. One that stands there without a list is an item too. */
export function itemsOf(list: unknown): readonly unknown[] {
  if (Array.isArray(list)) return list;
  return list === undefined || list === null ? [] : [list];
}

/** An item that does not fit its schema. */
export function misfit(
  item: unknown,
  scope: Scope,
  { issues }: z.ZodError,
  about: { readonly name?: string; readonly key?: string } = {},
): ProviderEvent {
  const { name: providerEvent = scope.field, key = hashKey(scope, providerEvent, item) } = about;
  return unreadable(item, scope, {
    providerEvent,
    key,
    reason: 'invalid_payload',
    issues: issues.map(({ path, message }) => ({ path: path.join('.'), message })),
  });
}

/**
 * The key of what has no id. Equal items may be told of two numbers, or of one at two times, and are not the same then.
 */
export const hashKey = ({ account = '', number, entryTime = '' }: Scope, name: string, item: unknown): string =>
  contentKey(`${name}:${account}:${number.phone_number_id ?? ''}:${entryTime}`, item);

/** The first of the vendor's errors that says anything. */
export function toError(errors: readonly VendorError[] = []): MessageError | undefined {
  for (const { code, message, title, error_data } of errors) {
    const error = filled({ code, message: message ?? title, details: error_data?.details });
    if (error) return error;
  }
  return undefined;
}

/** The fields that are there; nothing if none is. */
export function filled<T extends Record<string, unknown>>(fields: T) {
  const kept = present(fields);
  return Object.keys(kept).length > 0 ? kept : undefined;
}
