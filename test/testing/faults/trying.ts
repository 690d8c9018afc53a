import { adds, breaks, type Fault } from './fault.ts';

const triedAgain = "if (verdict.state === 'failed' && !verdict.permanent && !trial.last) {";
const paused = 'row.dueAt = now + retryDelay(settings, row.tries);';
const inNext = 'for (const row of storage.rows) {\n      const isBehind';
const setAside = 'storage.failed.push({ id, entry: entryOf(row), attempts, failedAt, reason: verdict.reason });';
const inOrder = 'entries of one key are tried one at a time, in the order of one put and of several';
const whileTried = 'while an entry is tried, those behind it in its key wait and others go on';
const whileWaiting = 'while an entry waits for its next try, those behind it in its key wait and others go on';
const longRow = 'a long row behind one entry does not hold up the other keys';
const triedAgainAndCounted = 'an entry that failed is tried again, with its attempts counted';
const onLastTry = 'an entry that fails on its last try is set aside, and its key goes on';
const pauses = 'the pause before another try doubles, is varied by up to half, and has a longest';
const keepsPlace = 'an entry that is postponed loses no attempt and keeps its place in its key';
const countsPending = 'what waits for another try, or is being tried, is pending';
const tells = 'tells what was set aside, when and why, the oldest first';
const stops = 'a stop waits for the verdicts, begins nothing new and hands back the rest';
const share = [2, 3].map((count) => `${count} instances share 300 entries of 20 keys: each is tried once, in order`);
const crashed = 'what was being tried in a crash is tried again, and its key is not overtaken meanwhile';

/** Faults in what is tried, when, and how often. */
export const tryingFaults: readonly Fault[] = [
  breaks(
    'tries what came last first',
    inNext,
    inNext.replace('storage.rows', 'storage.rows.toReversed()'),
    inOrder,
    'entries of several keys in one put keep the order of each',
    ...share,
  ),
  breaks(
    'has one key for all',
    'key: entry.event.orderingKey',
    "key: entry.event.orderingKey && 'all'",
    'entries of different keys are tried at the same time',
    whileTried,
    whileWaiting,
    longRow,
  ),
  breaks(
    'has one key for all without',
    'key: entry.event.orderingKey',
    "key: entry.event.orderingKey ?? ''",
    'entries without a key are tried at the same time',
  ),
  breaks(
    'ignores concurrency',
    'running.size < settings.concurrency',
    'running.size < 1_000',
    'no more than `concurrency` entries are tried at a time',
    stops,
  ),
  breaks(
    'lets an entry overtake one that is tried',
    'if (row.key !== undefined) keys',
    'if (row.key !== undefined && row.owner === undefined) keys',
    inOrder,
    whileTried,
    ...share,
  ),
  breaks(
    'lets an entry overtake one that waits',
    'if (row.key !== undefined) keys',
    'if (row.key !== undefined && row.dueAt <= clock.now()) keys',
    whileWaiting,
    triedAgainAndCounted,
    keepsPlace,
  ),
  adds(
    'waits for another try where others could be tried',
    paused,
    'await new Promise<void>((resolve) => clock.setTimeout(resolve, row.dueAt - now));',
    whileWaiting,
  ),
  breaks('looks at 100 entries only', inNext, inNext.replace('rows', 'rows.slice(0, 100)'), longRow),

  adds('loses what failed', triedAgain, 'storage.rows = storage.rows.filter((r) => r !== row);', triedAgainAndCounted),
  breaks('counts no attempts', 'row.tries += 1', 'row.tries = 1', triedAgainAndCounted, crashed),
  breaks('forgets what failed for good', setAside, 'void [attempts, failedAt];', onLastTry, tells),
  adds('blocks a key behind what was set aside', setAside, 'row.dueAt = now + 1e9; return;', onLastTry),
  breaks(
    'never has a last try that is the first',
    'row.tries >= settings.attempts',
    'row.tries >= Math.max(2, settings.attempts)',
    'with one attempt, the first try is the last',
  ),
  breaks(
    'tries again what failed for good',
    ' && !verdict.permanent',
    '',
    'an entry that failed for good is set aside at once, and its key goes on',
  ),
  breaks('pauses as long each time', paused, paused.replace('row.tries', '1'), pauses),
  breaks('pauses longer and longer', paused, 'row.dueAt = now + settings.retryDelayMs * 2 ** (row.tries - 1);', pauses),
  breaks('counts what was postponed', 'row.tries -= 1;', '', keepsPlace),
  breaks(
    'does not postpone',
    'handle ? now + verdict.delayMs : now',
    'now',
    'an entry that is postponed is not tried before its delay is over',
  ),
  breaks(
    'waits for the verdict of a handler that rejected',
    '.catch(rejected)',
    '.catch(() => new Promise<never>(() => void rejected))',
    'a handler that breaks its contract and rejects has failed a try, and the inbox goes on',
  ),
  breaks(
    'counts only what is not being tried',
    'pending: storage.rows.length',
    'pending: storage.rows.filter(({ owner }) => !owner).length',
    countsPending,
  ),
  breaks(
    'counts only what is due',
    'pending: storage.rows.length',
    'pending: storage.rows.filter(({ dueAt }) => dueAt <= clock.now()).length',
    countsPending,
  ),
];
