import { createReceiver } from '@chathooks/core';
import { createTestClock } from '@chathooks/testing';
import { describe, expect, it } from 'vitest';
import { codeOf, deferred, notes, promisesRan, send, shop, storeWith } from './harness.ts';

const many = (length: number) => Array.from({ length }, (_, index) => ({ id: `n${index}` }));

describe('closing in the middle of a batch', () => {
  it('waits for all of it', async () => {
    let handled = 0;
    const begun = deferred();
    const receiver = createReceiver({
      providers: [shop()],
      logger: false,
      onMessageInbound() {
        handled++;
        begun.resolve();
        const from = performance.now();
        while (performance.now() - from < 6);
      },
    });
    const reply = send(receiver, notes(many(20)));
    await begun.promise;
    await receiver.close();
    const atClose = handled;
    expect((await reply).status).toBe(200);
    expect(atClose).toBe(20);
  });

  it('begins nothing more once the grace is over', async () => {
    const clock = createTestClock();
    const begun: string[] = [];
    const first = deferred();
    const receiver = createReceiver({
      providers: [shop()],
      logger: false,
      clock,
      concurrency: 1,
      onMessageInbound({ data }) {
        begun.push(data.message.id);
        first.resolve();
        return new Promise(() => {});
      },
    });
    const reply = send(receiver, notes(many(5)));
    await first.promise;
    await promisesRan();
    const closed = receiver.close({ graceMs: 100 });
    await clock.advance(2_000);
    await closed;
    expect(codeOf(await reply)).toBe('shutting_down');
    expect(begun).toEqual(['n0']);
  });

  it('claims nothing more once the grace is over, of a store that does not answer', async () => {
    const clock = createTestClock();
    let claims = 0;
    const claimed = deferred();
    const dedup = storeWith({
      claim() {
        claims++;
        claimed.resolve();
        return new Promise(() => {});
      },
    });
    const receiver = createReceiver({ providers: [shop()], logger: false, clock, dedup, concurrency: 1, onEvent() {} });
    const reply = send(receiver, notes(many(5)));
    await claimed.promise;
    const closed = receiver.close({ graceMs: 100 });
    await clock.advance(2_000);
    await closed;
    expect((await reply).status).toBe(503);
    expect(claims).toBe(1);
  });
});
