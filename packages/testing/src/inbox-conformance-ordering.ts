import assert from 'node:assert/strict';
import { anHour, done, entriesOf, entryOf, failed, idsOf, postponed } from './inbox-entries.ts';
import type { InboxProbe } from './inbox-lab.ts';

/** Tests of what waits for what. */
export function testOrdering({ test }: InboxProbe): void {
  test('entries of one key are tried one at a time, in the order of one put and of several', async (lab) => {
    const inbox = await lab.open();
    const entries = [...entriesOf('a', 50), ...entriesOf('a', 40, 51), ...entriesOf('a', 40, 91)];
    await inbox.put(entries.slice(0, 50));
    for (const entry of entries.slice(50, 90)) await inbox.put([entry, entryOf(`beside ${entry.event.id}`)]);
    await lab.start(inbox, afterATurn);
    await inbox.put(entries.slice(90));
    await lab.until('130 entries of the key, and 40 beside them', () => lab.tries.settled.length === 170);
    lab.tries.assertInOrder(entries);
  });

  test('entries of several keys in one put keep the order of each', async (lab) => {
    const inbox = await lab.open();
    const entries = Array.from({ length: 20 }, (_, index) =>
      ['a', 'b', 'c', 'd', 'e'].flatMap((key) => entriesOf(key, 1, index + 1)),
    ).flat();
    await inbox.put(entries);
    await lab.start(inbox, afterATurn);
    await lab.until('100 entries', () => lab.tries.settled.length === 100);
    lab.tries.assertInOrder(entries);
  });

  test('entries of different keys are tried at the same time', async (lab) => {
    const inbox = await lab.open();
    const gate = lab.gate();
    await inbox.put([...entriesOf('a', 2), ...entriesOf('b', 2)]);
    await lab.start(inbox, async () => {
      if (lab.tries.running().length === 2) gate.open();
      await gate.opened;
      return done;
    });
    await lab.until(
      'an entry of a and one of b at a time, and those behind them',
      () => lab.tries.settled.length === 4,
    );
    lab.tries.assertInOrder([...entriesOf('a', 2), ...entriesOf('b', 2)]);
  });

  test('entries without a key are tried at the same time', async (lab) => {
    const inbox = await lab.open();
    const gate = lab.gate();
    await inbox.put([entryOf('one'), entryOf('two'), entryOf('three')]);
    await lab.start(inbox, async () => {
      if (lab.tries.running().length === 3) gate.open();
      await gate.opened;
      return done;
    });
    await lab.until('three at a time', () => lab.tries.settled.length === 3);
  });

  test('no more than `concurrency` entries are tried at a time', async (lab) => {
    const inbox = await lab.open({ concurrency: 3 });
    const gate = lab.gate();
    await inbox.put(Array.from({ length: 20 }, (_, index) => entryOf(`${index}`)));
    await lab.start(inbox, async () => {
      await gate.opened;
      return afterATurn();
    });
    await lab.until('three at a time', () => lab.tries.running().length === 3);
    await lab.tempt(inbox);
    gate.open();
    await lab.until('20 entries', () => lab.tries.settled.length === 20);
    assert.equal(lab.tries.most(), 3);
  });

  test('while an entry is tried, those behind it in its key wait and others go on', async (lab) => {
    const inbox = await lab.open();
    const gate = lab.gate();
    await inbox.put([...entriesOf('a', 3), ...entriesOf('b', 20)]);
    await lab.start(inbox, async ({ event }) => {
      if (event.id === 'a1') await gate.opened;
      return done;
    });
    await lab.until('20 entries of the other key', () => lab.tries.settled.length === 20);
    assert.deepEqual(
      lab.tries.running().map(({ id }) => id),
      ['a1'],
    );
    gate.open();
    await lab.until('the entries of the key', () => lab.tries.settled.length === 23);
    lab.tries.assertInOrder([...entriesOf('a', 3), ...entriesOf('b', 20)]);
  });

  test('while an entry waits for its next try, those behind it in its key wait and others go on', async (lab) => {
    const inbox = await lab.open({ concurrency: 1, retryDelayMs: anHour, maxRetryDelayMs: anHour });
    await inbox.put([...entriesOf('a', 3), ...entriesOf('b', 3), ...entriesOf('c', 10)]);
    await lab.start(inbox, ({ event }) => {
      if (event.orderingKey === 'a') return failed();
      return event.orderingKey === 'b' ? postponed(anHour) : done;
    });
    await lab.until('the entries of the third key', () => lab.tries.settled.length === 12);
    await lab.tempt(inbox);
    assert.deepEqual(
      lab.tries.begun.filter(({ key }) => key !== 'c').map(({ id }) => id),
      ['a1', 'b1'],
    );
    lab.tries.assertInOrder([...entriesOf('a', 1), ...entriesOf('b', 1), ...entriesOf('c', 10)]);
    await lab.untilCounts(inbox, { pending: 6, failed: 0 });
  });

  test('a long row behind one entry does not hold up the other keys', async (lab) => {
    const inbox = await lab.open({ concurrency: 2 });
    const gate = lab.gate();
    const entries = [...entriesOf('a', 300), entryOf('b1', 'b'), entryOf('without a key')];
    await inbox.put(entries);
    await lab.start(inbox, async ({ event }) => {
      if (event.id === 'a1') await gate.opened;
      return done;
    });
    await lab.until('what stands behind the row', () => lab.tries.settled.length === 2);
    assert.deepEqual(lab.tries.settled.map(({ id }) => id).toSorted(), ['b1', 'without a key']);
    assert.deepEqual(idsOf(lab.tries.running().map(({ entry }) => entry)), ['a1']);
  });
}

/** So that tries have the opportunity to overlap. */
async function afterATurn() {
  await new Promise(setImmediate);
  return done;
}
