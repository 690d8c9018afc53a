import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createReceiver, memoryDedup } from '@chathooks/core';
import { createTestClock } from '@chathooks/testing';
import { expect, it } from 'vitest';
import { expectNoTimers, notes, promisesRan, send, shop } from './harness.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

it('a receiver keeps none of 100,000 events, handled, failed or come twice', { timeout: 60_000 }, async () => {
  const clock = createTestClock();
  const seen: WeakRef<object>[] = [];
  let handled = 0;
  const receiver = createReceiver({
    providers: [shop()],
    logger: false,
    clock,
    dedup: memoryDedup({ maxEntries: 2_000, clock }),
    async onEvent(event) {
      seen.push(new WeakRef(event));
      if (event.id.endsWith('7')) throw new Error('no');
      handled++;
    },
  });
  for (let batch = 0; batch < 100; batch++) {
    const list = Array.from({ length: 1_000 }, (_, index) => ({
      id: `n${batch}-${index}`,
      chat: `chat ${index % 300}`,
    }));
    await Promise.all([send(receiver, notes(list)), send(receiver, notes(list))]);
  }
  await promisesRan();
  collectGarbage();
  expect(handled).toBe(90_000);
  expect(seen.filter((event) => event.deref() !== undefined).length).toBeLessThan(2_000);
  await expectNoTimers(clock);
});
