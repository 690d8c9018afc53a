import { idOf, nameOf } from './deliveries.ts';
import { isOpen, type Records, type Run } from './records.ts';

/** What the records say against a promise. Each finding names the event and its runs. */
export interface Findings {
  /** Acknowledged, and no run of its handler ended. */
  readonly lost: readonly string[];
  /** Handled again although the dedup store had been told of the first time, or although nothing was in the way of telling it. */
  readonly doubles: readonly string[];
  /** Handled again because nobody was left to tell the dedup store: permitted, as long as it is rare. */
  readonly excused: readonly string[];
  /** Begun while it was being handled already, by a process that lived and held the lease. */
  readonly overlaps: readonly string[];
  /** Begun before an earlier event of its chat was done. */
  readonly disorder: readonly string[];
}

/** As it should be. */
export const nothingFound: Findings = { lost: [], doubles: [], excused: [], overlaps: [], disorder: [] };

/**
 * @param acknowledged - ids of the events that a sender was told are taken
 * @param excuse - what may keep a process from telling the dedup store that an event was handled: its own death, or that
 * the store was away
 */
export function findingsOf(
  records: Records,
  acknowledged: ReadonlySet<string>,
  excuse: 'kill' | 'outage' | 'none' = 'kill',
): Findings {
  records.refresh();
  const tell = (id: string) => `${id}: ${records.runsOf(id).map(describeRun).join('; ') || 'no run'}`;
  const ids = [...new Set([...acknowledged, ...records.runs.map(({ id }) => id)])];
  const excused = (run: Run) =>
    run.settled === undefined && (excuse === 'outage' || (excuse === 'kill' && run.killed !== undefined));
  const twice = ids.filter((id) => endedRuns(records, id).length > 1);
  // The last run has nothing to answer for: nobody handled the event after it.
  const isExcused = (id: string) => endedRuns(records, id).slice(0, -1).every(excused);
  return {
    lost: ids.filter((id) => acknowledged.has(id) && endedRuns(records, id).length === 0).map(tell),
    doubles: twice.filter((id) => !isExcused(id)).map(tell),
    excused: twice.filter(isExcused).map(tell),
    overlaps: ids.filter((id) => overlaps(records.runsOf(id))).map(tell),
    disorder: disordered(records).map(tell),
  };
}

const endedRuns = (records: Records, id: string) => records.runsOf(id).filter(({ ended }) => ended !== undefined);

/** Until when a run holds its event, as far as its process can know. */
const heldUntil = (run: Run): number =>
  Math.min(...[run.ended, run.failed, run.aborted, run.killed].map((line) => line ?? Number.POSITIVE_INFINITY));

const overlaps = (runs: readonly Run[]): boolean =>
  runs.some((run, index) => runs.slice(0, index).some((earlier) => run.begun < heldUntil(earlier)));

/** Events that began out of their turn: each waits until the one before it is done, also when that has to be tried again. */
function disordered(records: Records): readonly string[] {
  const chats = Map.groupBy(records.runs, ({ id }) => nameOf(id).chat);
  const wrong = [...chats.values()].flatMap((runs) => runs.filter((run, index) => !inTurn(run, runs.slice(0, index))));
  return [...new Set(wrong.map(({ id }) => id))];

  function inTurn(run: Run, before: readonly Run[]): boolean {
    const { chat, place } = nameOf(run.id);
    const isDone = (other: number) =>
      records.runsOf(idOf({ chat, place: other })).some(({ ended = Number.POSITIVE_INFINITY }) => ended < run.begun);
    return (
      before.every(({ id }) => nameOf(id).place <= place) &&
      before.every((earlier) => earlier.id === run.id || heldUntil(earlier) < run.begun) &&
      Array.from({ length: place }, (_, other) => other).every(isDone)
    );
  }
}

function describeRun(run: Run): string {
  const { pid, attempt, begun, ended, failed, settled, refused, aborted, abortCode, killed } = run;
  const steps = { begun, ended, failed, settled, refused, [`aborted (${abortCode})`]: aborted, killed };
  const said = Object.entries(steps).flatMap(([step, line]) => (line === undefined ? [] : [`${step} @${line}`]));
  return `process ${pid}, attempt ${attempt}: ${said.join(', ')}${isOpen(run) ? ', never ended' : ''}`;
}
