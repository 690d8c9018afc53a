import assert from 'node:assert/strict';
import { hasErrorCode, type InboxEntry } from '@chathooks/core';
import { done, entriesOf, entryOf, failed, idsOf } from './inbox-entries.ts';
import type { InboxProbe } from './inbox-lab.ts';

/** Tests of what an inbox does with what is put into it. */
export function testStoring({ test }: InboxProbe): void {
  test('entries come out as they went in', async (lab) => {
    const entries = Object.entries(oddValues).map(([name, raw]) => ({
      ...entryOf(name, undefined, { raw }),
      secretName: `the ${name} secret 🗝️`,
    }));
    const inbox = await lab.open();
    await inbox.put(entries);
    await lab.start(inbox);
    await lab.until('every entry to be tried', () => lab.tries.settled.length >= entries.length);
    for (const entry of entries) assertSame(lab.tries.of(entry.event.id)[0]?.entry, entry);
  });

  test('an entry is handed out whether it was put before the start or after', async (lab) => {
    const inbox = await lab.open();
    await inbox.put([entryOf('before')]);
    await lab.start(inbox);
    await lab.until('the entry from before', () => lab.tries.settled.length === 1);
    await lab.tempt(inbox); // has nothing to do any more
    await inbox.put([entryOf('after')]);
    await lab.until('the entry from after', () => lab.tries.settled.length === 2);
    assert.deepEqual(
      lab.tries.settled.map(({ id, attempt, last }) => ({ id, attempt, last })),
      [
        { id: 'before', attempt: 1, last: false },
        { id: 'after', attempt: 1, last: false },
      ],
    );
  });

  test('a handler may put entries itself', async (lab) => {
    const inbox = await lab.open({ concurrency: 1 });
    await lab.start(inbox, async ({ event }) => {
      if (event.id === 'a1') await inbox.put([...entriesOf('a', 1, 2), entryOf('b1', 'b')]);
      return done;
    });
    await inbox.put(entriesOf('a', 1));
    await lab.until('all three', () => lab.tries.settled.length === 3);
    lab.tries.assertInOrder([...entriesOf('a', 2), entryOf('b1', 'b')]);
  });

  test('what a put has stored is there for an instance that opens later', async (lab) => {
    const first = await lab.open();
    await first.put(entriesOf('a', 3));
    await lab.close(first);
    const second = await lab.open();
    await lab.untilCounts(second, { pending: 3, failed: 0 });
    await lab.start(second);
    await lab.until('three entries', () => lab.tries.settled.length === 3);
    lab.tries.assertInOrder(entriesOf('a', 3));
  });

  test('a put of nothing stores nothing', async (lab) => {
    const inbox = await lab.open();
    await inbox.put([]);
    await lab.untilCounts(inbox, { pending: 0, failed: 0 });
    await inbox.put([entryOf('one')]);
    await lab.untilCounts(inbox, { pending: 1, failed: 0 });
  });

  test('a put of 1,000 entries stores them all', async (lab) => {
    const inbox = await lab.open();
    await inbox.put(Array.from({ length: 20 }, (_, chat) => entriesOf(`chat${chat}-`, 50)).flat());
    await lab.untilCounts(inbox, { pending: 1_000, failed: 0 });
  });

  test('inboxes with different prefixes do not meet', async (lab) => {
    const inbox = await lab.open();
    const other = await lab.open({}, `${lab.prefix}-other`);
    const gate = lab.gate();
    await inbox.put([entryOf('one', 'key')]);
    await lab.start(inbox, async () => {
      await gate.opened;
      return failed('no', true);
    });
    await lab.until('the entry', () => lab.tries.running().length === 1);
    await other.put([entryOf('two', 'key')]);
    await lab.untilCounts(inbox, { pending: 1, failed: 0 });
    await lab.start(other);
    await lab.until('the entry of the other', () => lab.tries.settled.length === 1);
    gate.open();
    await lab.untilFailed(inbox, ['one']);
    await lab.untilFailed(other, []);
    assert.equal(await other.failed.discard('one'), false);
  });

  test('ids and ordering keys of any length and with any characters are told apart', async (lab) => {
    const inbox = await lab.open();
    const entries = oddNames.flatMap((name) => [entryOf(`${name} 1`, name), entryOf(name, name)]);
    await inbox.put(entries);
    await lab.start(inbox, ({ event }) => (event.id === event.orderingKey ? failed('no', true) : done));
    await lab.untilCounts(inbox, { pending: 0, failed: oddNames.length });
    lab.tries.assertInOrder(entries);
    assert.deepEqual(idsOf(lab.tries.begun.map(({ entry }) => entry)).toSorted(), idsOf(entries).toSorted());
    for (const name of oddNames) assert.equal(await inbox.failed.discard(name), true, JSON.stringify(name));
    await lab.untilCounts(inbox, { pending: 0, failed: 0 });
  });

  test('an id that is put twice while it is pending is tried, and leaves nothing behind', async (lab) => {
    const inbox = await lab.open();
    const twice = entryOf('twice', 'key');
    await inbox.put([twice, twice]);
    await inbox.put([entryOf('other', 'key'), twice]);
    await lab.start(inbox);
    await lab.untilCounts(inbox, { pending: 0, failed: 0 });
    assert.ok(lab.tries.of('twice').length >= 1, 'it was not tried');
    assert.equal(lab.tries.of('other').length, 1, 'the other entry of that put was not tried once');
  });

  test('an id that is put again after it was set aside does no harm', async (lab) => {
    const inbox = await lab.open();
    await inbox.put([entryOf('again', 'key')]);
    await lab.start(inbox, ({ event }) => (event.id === 'again' ? failed('no', true) : done));
    await lab.untilFailed(inbox, ['again']);
    await inbox.put([entryOf('again', 'key'), entryOf('other', 'key')]);
    await lab.until('the other entry of that put', () => lab.tries.of('other').length === 1);
    await lab.untilFailed(inbox, ['again']);
    assert.equal(await inbox.failed.discard('again'), true);
    await lab.untilCounts(inbox, { pending: 0, failed: 0 });
  });

  test('an id that was done can come again', async (lab) => {
    const inbox = await lab.open();
    await lab.start(inbox);
    for (const times of [1, 2, 3]) {
      await inbox.put([entryOf('again', 'key')]);
      await lab.until(`try ${times}`, () => lab.tries.settled.length === times);
      await lab.untilCounts(inbox, { pending: 0, failed: 0 });
    }
  });

  test('a full inbox refuses with inbox_full and stores nothing of that put, until there is room again', async (lab) => {
    const inbox = await lab.open({ maxPending: 5 });
    await inbox.put(entriesOf('a', 3));
    await inbox.put(entriesOf('b', 2));
    await assertFull(inbox.put([entryOf('refused')]));
    await assertFull(inbox.put([entryOf('refused too'), ...entriesOf('refused', 3)]));
    await lab.untilCounts(inbox, { pending: 5, failed: 0 });
    await lab.start(inbox);
    await lab.untilCounts(inbox, { pending: 0, failed: 0 });
    await inbox.put(entriesOf('c', 5));
    await lab.untilCounts(inbox, { pending: 0, failed: 0 });
    assert.deepEqual(
      idsOf(lab.tries.begun.map(({ entry }) => entry)).toSorted(),
      idsOf([...entriesOf('a', 3), ...entriesOf('b', 2), ...entriesOf('c', 5)]),
    );
  });

  test('what is being tried takes up room, what was set aside does not', async (lab) => {
    const inbox = await lab.open({ maxPending: 1 });
    const gate = lab.gate();
    await inbox.put([entryOf('first')]);
    await lab.start(inbox, async () => {
      await gate.opened;
      return failed('no', true);
    });
    await lab.until('the first entry', () => lab.tries.running().length === 1);
    await assertFull(inbox.put([entryOf('second')]));
    gate.open();
    await lab.untilFailed(inbox, ['first']);
    await inbox.put([entryOf('third')]);
    await lab.untilFailed(inbox, ['first', 'third']);
  });
}

