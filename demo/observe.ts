import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ChatEvent, type Diagnostics, errorCodes } from '@chathooks/express';

/** What can become of a delivery. */
export const verdicts = ['handled', 'duplicate', 'stale', 'unknown', 'refused', 'failed', 'retried'] as const;
export type Verdict = (typeof verdicts)[number];

/** One request to the server, as it was seen from outside the receiver. */
export interface Observation {
  readonly path: string;
  readonly status: number;
  /** `undefined` when the receiver had nothing to say: the path is not its. */
  readonly verdict: Verdict | undefined;
  /** The vendor's name of the event, once it is verified and parsed. */
  readonly providerEvent: string | undefined;
  /** What the handlers were given. */
  readonly events: readonly ChatEvent[];
  /** Why it was refused, or what failed. */
  readonly reason: string | undefined;
}

type Messages = { readonly [Name in keyof Diagnostics]: Diagnostics[Name][] };

interface Notes {
  readonly messages: Messages;
  readonly events: ChatEvent[];
}

/**
 * Watches a server the way an app's own monitoring would: the receiver publishes on `node:diagnostics_channel`, within
 * the asynchronous context of the request, so every message finds the request that it belongs to.
 */
export function createObserver() {
  const current = new AsyncLocalStorage<Notes>();
  const observations = new EventEmitter<{ observation: [Observation] }>();
  const failedBefore = new Set<string>();

  const note = <Name extends keyof Diagnostics>(
    name: Name,
    add: (notes: Messages, message: Diagnostics[Name]) => void,
  ) =>
    subscribe(name, (message) => {
      const notes = current.getStore();
      // The channel's name says which message it carries, which node:diagnostics_channel cannot express.
      if (notes) add(notes.messages, message as Diagnostics[Name]);
    });
  note('chathooks:refused', (messages, message) => messages['chathooks:refused'].push(message));
  note('chathooks:duplicate', (messages, message) => messages['chathooks:duplicate'].push(message));
  note('chathooks:unknown', (messages, message) => messages['chathooks:unknown'].push(message));
  note('chathooks:handled', (messages, message) => messages['chathooks:handled'].push(message));
  note('chathooks:failed', (messages, message) => messages['chathooks:failed'].push(message));

  return {
    /** Emits an observation when a request has been answered. */
    observations,
    /** To be told by a handler of every event. */
    sawEvent: (event: ChatEvent) => current.getStore()?.events.push(event),
    /** To be mounted before the receiver. */
    middleware(request: IncomingMessage, response: ServerResponse, next: () => void): void {
      const notes: Notes = { messages: noMessages(), events: [] };
      const path = request.url ?? '';
      response.on('finish', () => {
        const { messages, events } = notes;
        const verdict = judge(messages, failedBefore);
        for (const { eventId } of messages['chathooks:failed']) failedBefore.add(eventId);
        observations.emit('observation', {
          path,
          status: response.statusCode,
          verdict,
          providerEvent: firstEvent(messages)?.providerEvent,
          events,
          reason: reasonOf(messages),
        });
      });
      current.run(notes, next);
    },
  };
}

const noMessages = (): Messages => ({
  'chathooks:received': [],
  'chathooks:refused': [],
  'chathooks:duplicate': [],
  'chathooks:unknown': [],
  'chathooks:handled': [],
  'chathooks:failed': [],
});

function judge(messages: Messages, failedBefore: ReadonlySet<string>): Verdict | undefined {
  const handled = messages['chathooks:handled'];
  if (messages['chathooks:refused'].length > 0) return 'refused';
  if (messages['chathooks:failed'].length > 0) return 'failed';
  if (handled.length === 0) return messages['chathooks:duplicate'].length > 0 ? 'duplicate' : undefined;
  if (handled.some(({ eventId }) => failedBefore.has(eventId))) return 'retried';
  if (handled.some(({ stale }) => stale)) return 'stale';
  return messages['chathooks:unknown'].length > 0 ? 'unknown' : 'handled';
}

function reasonOf(messages: Messages): string | undefined {
  const [refused] = messages['chathooks:refused'];
  if (refused) return errorCodes[refused.code].title + (refused.reason ? `: ${refused.reason.replace('_', ' ')}` : '');
  const [failed] = messages['chathooks:failed'];
  if (!failed) return undefined;
  const cause = failed.error instanceof Error ? failed.error.cause : undefined;
  return errorCodes[failed.code].title + (cause instanceof Error ? `: ${cause.message}` : '');
}

const firstEvent = (messages: Messages) =>
  [messages['chathooks:handled'], messages['chathooks:failed'], messages['chathooks:duplicate']].flat()[0];
