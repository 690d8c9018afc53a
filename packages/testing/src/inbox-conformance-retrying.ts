import assert from 'node:assert/strict';
import { anHour, done, entriesOf, entryOf, failed, postponed } from './inbox-entries.ts';
import type { InboxProbe } from './inbox-lab.ts';
import { asTry } from './inbox-tries.ts';

/** Tests of what an inbox does with verdicts other than `done`. */
export function testRetrying({ test, subject }: InboxProbe): void {
  test('an entry that failed is tried again, with its attempts counted', async (lab) => {
    const inbox = await lab.open({ attempts: 3 });
    await inbox.put(entriesOf('a', 3));
    await lab.start(inbox, ({ event }, { last }) => (event.id === 'a1' && !last ? failed() : done));
    await lab.until('all three to end well', () => lab.tries.settled.length === 5);
    assert.deepEqual(lab.tries.of('a1').map(asTry), [
      { attempt: 1, last: false },
      { attempt: 2, last: false },
      { attempt: 3, last: true },
    ]);
    lab.tries.assertInOrder(entriesOf('a', 3));
    await lab.untilCounts(inbox, { pending: 0, failed: 0 });
  });

  test('another try gets the entry as it was put, whatever became of the object', async (lab) => {
    const inbox = await lab.open();
    const raw = { text: 'as it was' };
    await inbox.put([entryOf('one', undefined, { raw })]);
    raw.text = 'changed by who put it';
    const texts: unknown[] = [];
    await lab.start(inbox, ({ event }) => {
      const received = event.raw;
      assert.ok(typeof received === 'object' && received !== null && 'text' in received);
      texts.push(received.text);
      received.text = 'changed by a handler';
      return texts.length === 2 ? done : failed();
    });
    await lab.until('two tries', () => lab.tries.settled.length === 2);
    assert.deepEqual(texts, ['as it was', 'as it was']);
  });

  test('an entry that fails on its last try is set aside, and its key goes on', async (lab) => {
    const inbox = await lab.open({ attempts: 2 });
    await inbox.put(entriesOf('a', 3));
    await lab.start(inbox, ({ event }) => (event.id === 'a1' ? failed() : done));
    await lab.until('the entries behind it', () => lab.tries.settled.length === 4);
    assert.deepEqual(lab.tries.of('a1').map(asTry), [
      { attempt: 1, last: false },
      { attempt: 2, last: true },
    ]);
    lab.tries.assertInOrder(entriesOf('a', 3));
    await lab.untilFailed(inbox, ['a1']);
    await lab.untilCounts(inbox, { pending: 0, failed: 1 });
  });

  test('with one attempt, the first try is the last', async (lab) => {
    const inbox = await lab.open({ attempts: 1 });
    await inbox.put(entriesOf('a', 2));
    await lab.start(inbox, () => failed());
    await lab.untilFailed(inbox, ['a1', 'a2']);
    assert.deepEqual(lab.tries.begun.map(asTry), Array(2).fill({ attempt: 1, last: true }));
  });

  test('an entry that failed for good is set aside at once, and its key goes on', async (lab) => {
    const inbox = await lab.open({ attempts: 5, retryDelayMs: anHour, maxRetryDelayMs: anHour });
    await inbox.put(entriesOf('a', 2));
    await lab.start(inbox, ({ event }) => (event.id === 'a1' ? failed('never', true) : done));
    await lab.until('the entry behind it', () => lab.tries.of('a2').length === 1);
    assert.equal(lab.tries.of('a1').length, 1);
    await lab.untilFailed(inbox, ['a1']);
  });

  test('the pause before another try doubles, is varied by up to half, and has a longest', async (lab) => {
    // In real time only the shortest pauses can be told: the machine, or the engine, may take longer.
    const pauseMs = subject.elapse ? 1_000 : 100;
    const inbox = await lab.open({ attempts: 9, retryDelayMs: pauseMs, maxRetryDelayMs: pauseMs * 2 });
    const ends: number[] = [];
    const begins: number[] = [];
    await lab.start(inbox, () => {
      begins.push(lab.now());
      if (begins.length === 5) return done;
      ends.push(lab.now());
      return failed();
    });
    await inbox.put([entryOf('one')]);
    await lab.until('five tries', () => begins.length === 5, { stepMs });
    const pauses = ends.map((end, index) => (begins[index + 1] ?? Number.NaN) - end);
    for (const [index, factor] of [1, 2, 2, 2].entries()) {
      const pause = pauses[index] ?? Number.NaN;
      assert.ok(
        pause >= (pauseMs * factor) / 2 - tolerance,
        `pause ${index + 1} of ${pauses}: expected half of it at least`,
      );
      if (!subject.elapse) continue;
      assert.ok(pause <= pauseMs * factor + 1_000, `pause ${index + 1} of ${pauses}: expected no more, and a second`);
    }
  });

  test('an entry that is postponed loses no attempt and keeps its place in its key', async (lab) => {
    const inbox = await lab.open({ attempts: 2 });
    await inbox.put(entriesOf('a', 3));
    await lab.start(inbox, ({ event }) => {
      if (event.id !== 'a1') return done;
      // Postponed four times, failed, postponed again, and done at last.
      const times = lab.tries.of('a1').length;
      return times === 5 ? failed() : times === 7 ? done : postponed(10);
    });
    await lab.until('all three to end well', () => lab.tries.settled.length === 9);
    assert.deepEqual(lab.tries.of('a1').map(asTry), [
      ...Array(5).fill({ attempt: 1, last: false }),
      ...Array(2).fill({ attempt: 2, last: true }),
    ]);
    lab.tries.assertInOrder(entriesOf('a', 3));
    await lab.untilCounts(inbox, { pending: 0, failed: 0 });
  });

  test('an entry that is postponed is not tried before its delay is over', async (lab) => {
    const inbox = await lab.open();
    const times: number[] = [];
    await lab.start(inbox, () => {
      times.push(lab.now());
      return times.length === 1 ? postponed(200) : done;
    });
    await inbox.put([entryOf('one')]);
    await lab.until('two tries', () => times.length === 2, { stepMs });
    const [first = 0, second = 0] = times;
    assert.ok(
      second - first >= 200 - tolerance,
      `expected the second try after 200 ms, saw it after ${second - first}`,
    );
  });

  test('a handler that breaks its contract and rejects has failed a try, and the inbox goes on', async (lab) => {
    const inbox = await lab.open({ attempts: 2 });
    await inbox.put([...entriesOf('a', 2), ...entriesOf('b', 2)]);
    await lab.start(inbox, async ({ event }, { last }) => {
      if (event.id === 'a1' || (event.id === 'b1' && !last)) throw new Error('a broken handler');
      return done;
    });
    const [entry] = await lab.untilFailed(inbox, ['a1']);
    await lab.until('the other three', () => lab.tries.settled.length === 6);
    assert.equal(entry?.attempts, 2);
    assert.match(entry.reason.code, /^[a-z_]+$/);
    lab.tries.assertInOrder([...entriesOf('a', 2), ...entriesOf('b', 2)]);
    await lab.untilCounts(inbox, { pending: 0, failed: 1 });
  });

  test('what waits for another try, or is being tried, is pending', async (lab) => {
    const inbox = await lab.open({ retryDelayMs: anHour, maxRetryDelayMs: anHour });
    const gate = lab.gate();
    await inbox.put([...entriesOf('waiting', 2), entryOf('postponed'), entryOf('running'), entryOf('aside')]);
    await lab.untilCounts(inbox, { pending: 5, failed: 0 });
    await lab.start(inbox, async ({ event }) => {
      if (event.id === 'running') await gate.opened;
      if (event.id === 'postponed') return postponed(anHour);
      return event.id === 'running' ? done : failed('no', event.id === 'aside');
    });
    await lab.untilCounts(inbox, { pending: 4, failed: 1 });
    assert.equal(lab.tries.running().length, 1);
    gate.open();
    await lab.untilCounts(inbox, { pending: 3, failed: 1 });
  });
}

const stepMs = 10;

/** A timer of the machine may be early by a millisecond or two; an injected clock is read once per step. */
const tolerance = stepMs;