async function assertFull(put: Promise<void>): Promise<void> {
  await assert.rejects(put, (error) => {
    assert.ok(hasErrorCode(error, 'inbox_full'), `expected a ChathooksError inbox_full, saw ${String(error)}`);
    return true;
  });
}

/** As JSON sees it: `deepEqual` of objects, and of their own keys called `__proto__`. */
function assertSame(seen: InboxEntry | undefined, expected: InboxEntry): void {
  assert.deepEqual(seen, expected);
  assert.equal(sorted(seen), sorted(expected), `the JSON of ${expected.event.id}`);
}

/** JSON whose keys are in alphabetical order, since storage may keep them in any. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))
      : part,
  );

const oddValues: Readonly<Record<string, unknown>> = {
  emoji: '👋🏽 👨‍👩‍👧 é e\u0301',
  'U+0000': { text: 'a\u0000b', 'key\u0000': '\u0000' },
  'lone surrogates': { text: '\ud83d', reversed: '\udc4b\ud83d' },
  'long text': 'é🙂x'.repeat(75_000),
  nulls: { a: null, b: [null, { c: null }], '': null },
  'empty values': { text: '', list: [], object: {}, lists: [[], [{}]] },
  numbers: [0, -1, 0.1, 1e-7, 1e21, 2 ** 53 - 1, -(2 ** 53 - 1), Number.MAX_VALUE, Number.MIN_VALUE],
  'odd keys': JSON.parse(
    '{"__proto__":{"polluted":true},"constructor":{"prototype":1},"toJSON":"text","$ref":"#","0":1}',
  ),
  'odd characters': '\\ \\u0000 " \' ` \r\n\t\u2028\u2029 </script> %s $1 ? :name ; --',
  'a deep object': JSON.parse(`${'{"a":['.repeat(100)}${']}'.repeat(100)}`),
  'a number': 1,
  'a list': ['a', 1, true, false],
  nothing: null,
};

const long = 'x'.repeat(2_000);

const oddNames = [
  '1',
  '01',
  ' ',
  ':',
  'shop:message:1',
  'shop:message:1:2',
  '*',
  '%',
  '_',
  '{}',
  '{key}',
  '\\',
  "'",
  '"',
  '\n',
  '\u0000',
  'é',
  'e\u0301',
  '👋🏽',
  'A',
  'a',
  '__proto__',
  'constructor',
  'null',
  `${long}1`,
  `${long}2`,
];
