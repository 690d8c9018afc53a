import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ChatEvent, type Diagnostics, errorCodes } from '@chathooks/express';

/** What can become of a delivery. */
export const verdicts = [
  'handled',
  'duplicate',
  'stale',
  'unknown',
  'refused',
  'failed',
  'retried',
  'confirmed',
] as const;
export type Verdict = (typeof verdicts)[number];

/** One request to the server, as it was seen from outside the receiver. */
export interface Observation {
  readonly path: string;
  readonly status: number;
  /** `undefined` when it was no delivery: another path, or another method. */
  readonly verdict: Verdict | undefined;
  /** The vendor's name of the event, once it is verified and parsed. */
  readonly providerEvent: string | undefined;
  /** What the handlers were given. */
  readonly events: readonly ChatEvent[];
  /** Why it was refused, or what failed. */
  readonly reason: string | undefined;
  /** Whether what a handler gave to `context.reply` is what the vendor heard. */
  readonly answered: boolean;
}

/** What the receiver told of one request. */
interface Notes {
  readonly refused: Diagnostics['chathooks:refused'][];
  readonly failed: Diagnostics['chathooks:failed'][];
  readonly duplicates: Diagnostics['chathooks:duplicate'][];
  readonly unknown: Diagnostics['chathooks:unknown'][];
  readonly handled: Diagnostics['chathooks:handled'][];
  /** What the handlers were given. */
  readonly events: ChatEvent[];
  answered: boolean;
}

/**
 * Watches a server the way an app's own monitoring would: the receiver publishes on `node:diagnostics_channel`, within
 * the asynchronous context of the request, so every message finds the request that it belongs to.
 */
export function createObserver() {
  const current = new AsyncLocalStorage<Notes>();
  const observations = new EventEmitter<{ observation: [Observation] }>();
  const failedBefore = new Set<string>();

  function listen<Name extends keyof Diagnostics>(name: Name, listOf: (notes: Notes) => Diagnostics[Name][]): void {
    subscribe(name, (message) => {
      const notes = current.getStore();
      // The channel's name says which message it carries, which node:diagnostics_channel cannot express.
      if (notes) listOf(notes).push(message as Diagnostics[Name]);
    });
  }
  listen('chathooks:refused', ({ refused }) => refused);
  listen('chathooks:failed', ({ failed }) => failed);
  listen('chathooks:duplicate', ({ duplicates }) => duplicates);
  listen('chathooks:unknown', ({ unknown }) => unknown);
  listen('chathooks:handled', ({ handled }) => handled);

  return {
    /** Emits an observation when a request has been answered. */
    observations,
    /** To be told by a handler of every event. */
    sawEvent: (event: ChatEvent) => current.getStore()?.events.push(event),
    /** To be told by a handler whose `context.reply` was taken. */
    sawAnswer() {
      const notes = current.getStore();
      if (notes) notes.answered = true;
    },
    /** To be mounted before the receiver. */
    middleware(request: IncomingMessage, response: ServerResponse, next: () => void): void {
      const notes: Notes = {
        refused: [],
        failed: [],
        duplicates: [],
        unknown: [],
        handled: [],
        events: [],
        answered: false,
      };
      const path = request.url ?? '';
      response.on('finish', () => {
        const confirmed = request.method === 'GET' && response.statusCode === 200;
        const verdict = confirmed ? 'confirmed' : judge(notes, failedBefore);
        for (const { eventId } of notes.failed) failedBefore.add(eventId);
        const [first] = [...notes.handled, ...notes.failed, ...notes.duplicates];
        observations.emit('observation', {
          path,
          status: response.statusCode,
          verdict,
          providerEvent: first?.providerEvent,
          events: notes.events,
          reason: reasonOf(notes),
          answered: notes.answered && response.statusCode === 200,
        });
      });
      current.run(notes, next);
    },
  };
}

function judge({ refused, failed, duplicates, unknown, handled }: Notes, failedBefore: ReadonlySet<string>) {
  if (refused.length > 0) return 'refused';
  if (failed.length > 0) return 'failed';
  if (handled.length === 0) return duplicates.length > 0 ? 'duplicate' : undefined;
  if (handled.some(({ eventId }) => failedBefore.has(eventId))) return 'retried';
  if (handled.some(({ stale }) => stale)) return 'stale';
  return unknown.length > 0 ? 'unknown' : 'handled';
}

function reasonOf({ refused: [refused], failed: [failed] }: Notes): string | undefined {
  if (refused) return errorCodes[refused.code].title + (refused.reason ? `: ${refused.reason.replace('_', ' ')}` : '');
  if (!failed) return undefined;
  const cause = failed.error instanceof Error ? failed.error.cause : undefined;
  return errorCodes[failed.code].title + (cause instanceof Error ? `: ${cause.message}` : '');
}
