import assert from 'node:assert/strict';
import type { Inbox } from '@chathooks/core';
import { done, entriesOf, entryOf, failed, idsOf } from './inbox-entries.ts';
import { type InboxLab, type InboxProbe, setAside } from './inbox-lab.ts';
import { asTry } from './inbox-tries.ts';

/** Tests of several instances on one prefix, and of outages. */
export function testSharing({ test, subject }: InboxProbe): void {
  const { createUnreachable, crash } = subject;

  if (subject.capabilities.shared) {
    for (const count of [2, 3]) {
      test(`${count} instances share 300 entries of 20 keys: each is tried once, in order`, async (lab) => {
        const inboxes = await openSeveral(lab, count);
        const entries = Array.from({ length: 300 }, (_, index) =>
          entryOf(`${index % 20}-${Math.floor(index / 20)}`, `chat ${index % 20}`),
        );
        const half = entries.length / 2;
        for (const [index, inbox] of [...inboxes, ...inboxes].entries()) {
          const size = half / (2 * count);
          await inbox.put(entries.slice(index * size, (index + 1) * size));
        }
        for (const inbox of inboxes) await lab.start(inbox, afterSomeTurns);
        for (let index = half; index < entries.length; index += 10) {
          await inboxes[index % count]?.put(entries.slice(index, index + 10));
        }
        await lab.until('300 entries', () => lab.tries.settled.length >= 300);
        for (const inbox of inboxes) await lab.untilCounts(inbox, { pending: 0, failed: 0 });
        lab.tries.assertInOrder(entries);
        assert.deepEqual(lab.tries.begun.map(({ id }) => id).toSorted(), idsOf(entries).toSorted());
      });
    }

    test('two instances work at the same time, but not on one key', async (lab) => {
      const [first, second] = await openSeveral(lab, 2, { concurrency: 1 });
      const gate = lab.gate();
      const hold = async () => {
        await gate.opened;
        return done;
      };
      await lab.start(first, hold);
      await first.put(entriesOf('a', 2));
      await lab.until('a1', () => lab.tries.running().length === 1);
      await lab.start(second, hold);
      await lab.tempt(second);
      assert.equal(lab.tries.begun.length, 1, `began during a1: ${lab.tries.describe()}`);
      await first.put(entriesOf('b', 1));
      await lab.until('an entry in each instance', () => lab.tries.running().length === 2);
      gate.open();
      await lab.until('all three', () => lab.tries.settled.length === 3);
      lab.tries.assertInOrder([...entriesOf('a', 2), ...entriesOf('b', 1)]);
    });

    test('what one instance stores another hands out', async (lab) => {
      const [web, worker] = await openSeveral(lab, 2);
      await lab.start(worker);
      await web.put(entriesOf('a', 3));
      await lab.until('three entries', () => lab.tries.settled.length === 3);
      lab.tries.assertInOrder(entriesOf('a', 3));
      await lab.untilCounts(web, { pending: 0, failed: 0 });
    });

    test('an entry that failed here may be tried again there', async (lab) => {
      const [here, there] = await openSeveral(lab, 2, { attempts: 2 });
      const gate = lab.gate();
      await here.put(entriesOf('a', 2));
      await lab.start(here, async () => {
        await gate.opened;
        return failed();
      });
      await lab.until('the first try', () => lab.tries.running().length === 1);
      await lab.start(there);
      const stopping = here.stop();
      gate.open();
      await lab.resolves('stop()', stopping);
      await lab.until(
        'the end of both',
        () => lab.tries.settled.filter(({ verdict }) => verdict === done).length === 2,
      );
      lab.tries.assertInOrder(entriesOf('a', 2));
      await lab.untilCounts(there, { pending: 0, failed: 0 });
    });

    test('what a stopped instance gives back goes to those that work already', async (lab) => {
      const [leaving, staying] = await openSeveral(lab, 2);
      const gate = lab.gate();
      await leaving.put(entriesOf('a', 20));
      await lab.start(leaving, async () => {
        await gate.opened;
        return done;
      });
      await lab.until('a1', () => lab.tries.running().length === 1);
      await lab.start(staying);
      const stopping = leaving.stop();
      gate.open();
      await lab.resolves('stop()', stopping);
      await lab.until('the rest, soon', () => lab.tries.settled.length === 20, { withinMs: 5_000 });
      lab.tries.assertInOrder(entriesOf('a', 20));
    });

    test('what one instance set aside another lists and brings back', async (lab) => {
      const [here, there] = await openSeveral(lab, 2);
      await here.put([entryOf('one'), entryOf('two')]);
      await lab.start(here, () => (lab.tries.begun.length <= 2 ? failed('no', true) : done));
      await lab.untilCounts(there, { pending: 0, failed: 2 });
      assert.equal(await there.failed.retry('one'), true);
      assert.equal(await there.failed.discard('two'), true);
      await lab.until('the one that was brought back', () => lab.tries.settled.length === 3);
      await lab.untilFailed(here, []);
      await lab.untilCounts(here, { pending: 0, failed: 0 });
    });
  }

  if (crash) {
    test('what a put has stored survives a crash', async (lab) => {
      const first = await lab.open();
      await first.put(entriesOf('a', 3));
      await lab.crash(first);
      const second = await lab.open();
      await lab.start(second);
      await lab.until('three entries', () => lab.tries.settled.length === 3);
      lab.tries.assertInOrder(entriesOf('a', 3));
    });

    test('what was being tried in a crash is tried again, and its key is not overtaken meanwhile', async (lab) => {
      const first = await lab.open({ concurrency: 2 });
      const never = new Promise<never>(() => {});
      await first.put([...entriesOf('a', 3), ...entriesOf('b', 3)]);
      await lab.start(first, () => never);
      await lab.until('two tries', () => lab.tries.running().length === 2);
      await lab.crash(first);
      const second = await lab.open();
      await lab.start(second);
      await second.put(entriesOf('a', 1, 4));
      await lab.until('the seven entries', () => lab.tries.settled.length === 7);
      lab.tries.assertInOrder([...entriesOf('a', 4), ...entriesOf('b', 3)]);
      for (const id of ['a1', 'b1']) {
        assert.deepEqual(lab.tries.of(id).map(asTry), [
          { attempt: 1, last: false },
          { attempt: 2, last: false },
        ]);
      }
      await lab.untilCounts(second, { pending: 0, failed: 0 });
    });

    test('what kills its process at each of its attempts is set aside, and its key goes on', async (lab) => {
      const attempts = 2;
      const never = new Promise<never>(() => {});
      for (const attempt of [1, 2]) {
        const doomed = await lab.open({ attempts });
        if (attempt === 1) await doomed.put(entriesOf('a', 2));
        await lab.start(doomed, () => never);
        await lab.until(`attempt ${attempt}`, () => lab.tries.of('a1').length === attempt);
        await lab.crash(doomed);
      }
      const last = await lab.open({ attempts });
      await lab.start(last);
      await lab.until('the entry behind it', () => lab.tries.of('a2').length === 1);
      const [entry] = await lab.untilFailed(last, ['a1']);
      assert.equal(entry?.attempts, 2);
      assert.match(entry.reason.code, /^[a-z_]+$/);
      lab.tries.assertInOrder(entriesOf('a', 2));
      assert.deepEqual(lab.tries.of('a1').map(asTry), [
        { attempt: 1, last: false },
        { attempt: 2, last: true },
      ]);
    });
  }

  if (createUnreachable) {
    test('an inbox without a connection throws, and never says that there is nothing', async (lab) => {
      const inbox = await createUnreachable();
      try {
        const calls = {
          'put()': inbox.put([entryOf('one')]),
          'start()': lab.start(inbox),
          'counts()': inbox.counts(),
          'failed.list()': setAside(inbox),
          'failed.retry()': inbox.failed.retry('one'),
          'failed.discard()': inbox.failed.discard('one'),
        };
        const all = Promise.allSettled(Object.values(calls));
        for (const [name, call] of Object.entries(calls)) {
          await lab.rejects(name, call);
        }
        await all;
      } finally {
        await lab.end(inbox);
      }
    });
  }
}

type Several<T> = readonly [T, T, ...T[]];

async function openSeveral(lab: InboxLab, count: number, settings = {}): Promise<Several<Inbox>> {
  const first = await lab.open(settings);
  const second = await lab.open(settings);
  const others = [];
  for (let index = 2; index < count; index++) others.push(await lab.open(settings));
  return [first, second, ...others];
}

/** So that tries end in another order than they began. */
async function afterSomeTurns() {
  for (let turns = Math.random() * 5; turns > 0; turns--) await new Promise(setImmediate);
  return done;
}
