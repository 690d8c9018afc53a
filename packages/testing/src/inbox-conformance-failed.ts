import assert from 'node:assert/strict';
import { done, entriesOf, entryOf, failed, idsOf } from './inbox-entries.ts';
import type { InboxProbe } from './inbox-lab.ts';
import { asTry } from './inbox-tries.ts';

/** Tests of the entries that were set aside. */
export function testFailed({ test, subject }: InboxProbe): void {
  test('tells what was set aside, when and why, the oldest first', async (lab) => {
    const inbox = await lab.open({ attempts: 2 });
    const [first, second] = [entryOf('first', 'key', { raw: { text: '👋🏽\u0000' } }), entryOf('second')];
    await lab.start(inbox, ({ event }) => failed(`no ${event.id}: "€\u0000"`, event.id === 'second'));
    await inbox.put([first]);
    await lab.untilFailed(inbox, ['first']);
    await lab.later(inbox);
    await inbox.put([second]);
    const list = await lab.untilFailed(inbox, ['first', 'second']);
    const failedAt = list.map((one) => one.failedAt);
    assert.deepEqual(list, [
      {
        id: 'first',
        entry: first,
        attempts: 2,
        failedAt: failedAt[0],
        reason: { code: 'handler_failed', message: 'no first: "€\u0000"' },
      },
      {
        id: 'second',
        entry: second,
        attempts: 1,
        failedAt: failedAt[1],
        reason: { code: 'handler_failed', message: 'no second: "€\u0000"' },
      },
    ]);
    for (const time of failedAt) assert.equal(new Date(time).toISOString(), time, 'failedAt is ISO-8601, UTC');
  });

  test('lists many that were set aside, and lets the reader stop early', async (lab) => {
    const inbox = await lab.open();
    const entries = entriesOf('a', 120);
    await inbox.put(entries);
    await lab.start(inbox, () => failed('no', true));
    await lab.until('120 tries', () => lab.tries.settled.length === 120);
    await lab.untilFailed(inbox, idsOf(entries));
    for await (const { id } of inbox.failed.list()) {
      assert.equal(await inbox.failed.discard(id), true, 'a reader that discards what it reads, and stops early');
      break;
    }
    await lab.untilCounts(inbox, { pending: 0, failed: 119 });
  });

  test('one that is brought back has all its attempts before it, and may end well', async (lab) => {
    const inbox = await lab.open({ attempts: 2 });
    let healthy = false;
    await lab.start(inbox, () => (healthy ? done : failed()));
    await inbox.put([entryOf('one', 'key')]);
    await lab.untilFailed(inbox, ['one']);
    healthy = true;
    assert.equal(await inbox.failed.retry('one'), true);
    await lab.until('it to be tried again', () => lab.tries.settled.length === 3);
    assert.deepEqual(lab.tries.begun.map(asTry), [
      { attempt: 1, last: false },
      { attempt: 2, last: true },
      { attempt: 1, last: false },
    ]);
    await lab.untilCounts(inbox, { pending: 0, failed: 0 });
    await lab.untilFailed(inbox, []);
    assert.equal(await inbox.failed.retry('one'), false, 'it is set aside no longer');
  });

  test('one that is brought back and fails again is set aside again', async (lab) => {
    const inbox = await lab.open({ attempts: 2 });
    await lab.start(inbox, () => failed());
    await inbox.put([entryOf('one')]);
    await lab.untilFailed(inbox, ['one']);
    assert.equal(await inbox.failed.retry('one'), true);
    await lab.until('its tries', () => lab.tries.settled.length === 4);
    const [again] = await lab.untilFailed(inbox, ['one']);
    assert.equal(again?.attempts, 2);
    assert.deepEqual(
      lab.tries.begun.map(({ attempt }) => attempt),
      [1, 2, 1, 2],
    );
  });

  test('one that is brought back stands behind the others of its key', async (lab) => {
    const inbox = await lab.open();
    const gate = lab.gate();
    await lab.start(inbox, async ({ event }) => {
      if (event.id === 'a1' && lab.tries.of('a1').length === 1) return failed('no', true);
      if (event.id === 'a2') await gate.opened;
      return done;
    });
    await inbox.put(entriesOf('a', 3));
    await lab.untilFailed(inbox, ['a1']);
    await lab.until('a2', () => lab.tries.running().length === 1);
    assert.equal(await inbox.failed.retry('a1'), true);
    await lab.untilCounts(inbox, { pending: 3, failed: 0 });
    await inbox.put(entriesOf('a', 1, 4));
    gate.open();
    await lab.until('all of them', () => lab.tries.settled.length === 5);
    assert.deepEqual(
      lab.tries.begun.map(({ id }) => id),
      ['a1', 'a2', 'a3', 'a1', 'a4'],
    );
  });

  test('one that is discarded is gone', async (lab) => {
    const inbox = await lab.open();
    await lab.start(inbox, () => failed('no', true));
    await inbox.put([entryOf('one'), entryOf('two')]);
    await lab.untilCounts(inbox, { pending: 0, failed: 2 });
    assert.equal(await inbox.failed.discard('one'), true);
    await lab.untilFailed(inbox, ['two']);
    await lab.untilCounts(inbox, { pending: 0, failed: 1 });
    assert.equal(await inbox.failed.discard('one'), false, 'it is gone');
    assert.equal(await inbox.failed.retry('one'), false, 'it is gone');
  });

  test('ids of none that was set aside are answered with false, and change nothing', async (lab) => {
    const inbox = await lab.open();
    const gate = lab.gate();
    await inbox.put(entriesOf('a', 2));
    await lab.start(inbox, async () => {
      await gate.opened;
      return done;
    });
    await lab.until('the first entry', () => lab.tries.running().length === 1);
    for (const id of ['a1', 'a2', 'unknown', '', '*', '1', 'constructor']) {
      assert.equal(await inbox.failed.retry(id), false, `retry(${JSON.stringify(id)})`);
      assert.equal(await inbox.failed.discard(id), false, `discard(${JSON.stringify(id)})`);
    }
    gate.open();
    await lab.until('both entries', () => lab.tries.settled.length === 2);
    await lab.untilCounts(inbox, { pending: 0, failed: 0 });
    assert.equal(lab.tries.begun.length, 2);
  });

  test('what was set aside outlives the instance', async (lab) => {
    const first = await lab.open();
    await first.put([entryOf('one')]);
    await lab.start(first, () => failed('no', true));
    await lab.untilFailed(first, ['one']);
    await lab.end(first);
    const second = await lab.open();
    await lab.untilFailed(second, ['one']);
    assert.equal(await second.failed.retry('one'), true);
    await lab.start(second);
    await lab.untilCounts(second, { pending: 0, failed: 0 });
    assert.equal(lab.tries.settled.length, 2);
  });

  if (subject.elapse) {
    test('what was set aside is kept for keepFailedMs, and gone by the time that another is', async (lab) => {
      const inbox = await lab.open({ keepFailedMs: 60_000 });
      await lab.start(inbox, () => failed('no', true));
      await inbox.put([entryOf('one')]);
      await lab.untilFailed(inbox, ['one']);
      await lab.pass(50_000);
      await inbox.put([entryOf('two')]);
      await lab.untilFailed(inbox, ['one', 'two']);
      await lab.pass(3_600_000);
      await inbox.put([entryOf('three')]);
      await lab.until('the third', () => lab.tries.settled.length === 3);
      await lab.untilFailed(inbox, ['three']);
      await lab.untilCounts(inbox, { pending: 0, failed: 1 });
    });
  }
}
