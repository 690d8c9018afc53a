import {
  createReceiver,
  createWorker,
  type EventOf,
  type EventType,
  type Handler,
  type HandlingSettings,
  type Inbox,
  type InboxHandler,
  type InboxVerdict,
  PermanentError,
  type ReceiverSettings,
  type Unsubscribe,
  type Worker,
  type WorkerOptions,
} from '@chathooks/core';
import { describe, expectTypeOf, it } from 'vitest';

declare const inbox: Inbox;

describe('a worker', () => {
  it('takes an inbox, handlers, and what a receiver takes for its handling', () => {
    const worker = createWorker({
      inbox,
      leaseMs: 1_000,
      onMessageInbound(event) {
        expectTypeOf(event).toEqualTypeOf<EventOf<'message.inbound'>>();
      },
    });
    expectTypeOf(worker).toEqualTypeOf<Worker>();
    expectTypeOf<ReceiverSettings>().toExtend<HandlingSettings>();
    expectTypeOf<Pick<WorkerOptions, keyof HandlingSettings>>().toEqualTypeOf<HandlingSettings>();
  });

  it('needs an inbox, and receives nothing', () => {
    // @ts-expect-error there is nothing to take events from
    createWorker({ onMessageInbound() {} });
    // @ts-expect-error a worker has no routes
    createWorker({ inbox, path: '/webhooks' });
    // @ts-expect-error a worker always handles
    createWorker({ inbox, process: true });
    // @ts-expect-error there is no such event
    createWorker({ inbox, onMessageArrived() {} });
  });

  it('takes handlers of one type, or of all', () => {
    const worker = createWorker({ inbox });
    const unsubscribe = worker.on('message.status', ({ data }) => {
      expectTypeOf(data.messageId).toBeString();
    });
    expectTypeOf(unsubscribe).toEqualTypeOf<Unsubscribe>();
    worker.on('*', ({ type }) => {
      expectTypeOf(type).toEqualTypeOf<EventType>();
    });
  });

  it('starts and closes in its own time', () => {
    expectTypeOf<Worker['start']>().toEqualTypeOf<() => Promise<void>>();
    expectTypeOf<Worker['close']>().parameter(0).toEqualTypeOf<{ readonly graceMs?: number } | undefined>();
    expectTypeOf<Worker['close']>().returns.toEqualTypeOf<Promise<void>>();
  });
});

describe('a handler', () => {
  it('is told which try it is, and by when it has to be done', () => {
    const handler: Handler<'message.inbound'> = (_event, context) => {
      expectTypeOf(context.attempt).toBeNumber();
      expectTypeOf(context.deadline).toEqualTypeOf<Date>();
      expectTypeOf(context.secretName).toBeString();
      // @ts-expect-error it is told, and does not tell
      context.attempt = 2;
    };
    createReceiver({ inbox, process: false, onMessageInbound: handler });
  });

  it('may refuse an event for good, with a message and a cause', () => {
    const error = new PermanentError('No phone', { cause: 'none' });
    expectTypeOf(error).toExtend<Error>();
    expectTypeOf<PermanentError['name']>().toEqualTypeOf<'PermanentError'>();
  });
});

describe('an inbox', () => {
  it('is told what became of an entry, and when to try again', () => {
    const handle: InboxHandler = async ({ event, secretName }, { attempt, last }) => {
      expectTypeOf(event.id).toBeString();
      expectTypeOf(secretName).toBeString();
      expectTypeOf(attempt).toBeNumber();
      return last ? { state: 'done' } : { state: 'postponed', delayMs: 0 };
    };
    expectTypeOf(handle).returns.toEqualTypeOf<Promise<InboxVerdict>>();
    // @ts-expect-error a failure has a reason
    const verdict: InboxVerdict = { state: 'failed', permanent: true };
    expectTypeOf(verdict).toExtend<InboxVerdict>();
  });
});
