import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Settings } from './options.ts';

/** The channel of an inbox. Names of channels are short, and shared by all who use the database. */
export const channelOf = ({ schema, name }: Settings): string =>
  `chathooks_${createHash('sha256').update(`${schema}.${name}`).digest('hex').slice(0, 24)}`;

/** A `NOTIFY` is a commit of its own: of many puts in so short a time, one tells. */
const shortestPauseMs = 20;

/** Makes a function that tells news soon, in the background. Those that come together are told together. */
export function createTeller(tell: () => Promise<void>, onError: (error: unknown) => void): () => void {
  let telling = false;
  let again = false;

  async function tellAll(): Promise<void> {
    while (again) {
      again = false;
      await tell().catch(onError);
      await pause(shortestPauseMs, undefined, { ref: false });
    }
    telling = false;
  }

  return () => {
    again = true;
    if (telling) return;
    telling = true;
    void tellAll();
  };
}
