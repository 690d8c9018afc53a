import { openSync, writeSync } from 'node:fs';

/**
 * What happened to an event: a handler began, ended, failed, or was told to stop; the dedup store remembers that it was
 * handled (`settled`), or refused to, since the lease had been lost (`refused`).
 */
export const happenings = ['begin', 'end', 'failed', 'aborted', 'settled', 'refused'] as const;
export type Happening = (typeof happenings)[number];

/** Milliseconds of a clock that all processes of a machine share, and that nobody sets. */
export const steadyNow = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000;

export type Recorder = (happening: Happening, eventId: string, detail?: string | number) => void;

/**
 * Appends a line per happening to a file that many processes share. Each is one short write, which a kill cannot cut in
 * two, and the file's order is the order in which things happened.
 */
export function createRecorder(path: string): Recorder {
  const file = openSync(path, 'a');
  return (happening, eventId, detail = '-') => {
    writeSync(file, `${happening} ${eventId} ${process.pid} ${detail} ${steadyNow().toFixed(3)}\n`);
  };
}
