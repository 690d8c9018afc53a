import { createReceiver, type SecretQuery, type SecretSource, wexio } from '@chathooks/core';
import { createTestClock, deliver } from '@chathooks/testing';
import { describe, expect, it, vi } from 'vitest';
import { codeOf, deferred, promisesRan, recordLogs, type Sent, send } from './harness.ts';

const clock = createTestClock();

function receiverWith(secret: SecretSource) {
  const logs = recordLogs();
  const onEvent = vi.fn();
  const receiver = createReceiver({ providers: [wexio({ secret })], clock, logger: logs.logger, onEvent });
  return { receiver, logs, secretName: () => onEvent.mock.lastCall?.[1].secretName };
}

let events = 0;
const delivery = (secret: string, connection?: string) =>
  deliver.wexio(
    'chat.created',
    { id: `evt_${events++}` },
    { secret, now: clock.now(), ...(connection !== undefined && { connection }) },
  );

describe('fixed secrets', () => {
  it('are told apart by their place in the list', async () => {
    const { receiver, secretName } = receiverWith(['new', 'old']);
    expect((await send(receiver, delivery('new'))).status).toBe(200);
    expect(secretName()).toBe('secret 1');
    expect((await send(receiver, delivery('old'))).status).toBe(200);
    expect(secretName()).toBe('secret 2');
    expect((await send(receiver, delivery('older'))).status).toBe(401);
  });

  it('are told apart by their names', async () => {
    const { receiver, secretName } = receiverWith([
      { name: '2026', value: 'new' },
      { name: '2025', value: 'old' },
      'test',
    ]);
    await send(receiver, delivery('old'));
    expect(secretName()).toBe('2025');
    await send(receiver, delivery('test'));
    expect(secretName()).toBe('secret 3');
  });

  it('may be a single named one', async () => {
    const { receiver, secretName } = receiverWith({ name: 'main', value: 'only' });
    await send(receiver, delivery('only'));
    expect(secretName()).toBe('main');
  });

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['an empty text', ''],
    ['a number', 42],
    ['an empty list', []],
    ['a list with an empty text', ['good', '']],
    ['a list with a hole', ['good', undefined]],
    ['a named secret without a value', { name: 'main' }],
    ['a named secret with an empty value', { name: 'main', value: '' }],
    ['a value without a name', { value: 'secret' }],
  ])('are refused at the start when they are %s, without being quoted', (_, secret) => {
    const create = () => wexio({ secret: secret as unknown as string });
    expect(create).toThrow(expect.objectContaining({ code: 'missing_secret' }));
    expect(create).toThrow(/^(?!.*good)/);
  });
});

