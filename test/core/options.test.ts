import {
  createReceiver,
  defineProvider,
  errorCodes,
  memoryDedup,
  type Provider,
  type ReceiverOptions,
  unauthenticated,
  wexio,
} from '@chathooks/core';
import { toNodeHandler } from '@chathooks/core/node';
import { deliver } from '@chathooks/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { vendors } from '../vendors.ts';
import { notes, send, shop } from './harness.ts';

const create = (options: object) => () => createReceiver({ providers: [shop()], ...options } as ReceiverOptions);
const refusal = (code: string, message: RegExp) =>
  expect.objectContaining({ name: 'ChathooksError', code, message: expect.stringMatching(message) });

describe('options', () => {
  it.each([
    ['onMessageInbound', 'onMesageInbound'],
    ['onMessageInbound', 'onMessageinbound'],
    ['onUnknown', 'onUnkown'],
    ['onEvent', 'onEvents'],
    ['onContactStatusCreated', 'onContactstatusCreate'],
    ['onStoreError', 'onStoreErrors'],
    ['providers', 'provider'],
    ['leaseMs', 'leaseMS'],
    ['handlerTimeoutMs', 'handlerTimeout'],
    ['dedup', 'deduper'],
  ])('propose %s for %s', (right, wrong) => {
    expect(create({ [wrong]: () => {} })).toThrow(
      refusal('unknown_option', new RegExp(`"${wrong}"; did you mean "${right}"`)),
    );
  });

  it('propose nothing where nothing is near, and list what there is', () => {
    expect(create({ retries: 3 })).toThrow(
      refusal('unknown_option', /"retries"; expected one of providers, .*, onEvent/),
    );
  });

  it('are missed by name', () => {
    // @ts-expect-error What a JavaScript caller may do.
    expect(() => createReceiver()).toThrow(refusal('invalid_option', /no options/));
    // @ts-expect-error Likewise.
    expect(() => toNodeHandler()).toThrow(refusal('invalid_option', /no options/));
  });

  it.each(['bodyByte', 'events_', 'maxDepth'])('refuse the unknown limit %s', (name) => {
    expect(create({ limits: { [name]: 5 } })).toThrow(
      refusal('unknown_option', new RegExp(`"limits.${name}"; did you mean "limits\\.`)),
    );
  });

  it.each([
    ['leaseMs', 0],
    ['leaseMs', -1],
    ['rememberMs', Number.NaN],
    ['rememberMs', '7d'],
    ['handlerTimeoutMs', Number.POSITIVE_INFINITY],
    ['handlerTimeoutMs', null],
    ['onStoreError', 'ignore'],
    ['staleStatus', ''],
    ['limits', { bodyBytes: 0 }],
    ['limits', { depth: -1 }],
    ['limits', { events: '5000' }],
    ['path', 'webhooks'],
    ['path', ''],
    ['path', '/hooks?x=1'],
    ['onMessageInbound', 'handler'],
    ['onEvent', null],
    ['dedup', memoryDedup],
    ['dedup', null],
    ['dedup', {}],
    ['dedup', new Map()],
    ['providers', [wexio]],
    ['providers', [undefined]],
    ['providers', [{ name: 'shop' }]],
    ['providers', shop()],
    ['logger', true],
    ['logger', { warn() {} }],
  ])('refuse %s: %o', (name, value) => {
    expect(create({ [name]: value })).toThrow(expect.objectContaining({ code: 'invalid_option' }));
  });

  it('may be given as undefined', async () => {
    const receiver = create({ onMessageInbound: undefined, leaseMs: undefined, limits: undefined, path: undefined })();
    expect((await send(receiver, notes([]))).status).toBe(200);
  });

  it('may be times beyond what a timer can hold, which would call back at once', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const year = 365 * 24 * 60 * 60 * 1000;
    const receiver = create({ handlerTimeoutMs: year, leaseMs: 3 * year, onEvent: () => Promise.resolve() })();
    expect((await send(receiver, notes([{ id: '1' }]))).status).toBe(200);
    await receiver.close({ graceMs: Number.POSITIVE_INFINITY });
    expect(new Set(timers.mock.calls.map(([, delay]) => delay))).toEqual(new Set([2 ** 31 - 1]));
    timers.mockRestore();
  });

  it('name providers differently', () => {
    expect(create({ providers: [shop(), shop()] })).toThrow(refusal('duplicate_provider', /"shop".*"shop-eu"/));
    expect(create({ providers: [] })).toThrow(refusal('no_provider', /providers is empty/));
  });

  it.each(['', 'Shop', 'my shop', 'shop/eu', '-shop', '__proto__'])('refuse "%s" as the name of a provider', (name) => {
    expect(() => defineProvider({ name, verifier: unauthenticated, normalize: () => [] })).toThrow(
      expect.objectContaining({ code: 'invalid_option' }),
    );
  });

  it('are answered with errors that say whether to try again', () => {
    try {
      create({ providers: [] })();
      expect.fail('no error');
    } catch (error) {
      expect(error).toMatchObject({ status: 500, retryable: false });
    }
    for (const [code, { status, retryable }] of Object.entries(errorCodes)) {
      if (status === 503) expect(retryable, code).toBe(true);
    }
  });
});

describe('a provider without options', () => {
  it.each(vendors)('$vendor says where its secret may come from', ({ factory }) => {
    const forgetful = factory as unknown as () => Provider;
    expect(() => forgetful()).toThrow(/expected at least \{ \w+: process\.env\.\w+.* \} \(missing_secret\)/);
  });
});

describe('providers from the environment', () => {
  beforeEach(() => {
    for (const name of vendors.flatMap(({ factory }) => factory.environmentVariables)) vi.stubEnv(name, undefined);
  });
  afterEach(() => vi.unstubAllEnvs());

  it('are those whose secrets are there', async () => {
    vi.stubEnv('WEXIO_WEBHOOK_SECRET', 'from the environment');
    const onChatCreated = vi.fn();
    const receiver = createReceiver({ logger: false, onChatCreated });
    expect(receiver.paths).toEqual(['/webhooks', '/webhooks/wexio']);
    expect((await send(receiver, deliver.wexio('chat.created', {}, { secret: 'from the environment' }))).status).toBe(
      200,
    );
    expect(onChatCreated).toHaveBeenCalledOnce();
  });

  it('are all of them when every secret is there', () => {
    for (const { environment } of vendors) {
      for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    }
    expect(createReceiver({ logger: false }).paths).toEqual(vendors.map(({ vendor }) => `/webhooks/${vendor}`));
  });

  it('are named when none is there', () => {
    for (const name of vendors.flatMap(({ factory }) => factory.environmentVariables)) {
      expect(() => createReceiver({})).toThrow(refusal('no_provider', new RegExp(`\\b${name}\\b`)));
    }
  });

  it('are refused when a secret is empty', () => {
    vi.stubEnv('WEXIO_WEBHOOK_SECRET', '');
    expect(() => createReceiver({})).toThrow(refusal('missing_secret', /^WEXIO_WEBHOOK_SECRET is missing or empty/));
  });

  it('are not looked for when providers are given', () => {
    vi.stubEnv('WEXIO_WEBHOOK_SECRET', 'secret');
    expect(createReceiver({ providers: [shop()] }).paths).toEqual(['/webhooks', '/webhooks/shop']);
  });

  it('are none on a runtime without an environment', () => {
    vi.stubGlobal('process', undefined);
    try {
      expect(() => createReceiver({})).toThrow(expect.objectContaining({ code: 'no_provider' }));
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
