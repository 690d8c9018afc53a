import {
  bearer,
  byEventName,
  type Claim,
  catalog,
  createReceiver,
  type DedupStore,
  defineProvider,
  hmac,
  memoryDedup,
  type NormalizedEvent,
  type Provider,
  reads,
  type SecretSource,
  type WexioOptions,
  wexio,
} from '@chathooks/core';
import { deliver, type SignedDelivery } from '@chathooks/testing';
import { describe, expectTypeOf, it } from 'vitest';

describe('defineProvider', () => {
  it('takes a vendor of one named event per request', () => {
    const provider = defineProvider({
      name: 'acme',
      verifier: hmac({ secret: 'secret', header: 'x-signature' }),
      normalize: byEventName({
        name: (payload) => payload.kind,
        events: {
          note: reads(catalog['message.inbound'], ({ message, chat }, delivery) => {
            expectTypeOf(message.id).toBeString();
            expectTypeOf(chat?.id).toEqualTypeOf<string | undefined>();
            expectTypeOf(delivery.connection).toEqualTypeOf<string | undefined>();
            return [{ type: 'message.inbound', key: message.id, data: { message } }];
          }),
        },
      }),
    });
    expectTypeOf(provider).toEqualTypeOf<Provider>();
  });

  it('holds the events to the model', () => {
    const key = 'k';
    expectTypeOf({ type: 'ping' as const, key, data: {} }).toExtend<NormalizedEvent>();
    // @ts-expect-error the data belongs to another type
    const wrong: NormalizedEvent = { type: 'chat.created', key, data: { messageId: 'm', status: 'read' } };
    // @ts-expect-error without a key it could not be told from others
    const keyless: NormalizedEvent = { type: 'ping', data: {} };
    // @ts-expect-error there is no such type
    const odd: NormalizedEvent = { type: 'message.odd', key, data: {} };
    expectTypeOf([wrong, keyless, odd]).toEqualTypeOf<NormalizedEvent[]>();
  });

  it('needs a verifier', () => {
    // @ts-expect-error there is no switch that skips verification
    defineProvider({ name: 'acme', normalize: () => [] });
  });
});

describe('a secret', () => {
  it('is a text, a named text, a list of them, or a function', () => {
    const forms: SecretSource[] = [
      'secret',
      { name: 'main', value: 'secret' },
      ['new', { name: 'old', value: 'secret' }],
      () => 'secret',
      () => undefined,
      async () => null,
      async () => ['new', 'old'],
      ({ connection, header }) => `${connection}${header('x-tenant')}`,
    ];
    expectTypeOf(forms).toEqualTypeOf<SecretSource[]>();
    expectTypeOf(bearer).parameter(0).toHaveProperty('token').toEqualTypeOf<SecretSource>();
  });

  it('is nothing else', () => {
    // @ts-expect-error the variable may be missing
    wexio({ secret: process.env.WEXIO_SECRET });
    // @ts-expect-error a secret is a text
    wexio({ secret: 42 });
    // @ts-expect-error a named secret has a value
    wexio({ secret: { name: 'main' } });
    // @ts-expect-error a function answers with a text
    wexio({ secret: async () => 42 });
  });
});

describe('wexio', () => {
  it('takes a secret or another mode, and not both', () => {
    expectTypeOf<{ secret: string }>().toExtend<WexioOptions>();
    expectTypeOf<{ auth: { bearer: string } }>().toExtend<WexioOptions>();
    expectTypeOf<{ auth: { basic: { username: string; password: string } } }>().toExtend<WexioOptions>();
    expectTypeOf<{ auth: { none: true } }>().toExtend<WexioOptions>();
    // @ts-expect-error a request is verified one way
    wexio({ secret: 'secret', auth: { bearer: 'token' } });
    // @ts-expect-error one of them is needed
    wexio({});
    // @ts-expect-error no authentication must be spelled out
    wexio({ auth: { none: false } });
  });
});

describe('a dedup store', () => {
  it('may answer at once or later', () => {
    const atOnce: DedupStore = {
      claim: () => ({ state: 'fresh', token: 't' }),
      complete: () => true,
      release() {},
    };
    const later: DedupStore = {
      claim: async () => ({ state: 'done' }),
      extend: async () => true,
      complete: async () => true,
      release: async () => {},
      advance: async () => true,
      close: async () => {},
    };
    createReceiver({ dedup: atOnce });
    createReceiver({ dedup: later });
    createReceiver({ dedup: memoryDedup() });
  });

  it('gives a token with a fresh claim only', () => {
    expectTypeOf<Extract<Claim, { state: 'fresh' }>>().toEqualTypeOf<{
      readonly state: 'fresh';
      readonly token: string;
    }>();
    expectTypeOf<Exclude<Claim, { state: 'fresh' }>>().not.toHaveProperty('token');
    // @ts-expect-error a fresh claim has a token
    const claim: Claim = { state: 'fresh' };
    expectTypeOf(claim).toExtend<Claim>();
  });
});

describe('deliver', () => {
  it('knows the events of each vendor', () => {
    expectTypeOf(deliver.wexio('chat.created')).toEqualTypeOf<SignedDelivery>();
    // @ts-expect-error there is no such event
    deliver.wexio('chat.opened');
    // @ts-expect-error there is no such vendor
    deliver.acme('chat.created');
  });
});
