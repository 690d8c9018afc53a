import type { InboxEntry } from '@chathooks/core';
import type { RedisClient } from 'bullmq';
import { type LaneScript, laneScripts } from './lane-scripts.ts';
import { inboxKey, type Place, queueKey } from './place.ts';
import { decodeEntry, type StoredEntry } from './stored-entry.ts';

/** The entry whose turn it is. */
export interface Taken {
  /** Tells it from all others ever stored. */
  readonly id: string;
  readonly entry: InboxEntry;
  /** Which try of it begins, 1 for the first. */
  readonly attempt: number;
}

/** What comes next in a lane: an entry; more, but not now; nothing; or somebody else has the lane by now. */
export type Next = Taken | 'more' | 'empty' | 'lost';

/** What {@link Lanes.findStranded} has found. */
export interface Stranded {
  readonly stranded: readonly string[];
  /** Whether there may be more to look at. */
  readonly more: boolean;
}

/** After this time somebody looks whether a lane that still has entries has a job too. */
const lookAfterMs = 60_000;

/** How many lanes one script looks at: Redis does nothing else meanwhile. */
const lookAtMost = 1_000;

/**
 * Entries in lanes, and how often the first of each lane was tried. Whoever takes a lane owns it until another does: an
 * owner that was believed dead changes nothing any more.
 */
export interface Lanes {
  /** @returns how many of the puts there was room for: the first ones */
  push(puts: readonly (readonly StoredEntry[])[], maxPending: number): Promise<number>;
  pending(): Promise<number>;
  /** Begins a try of the first entry. */
  take(lane: string, owner: string): Promise<Next>;
  /** Removes an entry that was taken; with `goOn` begins a try of the next one. */
  settle(lane: string, owner: string, id: string, goOn: boolean): Promise<Next>;
  /** The try that was begun does not count. */
  postpone(lane: string, owner: string, id: string): Promise<void>;
  /**
   * The entry no longer counts as pending, for it is about to be set aside.
   *
   * @returns `false` when somebody else has the lane by now
   */
  leave(lane: string, owner: string, id: string): Promise<boolean>;
  /** Looks at some of the lanes that nobody has looked after for a while: which have entries but no job. */
  findStranded(): Promise<Stranded>;
}

/** Makes {@link Lanes} over a client. */
export function createLanes(client: RedisClient, place: Place): Lanes {
  const own = inboxKey(place);
  const jobs = queueKey(place);
  const lists = `${own}lane:`;
  const keys = [`${own}lanes`, `${own}pending`, `${own}tries`, lists];

  for (const { command, lua } of Object.values(laneScripts)) client.defineCommand(command, { numberOfKeys: 3, lua });

  const run = (script: LaneScript, args: readonly (string | number)[]): Promise<unknown> =>
    client.runCommand(script.command, keys.concat(args.map(String)));

  return {
    async push(puts, maxPending) {
      const args = puts.flatMap((put) => [put.length, ...put.flatMap(({ lane, text }) => [lane, text])]);
      return Number(await run(laneScripts.push, [maxPending, Date.now() + lookAfterMs, ...args]));
    },
    async pending() {
      return Math.max(0, Number(await client.get(`${own}pending`)));
    },
    async take(lane, owner) {
      return nextOf(await run(laneScripts.take, [lane, owner]), lists + lane);
    },
    async settle(lane, owner, id, goOn) {
      return nextOf(await run(laneScripts.settle, [lane, owner, id, goOn ? 1 : 0]), lists + lane);
    },
    async postpone(lane, owner, id) {
      await run(laneScripts.postpone, [lane, owner, id]);
    },
    async leave(lane, owner, id) {
      return (await run(laneScripts.leave, [lane, owner, id])) === 1;
    },
    async findStranded() {
      const now = Date.now();
      const args = [now, now + lookAfterMs, lookAtMost, `${jobs}de:`, jobs];
      const answer = await run(laneScripts.findStranded, args);
      const [looked, stranded]: readonly unknown[] = Array.isArray(answer) ? answer : [];
      return { stranded: Array.isArray(stranded) ? stranded.map(String) : [], more: looked === lookAtMost };
    },
  };
}

/**
 * Reads the answer of a script that takes.
 *
 * @throws Error when the entry is none of ours: it says where, and nothing of what is there
 */
function nextOf(answer: unknown, list: string): Next {
  if (answer === null) return 'empty';
  if (answer === 'more' || answer === 'lost') return answer;
  const [text, attempt]: readonly unknown[] = Array.isArray(answer) ? answer : [];
  const decoded = decodeEntry(String(text));
  if (!decoded) throw new Error(`The first entry of the list ${list} in Redis cannot be read; remove it with LPOP`);
  return { ...decoded, attempt: Number(attempt) };
}
