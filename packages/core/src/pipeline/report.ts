import { diagnostics } from '../diagnostics.ts';
import type { ChathooksError } from '../errors.ts';
import type { ChatEvent } from '../events/event.ts';
import { eventRef } from '../events/ref.ts';
import type { Logger } from '../logger.ts';
import type { Work } from './dispatch.ts';

/** Tells logs and diagnostics channels what becomes of events. */
export interface Reports {
  handled(work: Work): void;
  /** Somebody else handles, or has handled, the event. */
  duplicate(event: ChatEvent, startedAt: number): void;
  failed(work: Work, error: ChathooksError): void;
  /** @param wanted - whether there is a handler for it */
  unknown(event: ChatEvent<'unknown'>, wanted: boolean, startedAt: number): void;
}

/** Makes {@link Reports}. */
export function createReports(logger: Logger): Reports {
  return {
    handled({ event, startedAt, attempt, stale, handlers }) {
      const channel = diagnostics['chathooks:handled'];
      if (channel.hasSubscribers)
        channel.publish({ ...describe(event, startedAt), attempt, handlers: handlers.length, stale });
    },
    duplicate(event, startedAt) {
      const channel = diagnostics['chathooks:duplicate'];
      if (channel.hasSubscribers) channel.publish(describe(event, startedAt));
    },
    failed(work, error) {
      const { event, startedAt, attempt } = work;
      const { code } = error;
      const { provider, connection, type, providerEvent } = event;
      const details = { provider, connection, type, providerEvent, eventRef: eventRef(event.id), code };
      const message = `${code}: ${fateOf(work, error)}`;
      // Processes that meet over an event are no failure.
      if (code === 'in_flight') return logger.debug?.(details, message);
      logger.error({ ...details, ...(work.origin.trial && { attempt }), error }, message);
      const channel = diagnostics['chathooks:failed'];
      if (channel.hasSubscribers) {
        channel.publish({ ...describe(event, startedAt), attempt, code, error, final: isFinal(work, error) });
      }
    },
    unknown(event, wanted, startedAt) {
      const channel = diagnostics['chathooks:unknown'];
      if (channel.hasSubscribers) channel.publish(describe(event, startedAt));
      if (wanted || event.data.reason === 'not_modelled') return;
      const { provider, connection, providerEvent, data } = event;
      logger.warn(
        { provider, connection, providerEvent, ...data },
        'A verified event is unknown and nobody handles it: add onUnknown to see such events',
      );
    },
  };
}

/** What a failed event has before it. */
function fateOf(work: Work, error: ChathooksError): string {
  if (!work.origin.trial)
    return isFinal(work, error) ? 'the event is not tried again' : 'the vendor is asked to send it again';
  if (isFinal(work, error)) return 'the event is set aside';
  return isPostponed(error) ? 'the event is put off' : 'the event is tried again';
}

function isFinal({ origin: { trial } }: Work, error: ChathooksError): boolean {
  return error.code === 'permanent_failure' || (trial?.last === true && !isPostponed(error));
}

/** Tells whether an event could not be tried at all, which is no fault of its own and costs it no attempt. */
export function isPostponed({ code }: ChathooksError): boolean {
  return code === 'in_flight' || code === 'store_unavailable' || code === 'shutting_down';
}

const describe = (event: ChatEvent, startedAt: number) => ({
  provider: event.provider,
  connection: event.connection,
  eventId: event.id,
  type: event.type,
  providerEvent: event.providerEvent,
  durationMs: performance.now() - startedAt,
});
