import { closeSync, openSync, readSync } from 'node:fs';
import { z } from 'zod';
import { type Happening, happenings } from './recorder.ts';

/** One run of the handler for an event. */
export interface Run {
  readonly id: string;
  readonly pid: number;
  readonly attempt: number;
  /** The line of the records that it began with: a lower one was written earlier. */
  readonly begun: number;
  readonly beganAt: number;
  ended?: number;
  endedAt?: number;
  failed?: number;
  settled?: number;
  refused?: number;
  aborted?: number;
  /** The error code that its signal was aborted with. */
  abortCode?: string;
  /** The process was killed before the run was settled. */
  killed?: number;
}

/** What the processes of a test have written down. */
export interface Records {
  readonly path: string;
  /** Reads what was written since the last time. */
  refresh(): void;
  /** All runs of all events, in the order in which they began. */
  readonly runs: readonly Run[];
  runsOf(id: string): readonly Run[];
  /** Runs that a process has begun, and neither ended nor failed. */
  openRuns(pid: number): readonly Run[];
  /** To be called when the process is gone. */
  markKilled(pid: number): void;
  readonly lines: readonly string[];
  close(): void;
}

const lineFormat = z.tuple([z.enum(happenings), z.string(), z.coerce.number(), z.string(), z.coerce.number()]);

export function createRecords(path: string): Records {
  closeSync(openSync(path, 'a'));
  const file = openSync(path, 'r');
  const lines: string[] = [];
  const runs: Run[] = [];
  const byEvent = new Map<string, Run[]>();
  let rest = '';

  function refresh(): void {
    const chunk = Buffer.alloc(1 << 16);
    for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) {
      const complete = (rest + chunk.toString('latin1', 0, size)).split('\n');
      rest = complete.pop() ?? '';
      for (const line of complete) note(line);
    }
  }

  function note(line: string): void {
    const number = lines.push(line) - 1;
    const [happening, id, pid, detail, at] = lineFormat.parse(line.split(' '));
    const known = byEvent.get(id) ?? [];
    if (happening === 'begin') {
      const run: Run = { id, pid, attempt: Number(detail), begun: number, beganAt: at };
      runs.push(run);
      byEvent.set(id, [...known, run]);
      return;
    }
    const run = known.findLast((each) => each.pid === pid);
    if (!run) throw new Error(`The records say "${line}" of a run that never began`);
    mark(run, happening, { number, detail, at });
  }

  return {
    path,
    refresh,
    runs,
    lines,
    runsOf: (id) => byEvent.get(id) ?? [],
    close: () => closeSync(file),
    openRuns: (pid) => runs.filter((run) => run.pid === pid && isOpen(run)),
    markKilled(pid) {
      refresh();
      for (const run of runs) if (run.pid === pid && run.settled === undefined) run.killed = lines.length;
    },
  };
}

function mark(run: Run, happening: Exclude<Happening, 'begin'>, seen: { number: number; detail: string; at: number }) {
  switch (happening) {
    case 'end':
      run.ended = seen.number;
      run.endedAt = seen.at;
      break;
    case 'aborted':
      run.aborted = seen.number;
      run.abortCode = seen.detail;
      break;
    default:
      run[happening] = seen.number;
  }
}

/** Neither ended nor failed; perhaps its process is dead. */
export const isOpen = (run: Run): boolean => run.ended === undefined && run.failed === undefined;
