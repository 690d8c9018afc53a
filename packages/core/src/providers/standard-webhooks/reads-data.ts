import { z } from 'zod';
import { optionalTime } from '../../events/fields.ts';
import { toIsoTime } from '../../events/time.ts';
import { readStandardHeaders } from '../../signatures/standard-webhooks-headers.ts';
import { contentKey, type Delivery, type EventReader, type NormalizedEvent, reads } from '../provider.ts';

/** All of it is recommended and none required: a sender that leaves the time out is still understood. */
const envelope = z
  .object({ type: z.string().catch(''), timestamp: optionalTime.catch(undefined), data: z.unknown().optional() })
  .catch({ type: '', timestamp: undefined, data: undefined });

type Draft<E> = E extends NormalizedEvent ? Omit<E, 'key'> & Partial<Pick<E, 'key'>> : never;

/** An event that takes its key and its time from the delivery, unless it has its own. */
export type StandardEvent = Draft<NormalizedEvent>;

/** What the specification says of an event beside its data. */
export interface StandardEnvelope {
  /** `webhook-id`: the same on every attempt. */
  readonly id: string;
  /** The sender's name of the event. */
  readonly type: string;
  /** When it happened, as ISO-8601 UTC; absent when the sender does not say. */
  readonly timestamp: string | undefined;
  readonly delivery: Delivery;
}

/**
 * Reads the `data` of one type of event of a Standard Webhooks sender.
 *
 * The key of an event is `webhook-id` unless you give one: of several events the second is `<webhook-id>·2`, and so on.
 * Its `occurredAt` is the `timestamp` of the payload.
 *
 * @param schema - of `data`; only what is read, other fields stay in `raw`
 * @param toEvents - gets the data as read, and what the specification says beside it
 * @example
 * ```ts
 * readsData(z.object({ id: identifier }), ({ id }) => [{ type: 'contact.deleted', data: { contact: { id } } }])
 * ```
 */
export function readsData<S extends z.ZodType>(
  schema: S,
  toEvents: (data: z.output<S>, envelope: StandardEnvelope) => readonly StandardEvent[],
): EventReader {
  return (payload, delivery) => {
    const { data, ...about } = envelope.parse(payload);
    const timestamp = toIsoTime(about.timestamp);
    const id = readStandardHeaders((header) => delivery.header(header))?.id ?? contentKey(about.type, payload);
    const complete = (event: StandardEvent, index: number): NormalizedEvent => {
      // A dot that no verified id can hold, since they are ASCII: `a` with two events is not to hide another delivery.
      const key = event.key ?? (index === 0 ? id : `${id}·${index + 1}`);
      return { ...event, key, occurredAt: event.occurredAt ?? timestamp };
    };
    const reader = reads(schema, (read) => toEvents(read, { id, type: about.type, timestamp, delivery }).map(complete));
    const result = reader(data, delivery);
    if (!('reason' in result) || !result.issues) return result;
    return { ...result, issues: result.issues.map(({ path, message }) => ({ path: inData(path), message })) };
  };
}

const inData = (path: string) => (path === '' ? 'data' : `data.${path}`);
