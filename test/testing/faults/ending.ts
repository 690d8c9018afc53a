import { adds, breaks, type Fault } from './fault.ts';

const begin = 'const settings = inboxSettings(options);';
const settled = 'row.owner = undefined;\n    const now = clock.now();';
const paused = 'row.dueAt = now + retryDelay(settings, row.tries);';
const setAside = 'storage.failed.push({ id, entry: entryOf(row), attempts, failedAt, reason: verdict.reason });';
const stopping = 'async stop() {\n      leave();';
const crashing = 'if (row.owner === life) row.owner = undefined;';
const tells = 'tells what was set aside, when and why, the oldest first';
const stops = 'a stop waits for the verdicts, begins nothing new and hands back the rest';
const duringStop = 'what fails during a stop keeps its attempts, what is postponed is due for others at once';
const startsAgain = 'an instance can be started again after a stop, and gets back what it gave back';
const share = [2, 3].map((count) => `${count} instances share 300 entries of 20 keys: each is tried once, in order`);
const crashed = 'what was being tried in a crash is tried again, and its key is not overtaken meanwhile';

/** Faults in what was set aside, in stops and crashes, and beside other instances. */
export const endingFaults: readonly Fault[] = [
  breaks('lists the newest first', 'yield* storage.failed', 'yield* storage.failed.toReversed()', tells),
  breaks('tells the time in other words', 'new Date(now).toISOString()', 'String(new Date(now))', tells),
  breaks(
    'keeps for ever what was set aside',
    'failed.failedAt > oldest',
    'true || oldest',
    'what was set aside is kept for keepFailedMs, and gone by the time that another is',
  ),
  breaks(
    'forgets at once what was set aside',
    'failed.failedAt > oldest',
    'false && oldest',
    'what was set aside is kept for keepFailedMs, and gone by the time that another is',
  ),
  breaks(
    'lists 100 only',
    'yield* storage.failed',
    'yield* storage.failed.slice(0, 100)',
    'lists many that were set aside, and lets the reader stop early',
  ),
  breaks(
    'goes on counting after it brought one back',
    'storage.rows.push(rowOf(found.entry))',
    'storage.rows.push({ ...rowOf(found.entry), tries: found.attempts })',
    'one that is brought back has all its attempts before it, and may end well',
  ),
  breaks(
    'sets an entry aside only once',
    setAside,
    `if (!((storage as any).once ??= {})[id]) ${setAside} (storage as any).once[id] = true;`,
    'one that is brought back and fails again is set aside again',
  ),
  breaks(
    'brings back to the front',
    'storage.rows.push(rowOf(found.entry))',
    'storage.rows.unshift(rowOf(found.entry))',
    'one that is brought back stands behind the others of its key',
  ),
  breaks(
    'discards nothing',
    'return take(id) !== undefined',
    'return storage.failed.some((failed) => failed.id === id)',
    'one that is discarded is gone',
  ),
  breaks(
    'discards what is pending',
    'return take(id) !== undefined',
    'storage.rows = storage.rows.filter((row) => row.id !== id); return take(id) !== undefined',
    'ids of none that was set aside are answered with false, and change nothing',
  ),
  breaks(
    'says that it brought back what is not there',
    'if (!found) return false',
    'if (!found) return true',
    'ids of none that was set aside are answered with false, and change nothing',
  ),
  adds(
    'keeps what was set aside to itself',
    begin,
    'storage = Object.defineProperty(Object.create(storage), "rows", { get: () => shared.rows, set: (rows) => { shared.rows = rows; } });' +
      'const shared = Object.getPrototypeOf(storage); storage.failed = [];',
    'what was set aside outlives the instance',
    'what one instance set aside another lists and brings back',
  ),

  breaks('does not wait for handlers', 'await Promise.all(running);', '', stops),
  breaks('goes on after a stop', stopping, 'async stop() {', stops, startsAgain),
  adds(
    'drops what it has not begun',
    stopping,
    'storage.rows = storage.rows.filter(({ owner }) => owner);',
    stops,
    startsAgain,
  ),
  adds(
    'gives nothing back',
    stopping,
    'for (const row of storage.rows) row.owner ??= life;',
    stops,
    startsAgain,
    'what a stopped instance gives back goes to those that work already',
  ),
  breaks(
    'postpones during a stop',
    'handle ? now + verdict.delayMs : now',
    'now + verdict.delayMs',
    duringStop,
    startsAgain,
  ),
  adds('forgets attempts of a stop', settled, 'if (!handle) row.tries = 0;', duringStop),
  adds(
    'makes everything due in a stop',
    stopping,
    'for (const row of storage.rows) row.dueAt = clock.now();',
    'what waits for another try when its instance stops keeps its pause',
  ),
  breaks(
    'cannot stop what does not run',
    stopping,
    `async stop() {\n if (!handle) throw new Error('');\n leave();`,
    'a stop without a start, a second one and one beside another do no harm',
  ),
  breaks(
    'closes once only',
    'async close() {}',
    "async close() { if (!life) throw new Error(''); life = undefined as never; }",
    'closing twice does no harm',
  ),
  adds(
    'lets a lease end under a handler',
    'row.owner = life;',
    'clock.setTimeout(() => { row.owner = undefined; wakeAll(); }, 60_000);',
    'the verdict on a long try is accepted: nobody else has had the entry meanwhile',
  ),

  breaks(
    'takes what others have',
    'row.owner === undefined && row',
    'row.owner !== life && row',
    'two instances work at the same time, but not on one key',
    ...share,
  ),
  breaks(
    'works in one instance at a time',
    'while (handle && ',
    'while (handle && storage.rows.every(({ owner }) => !owner || owner === life) && ',
    'two instances work at the same time, but not on one key',
  ),
  adds(
    'tries again only where it failed',
    paused,
    'row.owner = life; clock.setTimeout(() => { if (handle) row.owner = undefined; work(); }, row.dueAt - now);',
    'an entry that failed here may be tried again there',
  ),
  breaks(
    'goes on with what kills its process',
    'row.tries > settings.attempts',
    'row.tries > 1_000',
    'what kills its process at each of its attempts is set aside, and its key goes on',
  ),
  breaks('leaves what was being tried', crashing, '{}', crashed),
  breaks(
    'puts what was being tried last',
    'for (const row of storage.rows) if (row.owner === life) row.owner = undefined;',
    'for (const row of storage.rows) if (row.owner === life) {' +
      'row.owner = undefined; storage.rows = [...storage.rows.filter((r) => r !== row), row]; }',
    crashed,
  ),
  breaks(
    'hides an outage',
    "throw new Error('The storage is down');",
    'return;',
    'an inbox without a connection throws, and never says that there is nothing',
  ),
];
