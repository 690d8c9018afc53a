import type { z } from 'zod';
import { present } from '../../events/present.ts';
import type { MessageError } from '../../events/status.ts';
import { type NormalizedEvent, type ProviderEvent, type Unreadable, unknownEvent } from '../provider.ts';
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
    if (!result.success) return [misfit(item, scope.field, result.error)];
    const providerEvent = name(result.data, scope);
    const read = toEvents(result.data, scope, item);
    if ('reason' in read) return [unknownEvent(item, { providerEvent, ...read })];
    return read.map((event) => ({ account: scope.account, mode: scope.mode, ...event, providerEvent, raw: item }));
  };
}

/** Reads an item, so that what goes wrong with it is no harm to its neighbours. */
export function readSafely(item: unknown, scope: Scope, read: ItemReader): readonly ProviderEvent[] {
  try {
    return read(item, scope);
  } catch (error) {
    return [{ ...unknownEvent(item, { providerEvent: scope.field, reason: 'normalize_failed' }), error }];
  }
}

/** An item that does not fit its schema. */
export function misfit(item: unknown, providerEvent: string, error: z.ZodError, key?: string): ProviderEvent {
  return unknownEvent(item, { providerEvent, key, reason: 'invalid_payload', issues: issuesOf(error) });
}

/** What does not fit, without the values. */
export const issuesOf = ({ issues }: z.ZodError) =>
  issues.map(({ path, message }) => ({ path: path.join('.'), message }));

/** The first of the vendor's errors. */
export function toError(errors: readonly VendorError[] | undefined): MessageError | undefined {
  const [error] = errors ?? [];
  return (
    error && filled({ code: error.code, message: error.message ?? error.title, details: error.error_data?.details })
  );
}

/** The fields that are there; nothing if none is. */
export function filled<T extends Record<string, unknown>>(fields: T) {
  const kept = present(fields);
  return Object.keys(kept).length > 0 ? kept : undefined;
}
