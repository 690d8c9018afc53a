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
    // A delivery that was answered 503 since its storage was away may be stored all the same, and come up late.
    disorder: disordered(records, (run) => excuse === 'outage' && run.ended !== undefined && excused(run)).map(tell),
  };
}

const endedRuns = (records: Records, id: string) => records.runsOf(id).filter(({ ended }) => ended !== undefined);

/** Until when a run holds its event, as far as its process can know. */
const heldUntil = (run: Run): number =>
  Math.min(...[run.ended, run.failed, run.aborted, run.killed].map((line) => line ?? Number.POSITIVE_INFINITY));

const overlaps = (runs: readonly Run[]): boolean =>
  runs.some((run, index) => runs.slice(0, index).some((earlier) => run.begun < heldUntil(earlier)));

/**
 * Events that began out of their turn: each waits until the one before it is done, also when that has to be tried again.
 *
 * @param mayComeLate - whether an event may be handled again after later ones, by reason of an earlier run of it
 */
function disordered(records: Records, mayComeLate: (earlier: Run) => boolean): readonly string[] {
  const chats = Map.groupBy(records.runs, ({ id }) => nameOf(id).chat);
  const wrong = [...chats].flatMap(([chat, runs]) => {
    let held: readonly Run[] = [];
    let highest = 0;
    let done = 0; // how many events of the chat have ended, from the first on
    return runs.filter((run) => {
      const { place } = nameOf(run.id);
      while (done < place && endedBefore(run, records.runsOf(idOf({ chat, place: done })))) done++;
      held = held.filter((earlier) => heldUntil(earlier) > run.begun);
      const isLate =
        place < highest && !records.runsOf(run.id).some((earlier) => earlier.begun < run.begun && mayComeLate(earlier));
      const isEarly = done < place || held.some(({ id }) => id !== run.id);
      held = [...held, run];
      highest = Math.max(highest, place);
      return isLate || isEarly;
    });
  });
  return [...new Set(wrong.map(({ id }) => id))];
}

const endedBefore = (run: Run, others: readonly Run[]) =>
  others.some(({ ended = Number.POSITIVE_INFINITY }) => ended < run.begun);

function describeRun(run: Run): string {
  const { pid, attempt, begun, ended, failed, settled, refused, aborted, abortCode, killed } = run;
  const steps = { begun, ended, failed, settled, refused, [`aborted (${abortCode})`]: aborted, killed };
  const said = Object.entries(steps).flatMap(([step, line]) => (line === undefined ? [] : [`${step} @${line}`]));
  return `process ${pid}, attempt ${attempt}: ${said.join(', ')}${isOpen(run) ? ', never ended' : ''}`;
}
