import { createReceiver } from '@chathooks/core';
import { createTestClock } from '@chathooks/testing';
import { describe, expect, it } from 'vitest';
import { deferred, notes, promisesRan, send, shop } from './harness.ts';
import { stubInbox } from './inbox-stub.ts';

const many = (length: number) => Array.from({ length }, (_, index) => ({ id: `n${index}` }));

describe('the events of one delivery', () => {
  it('are begun in their order, as many at a time as concurrency says', async () => {
    const begun: string[] = [];
    const gates: ReturnType<typeof deferred<void>>[] = [];
    const receiver = createReceiver({
      providers: [shop()],
      logger: false,
      concurrency: 3,
      async onMessageInbound({ data }) {
        begun.push(data.message.id);
        const gate = deferred();
        gates.push(gate);
        await gate.promise;
      },
    });
    // On a busy machine a delivery takes more than one turn.
    const untilBegun = async (count: number) => {
      while (begun.length < count) await promisesRan();
      await promisesRan();
      await promisesRan();
    };
    const reply = send(receiver, notes(many(5)));
    await untilBegun(3);
    expect(begun).toEqual(['n0', 'n1', 'n2']);
    gates[1]?.resolve();
    await untilBegun(4);
    expect(begun).toEqual(['n0', 'n1', 'n2', 'n3']);
    gates[0]?.resolve();
    gates[2]?.resolve();
    await untilBegun(5);
    gates[3]?.resolve();
    gates[4]?.resolve();
    expect((await reply).status).toBe(200);
  });

  it('do not wait for each other for ever when they share a chat and there is little room', async () => {
    const order: string[] = [];
    const receiver = createReceiver({
      providers: [shop()],
      logger: false,
      concurrency: 2,
      async onMessageInbound({ data }) {
        await promisesRan();
        order.push(data.message.id);
      },
    });
    const list = many(9).map((note, index) => ({ ...note, chat: index % 3 === 0 ? 'other' : 'same' }));
    expect((await send(receiver, notes(list))).status).toBe(200);
    expect(order.filter((id) => Number(id.slice(1)) % 3 !== 0)).toEqual(['n1', 'n2', 'n4', 'n5', 'n7', 'n8']);
    expect(order).toHaveLength(9);
  });

  it('are answered with a failure when one of them failed, and only that one runs again', async () => {
    const runs: string[] = [];
    let broken = true;
    const receiver = createReceiver({
      providers: [shop()],
      logger: false,
      async onMessageInbound({ data }) {
        runs.push(data.message.id);
        if (broken && data.message.id === 'n500') throw new Error('not yet');
      },
    });
    expect((await send(receiver, notes(many(1000)))).status).toBe(500);
    broken = false;
    expect((await send(receiver, notes(many(1000)))).status).toBe(200);
    expect(runs).toHaveLength(1001);
    expect(runs.at(-1)).toBe('n500');
  });

  it('leave other work its turn, however long their handlers hold the process', async () => {
    const receiver = createReceiver({
      providers: [shop()],
      logger: false,
      onMessageInbound() {
        const from = performance.now();
        while (performance.now() - from < 6);
      },
    });
    let turns = 0;
    let done = false;
    const takeTurns = () => {
      turns++;
      if (!done) setImmediate(takeTurns);
    };
    setImmediate(takeTurns);
    await send(receiver, notes(many(10)));
    done = true;
    // After every event, since 5 ms are over.
    expect(turns).toBeGreaterThanOrEqual(9);
  });

  it('may hold the same event twice: it is handled once, however little room there is', async () => {
    const runs: string[] = [];
    const receiver = createReceiver({
      providers: [shop()],
      logger: false,
      concurrency: 2,
      async onMessageInbound({ data }) {
        await promisesRan();
        runs.push(data.message.id);
      },
    });
    const twice = many(3).flatMap((note) => [note, note]);
    expect((await send(receiver, notes(twice))).status).toBe(200);
    expect(runs).toEqual(['n0', 'n1', 'n2']);
  });

  it('make room again when a handler takes too long', async () => {
    const clock = createTestClock();
    const begun: string[] = [];
    const stuck = deferred();
    const receiver = createReceiver({
      providers: [shop()],
      logger: false,
      clock,
      concurrency: 1,
      handlerTimeoutMs: 100,
      onMessageInbound({ data }) {
        begun.push(data.message.id);
        if (data.message.id !== 'n0') return undefined;
        stuck.resolve();
        return new Promise(() => {});
      },
    });
    const reply = send(receiver, notes(many(2)));
    await stuck.promise;
    await promisesRan();
    await clock.advance(1_000);
    expect((await reply).status).toBe(500);
    expect(begun).toEqual(['n0', 'n1']);
  });

  it('are stored at once with an inbox, whatever concurrency says', async () => {
    const puts: number[] = [];
    const inbox = stubInbox({ put: async (entries) => void puts.push(entries.length) });
    const receiver = createReceiver({ providers: [shop()], logger: false, inbox, concurrency: 1, onEvent() {} });
    expect((await send(receiver, notes(many(500)))).status).toBe(200);
    expect(puts).toEqual([500]);
  });

  it('may be as many at a time as any number above 0', () => {
    for (const concurrency of [0, -1, Number.NaN]) {
      expect(() => createReceiver({ providers: [shop()], concurrency })).toThrow('concurrency is');
    }
  });
});
