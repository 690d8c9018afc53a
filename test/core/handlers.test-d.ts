import {
  type ChatEvent,
  createReceiver,
  type EventData,
  type EventOf,
  type EventType,
  type Handler,
  type HandlerContext,
  type HandlerName,
  type Handlers,
  type Message,
  type ReceiverOptions,
  type Unsubscribe,
} from '@chathooks/core';
import { describe, expectTypeOf, it } from 'vitest';

describe('handler names', () => {
  it('are derived from event types', () => {
    expectTypeOf<HandlerName<'message.inbound'>>().toEqualTypeOf<'onMessageInbound'>();
    expectTypeOf<HandlerName<'contact.identityChanged'>>().toEqualTypeOf<'onContactIdentityChanged'>();
    expectTypeOf<HandlerName<'contactStatus.created'>>().toEqualTypeOf<'onContactStatusCreated'>();
    expectTypeOf<HandlerName<'ping'>>().toEqualTypeOf<'onPing'>();
    expectTypeOf<HandlerName<'unknown'>>().toEqualTypeOf<'onUnknown'>();
  });

  it('are those of all event types, and onEvent', () => {
    expectTypeOf<keyof Handlers>().toEqualTypeOf<HandlerName | 'onEvent'>();
  });
});

describe('a handler', () => {
  it('gets the event of its type without a cast', () => {
    createReceiver({
      onMessageInbound(event, context) {
        expectTypeOf(event).toEqualTypeOf<EventOf<'message.inbound'>>();
        expectTypeOf(event.data.message).toEqualTypeOf<Message>();
        expectTypeOf(event.raw).toBeUnknown();
        expectTypeOf(context).toEqualTypeOf<HandlerContext>();
        expectTypeOf(context.signal).toEqualTypeOf<AbortSignal>();
      },
      onMessageStatus: async ({ data }) => {
        expectTypeOf(data.stale).toEqualTypeOf<boolean | undefined>();
        expectTypeOf(data.status).toEqualTypeOf<'queued' | 'sent' | 'delivered' | 'read' | 'played' | 'failed'>();
      },
      onMessageReaction: ({ data }) => {
        expectTypeOf(data.emoji).toEqualTypeOf<string | null>();
      },
      onUnknown: ({ data }) => {
        expectTypeOf(data.reason).toEqualTypeOf<
          'unknown_event' | 'not_modelled' | 'invalid_payload' | 'normalize_failed'
        >();
      },
      onEvent(event) {
        expectTypeOf(event).toEqualTypeOf<ChatEvent>();
      },
    });
  });

  it('of each type takes exactly the events of that type', () => {
    type Mismatched = {
      [T in EventType]: Exclude<Handlers[HandlerName<T>], undefined> extends Handler<T> ? never : T;
    }[EventType];
    expectTypeOf<Mismatched>().toBeNever();
  });

  it('with a misspelt name is an error', () => {
    // @ts-expect-error there is no such handler
    createReceiver({ onMesageInbound() {} });
    // @ts-expect-error there is no such setting
    createReceiver({ leaseMS: 5 });
    // @ts-expect-error a handler is a function
    createReceiver({ onMessageInbound: 'handler' });
    // @ts-expect-error this handler is for another event
    createReceiver({ onMessageInbound: (event: ChatEvent<'chat.created'>) => event });
  });

  it('may be one for all events, and may be left undefined', () => {
    const handler: Handler = () => {};
    createReceiver({ onMessageInbound: handler, onChatCreated: handler, onEvent: handler });
    expectTypeOf<ReceiverOptions>().toHaveProperty('onMessageInbound');
  });

  it('cannot change the event', () => {
    createReceiver({
      onMessageInbound(event) {
        // @ts-expect-error events are shared between handlers
        event.id = 'other';
      },
    });
  });
});

describe('ChatEvent', () => {
  it('narrows by type', () => {
    ((event: ChatEvent) => {
      switch (event.type) {
        case 'message.inbound':
          expectTypeOf(event.data).toEqualTypeOf<EventData['message.inbound']>();
          break;
        case 'flow.event':
          expectTypeOf(event.data.name).toBeString();
          break;
        case 'chat.created':
        case 'chat.updated':
          expectTypeOf(event.data.chat.id).toBeString();
          // @ts-expect-error there is no message in these
          event.data.message;
          break;
      }
      // @ts-expect-error not every event has a message
      event.data.message;
    }) satisfies Handler;
  });

  it('of several types is the union of them', () => {
    expectTypeOf<ChatEvent<'ping' | 'unknown'>>().toEqualTypeOf<EventOf<'ping'> | EventOf<'unknown'>>();
    expectTypeOf<ChatEvent<'ping'>>().toExtend<ChatEvent>();
  });
});

describe('receiver.on', () => {
  const receiver = createReceiver({});

  it('gives the handler the event of the type', () => {
    const off = receiver.on('campaign.completed', ({ data }, { secretName }) => {
      expectTypeOf(data).toEqualTypeOf<EventData['campaign.completed']>();
      expectTypeOf(secretName).toBeString();
    });
    expectTypeOf(off).toEqualTypeOf<Unsubscribe>();
  });

  it('gives the handler of * every event', () => {
    receiver.on('*', (event) => {
      expectTypeOf(event).toEqualTypeOf<ChatEvent>();
    });
    // @ts-expect-error it does not get messages only
    receiver.on('*', (event: ChatEvent<'message.inbound'>) => event);
  });

  it('takes no other types and no handlers of other types', () => {
    // @ts-expect-error there is no such type
    receiver.on('message.inbuond', () => {});
    // @ts-expect-error the handler is for another type
    receiver.on('chat.created', (event: ChatEvent<'message.inbound'>) => event);
  });
});
