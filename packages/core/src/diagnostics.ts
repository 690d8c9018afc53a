import { channel } from 'node:diagnostics_channel';
import type { ErrorCode } from './errors.ts';
import type { EventType } from './events/catalog.ts';
import type { RefusalReason } from './signatures/verifier.ts';

/** What every message says: names and durations, no payloads. */
interface DiagnosticBase {
  readonly provider: string;
  /** As the URL says; of a refused request anybody's word, so no label for metrics. */
  readonly connection: string | undefined;
  /** Since the request, or the event's turn, began. */
  readonly durationMs: number;
}

/** A delivery was verified and normalized. */
export interface ReceivedDiagnostic extends DiagnosticBase {
  readonly bytes: number;
  readonly events: number;
  /** Name of the secret that matched. */
  readonly secretName: string;
}

/** A request was answered with an error. */
export interface RefusedDiagnostic extends DiagnosticBase {
  readonly code: ErrorCode;
  readonly status: number;
  /** Why verification failed, when that is what failed. */
  readonly reason: RefusalReason | undefined;
}

/** Something became of an event. */
export interface EventDiagnostic extends DiagnosticBase {
  /** May hold a phone number, as a `wamid` does: log {@link eventRef} of it. */
  readonly eventId: string;
  readonly type: EventType;
  readonly providerEvent: string;
}

/** A handler failed, or the store did. */
export interface FailedDiagnostic extends EventDiagnostic {
  readonly code: ErrorCode;
  readonly error: unknown;
  /** Which try of an inbox this was; 1 without an inbox. */
  readonly attempt: number;
  /** Whether the event is not tried again: set aside by the inbox, or refused for good by a handler. */
  readonly final: boolean;
}

/** An event was handled. */
export interface HandledDiagnostic extends EventDiagnostic {
  /** Which try of an inbox this was; 1 without an inbox. */
  readonly attempt: number;
  /** How many handlers ran; none when nobody asked for events of this type. */
  readonly handlers: number;
  /** A status older than one already seen. */
  readonly stale: boolean;
}

/** The messages of every channel. */
export interface Diagnostics {
  'chathooks:received': ReceivedDiagnostic;
  'chathooks:refused': RefusedDiagnostic;
  'chathooks:duplicate': EventDiagnostic;
  'chathooks:unknown': EventDiagnostic;
  'chathooks:handled': HandledDiagnostic;
  'chathooks:failed': FailedDiagnostic;
}

/** A channel that takes messages of one kind. */
export interface DiagnosticChannel<Message> {
  readonly hasSubscribers: boolean;
  publish(message: Message): void;
}

/**
 * Channels of `node:diagnostics_channel`, to which logs, metrics and traces can listen without touching a receiver.
 *
 * @example
 * ```ts
 * import { subscribe } from 'node:diagnostics_channel';
 * subscribe('chathooks:refused', (message) => {
 *   const { provider, code } = message as RefusedDiagnostic;
 *   metrics.increment('webhooks.refused', { provider, code });
 * });
 * ```
 */
export const diagnostics: { readonly [Name in keyof Diagnostics]: DiagnosticChannel<Diagnostics[Name]> } = {
  'chathooks:received': channel('chathooks:received'),
  'chathooks:refused': channel('chathooks:refused'),
  'chathooks:duplicate': channel('chathooks:duplicate'),
  'chathooks:unknown': channel('chathooks:unknown'),
  'chathooks:handled': channel('chathooks:handled'),
  'chathooks:failed': channel('chathooks:failed'),
};
