import assert from 'node:assert/strict';
import { anHour, done, entriesOf, entryOf, failed, postponed } from './inbox-entries.ts';
import type { InboxProbe } from './inbox-lab.ts';
import { asTry, type Respond } from './inbox-tries.ts';

/** What an instance gave back must not have to wait for the end of a lease. */
const promptly = { withinMs: 5_000 };

/** Tests of the beginning and the end of an instance. */
export function testStopping({ test, subject }: InboxProbe): void {
  test('a stop waits for the verdicts, begins nothing new and hands back the rest', async (lab) => {
    const entries = ['a', 'b', 'c', 'd'].flatMap((key) => entriesOf(key, 5));
    const inbox = await lab.open({ concurrency: 2 });
    const gate = lab.gate();
    await inbox.put(entries);
    await lab.start(inbox, async () => {
      await gate.opened;
      return done;
    });
    await lab.until('two tries', () => lab.tries.running().length === 2);
    let stopped = false;
    const stopping = inbox.stop().then(() => {
      stopped = true;
    });
    await lab.tempt(inbox);
    assert.equal(stopped, false, 'stop() has resolved while handlers were running');
    gate.open();
    await lab.resolves('stop()', stopping);
    await lab.tempt(inbox);
    assert.equal(lab.tries.begun.length, 2, `began after the stop: ${lab.tries.describe()}`);
    await lab.close(inbox);

    const next = await lab.open();
    await lab.untilCounts(next, { pending: 18, failed: 0 });
    await lab.start(next);
    await lab.until('the rest, soon', () => lab.tries.settled.length === 20, promptly);
    lab.tries.assertInOrder(entries);
    assert.deepEqual(new Set(lab.tries.begun.map(({ attempt }) => attempt)), new Set([1]));
  });

  test('what fails during a stop keeps its attempts, what is postponed is due for others at once', async (lab) => {
    const inbox = await lab.open({ attempts: 2, retryDelayMs: 20 });
    const gate = lab.gate();
    await inbox.put([...entriesOf('a', 2), ...entriesOf('b', 2), ...entriesOf('c', 2)]);
    await lab.start(inbox, async ({ event }) => {
      await gate.opened;
      if (event.orderingKey === 'a') return postponed(anHour);
      return failed('no', event.orderingKey === 'b');
    });
    await lab.until('three tries', () => lab.tries.running().length === 3);
    const stopping = inbox.stop();
    gate.open();
    await lab.resolves('stop()', stopping);
    assert.equal(lab.tries.begun.length, 3, `began after the stop: ${lab.tries.describe()}`);
    await lab.close(inbox);

    const next = await lab.open({ attempts: 2 });
    await lab.untilFailed(next, ['b1']);
    await lab.start(next);
    await lab.until('the rest, soon', () => lab.tries.settled.length === 8, promptly);
    lab.tries.assertInOrder([...entriesOf('a', 2), ...entriesOf('b', 2), ...entriesOf('c', 2)]);
    assert.deepEqual(
      ['a1', 'c1'].map((id) => lab.tries.of(id).map(asTry)),
      [
        Array(2).fill({ attempt: 1, last: false }),
        [
          { attempt: 1, last: false },
          { attempt: 2, last: true },
        ],
      ],
    );
    await lab.untilCounts(next, { pending: 0, failed: 1 });
  });

  test('what waits for another try when its instance stops keeps its pause', async (lab) => {
    const inbox = await lab.open({ retryDelayMs: anHour, maxRetryDelayMs: anHour });
    await inbox.put(entriesOf('a', 2));
    await lab.start(inbox, () => failed());
    await lab.until('the first try', () => lab.tries.settled.length === 1);
    await lab.tempt(inbox); // has taken the verdict by now
    await lab.end(inbox);
    const next = await lab.open();
    await lab.start(next);
    await next.put([entryOf('b1', 'b')]);
    await lab.until('the entry of another key', () => lab.tries.of('b1').length === 1);
    await lab.tempt(next);
    assert.equal(lab.tries.begun.length, 2, `tried before its time: ${lab.tries.describe()}`);
    await lab.untilCounts(next, { pending: 2, failed: 0 });
  });

  test('an instance can be started again after a stop, and gets back what it gave back', async (lab) => {
    const inbox = await lab.open({ concurrency: 1 });
    const gate = lab.gate();
    await inbox.put([...entriesOf('a', 2), ...entriesOf('b', 2)]);
    await lab.start(inbox, async () => {
      await gate.opened;
      return postponed(anHour);
    });
    await lab.until('a try', () => lab.tries.running().length === 1);
    const stopping = inbox.stop();
    gate.open();
    await lab.resolves('stop()', stopping);
    await inbox.put(entriesOf('a', 2, 3));
    await lab.tempt(inbox);
    assert.equal(lab.tries.begun.length, 1, `began after the stop: ${lab.tries.describe()}`);
    await lab.start(inbox);
    await lab.until('all six, soon', () => lab.tries.settled.length === 7, promptly);
    lab.tries.assertInOrder([...entriesOf('a', 4), ...entriesOf('b', 2)]);
    await lab.untilCounts(inbox, { pending: 0, failed: 0 });
  });

  test('a stop without a start, a second one and one beside another do no harm', async (lab) => {
    const inbox = await lab.open();
    await inbox.stop();
    await inbox.put([entryOf('one')]);
    await lab.start(inbox);
    await lab.until('the entry', () => lab.tries.settled.length === 1);
    await lab.resolves('both', Promise.all([inbox.stop(), inbox.stop()]));
    await inbox.stop();
  });

  test('closing twice does no harm', async (lab) => {
    const inbox = await lab.open();
    await inbox.put([entryOf('one')]);
    await inbox.close?.();
    await lab.close(inbox);
    const started = await lab.open();
    await lab.start(started);
    await lab.until('the entry', () => lab.tries.settled.length === 1);
    await started.stop();
    await started.close?.();
    await lab.close(started);
  });

  test('the verdict on a long try is accepted: nobody else has had the entry meanwhile', async (lab) => {
    const { longHandlerMs = subject.elapse ? 600_000 : 1_000 } = subject;
    const inbox = await lab.open();
    const gate = lab.gate();
    const handle: Respond = async ({ event }) => {
      if (event.id === 'long') await gate.opened;
      // Comes back when so much time has passed for the inbox itself.
      return event.id === 'watch' && lab.tries.of('watch').length === 1 ? postponed(longHandlerMs) : done;
    };
    await lab.start(inbox, handle);
    await inbox.put([entryOf('long', 'a'), entryOf('behind', 'a')]);
    await lab.until('the long try', () => lab.tries.running().length === 1);
    // Whichever of them has the one that tells the time.
    if (subject.capabilities.shared) await lab.start(await lab.open(), handle);
    await inbox.put([entryOf('watch')]);
    await lab.until('a lease or two to pass', () => lab.tries.settled.length === 2);
    assert.deepEqual(
      lab.tries.running().map(({ id }) => id),
      ['long'],
    );
    gate.open();
    await lab.until('the entry behind it', () => lab.tries.of('behind').length === 1);
    await lab.untilCounts(inbox, { pending: 0, failed: 0 });
    assert.equal(lab.tries.of('long').length, 1);
    lab.tries.assertInOrder([entryOf('long', 'a'), entryOf('behind', 'a')]);
  });
}