describe('a secret function', () => {
  it('gets the connection and finds its secret', async () => {
    const look = vi.fn(({ connection }: SecretQuery) => `secret of ${connection}`);
    const { receiver } = receiverWith(look);
    expect((await send(receiver, delivery('secret of acme', 'acme'))).status).toBe(200);
    expect((await send(receiver, delivery('secret of acme', 'other'))).status).toBe(401);
    expect((await send(receiver, delivery('secret of undefined'))).status).toBe(200);
  });

  it('may answer with a list of named secrets', async () => {
    const { receiver, secretName } = receiverWith(async () => [
      { name: 'new', value: 'a' },
      { name: 'old', value: 'b' },
    ]);
    await send(receiver, delivery('b'));
    expect(secretName()).toBe('old');
  });

  it.each([[undefined], [null], [[]]])('that answers %j refuses the delivery', async (nothing) => {
    const { receiver, logs } = receiverWith(() => nothing);
    const reply = await send(receiver, delivery('any', 'nobody'));
    expect([reply.status, codeOf(reply)]).toEqual([401, 'verification_failed']);
    expect(logs.lines.at(-1)?.details.reason).toBe('no_secret');
  });

  it.each([
    ['throws', () => expectThrow()],
    ['rejects', async () => expectThrow()],
  ])('that %s asks the vendor to come again, and is asked again itself', async (_, fail) => {
    let broken = true;
    const { receiver } = receiverWith(() => (broken ? fail() : 'secret'));
    const reply = await send(receiver, delivery('secret'));
    expect([reply.status, codeOf(reply), reply.headers['retry-after']]).toEqual([503, 'secret_unavailable', '5']);
    broken = false;
    expect((await send(receiver, delivery('secret'))).status).toBe(200);
  });

  it('that answers an empty text is a mistake of ours and no forgery', async () => {
    const { receiver, logs } = receiverWith(async () => '');
    const reply = await send(receiver, delivery('secret'));
    expect([reply.status, codeOf(reply)]).toEqual([500, 'missing_secret']);
    expect(logs.lines.at(-1)?.level).toBe('error');
  });

  it('is asked once per connection and minute', async () => {
    const look = vi.fn(({ connection }: SecretQuery) => connection);
    const { receiver } = receiverWith(look);
    for (let times = 0; times < 3; times++) {
      expect((await send(receiver, delivery('a', 'a'))).status).toBe(200);
      expect((await send(receiver, delivery('b', 'b'))).status).toBe(200);
    }
    expect(look).toHaveBeenCalledTimes(2);

    await clock.advance(59_999);
    await send(receiver, delivery('a', 'a'));
    expect(look).toHaveBeenCalledTimes(2);

    await clock.advance(1);
    await send(receiver, delivery('a', 'a'));
    expect(look).toHaveBeenCalledTimes(3);
  });

  it('is asked again for an unknown connection after five seconds', async () => {
    let known = false;
    const look = vi.fn(() => (known ? 'secret' : undefined));
    const { receiver } = receiverWith(look);
    await send(receiver, delivery('secret', 'new'));
    known = true;
    await clock.advance(4_999);
    expect((await send(receiver, delivery('secret', 'new'))).status).toBe(401);
    expect(look).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    expect((await send(receiver, delivery('secret', 'new'))).status).toBe(200);
  });

  it('is not asked again because somebody makes up connections', async () => {
    const look = vi.fn(({ connection }: SecretQuery) => (connection === 'real' ? 'secret' : undefined));
    const { receiver } = receiverWith(look);
    await send(receiver, delivery('secret', 'real'));
    for (let count = 0; count < 1_001; count++) await send(receiver, delivery('forged', `made-up-${count}`));
    look.mockClear();
    expect((await send(receiver, delivery('secret', 'real'))).status).toBe(200);
    expect(look).not.toHaveBeenCalled();
  });

  it('that is slow is asked once for all that wait', async () => {
    const answer = deferred<string>();
    const look = vi.fn(() => answer.promise);
    const { receiver } = receiverWith(look);
    const replies = Array.from({ length: 20 }, () => send(receiver, delivery('secret', 'acme')));
    await promisesRan();
    expect(look).toHaveBeenCalledTimes(1);
    answer.resolve('secret');
    for (const reply of await Promise.all(replies)) expect(reply.status).toBe(200);
  });

  it('that is slow and fails, fails for all that wait and for nobody after them', async () => {
    const answer = deferred<string>();
    const look = vi.fn<() => string | Promise<string>>(() => answer.promise);
    const { receiver } = receiverWith(look);
    const replies = Array.from({ length: 5 }, () => send(receiver, delivery('secret', 'acme')));
    await promisesRan();
    answer.reject(new Error('The database is away'));
    for (const reply of await Promise.all(replies)) expect(reply.status).toBe(503);
    look.mockImplementation(() => 'secret');
    expect((await send(receiver, delivery('secret', 'acme'))).status).toBe(200);
  });

  it('does not mix up no connection with a connection of an odd name', async () => {
    const look = vi.fn(({ connection }: SecretQuery) => `secret of ${connection}`);
    const { receiver } = receiverWith(look);
    await send(receiver, delivery('secret of undefined'));
    expect((await send(receiver, delivery('secret of undefined', 'undefined'))).status).toBe(200);
    expect(look).toHaveBeenCalledTimes(2);
  });

  it('that fails because of a header fails for that request only', async () => {
    const look = vi.fn(async ({ header }: SecretQuery) => {
      if (header('x-tenant') === undefined) throw new Error('There is no tenant');
      return 'secret';
    });
    const { receiver } = receiverWith(look);
    const replies = await Promise.all([
      send(receiver, delivery('secret')),
      send(receiver, delivery('secret'), { 'x-tenant': 'acme' }),
    ]);
    expect(replies.map(({ status }) => status)).toEqual([503, 200]);
  });

  it('that reads a header is asked for every request, those that wait for another included', async () => {
    const gate = deferred();
    const look = vi.fn(async ({ header }: SecretQuery) => {
      await gate.promise;
      return header('x-tenant');
    });
    const { receiver } = receiverWith(look);
    const from = (tenant: string): Sent => {
      const sent = delivery(tenant);
      return { ...sent, headers: { ...sent.headers, 'x-tenant': tenant } };
    };
    const replies = [send(receiver, from('a')), send(receiver, from('b')), send(receiver, from('c'))];
    gate.resolve();
    for (const reply of await Promise.all(replies)) expect(reply.status).toBe(200);
    expect((await send(receiver, from('d'))).status).toBe(200);
    expect(look).toHaveBeenCalledTimes(4);
  });
});

function expectThrow(): never {
  throw new Error('The secret store is away');
}
