import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Observation, Verdict } from './observe.ts';
import type { Chapter, Step } from './scenario.ts';
import * as screen from './screen.ts';
import type { DemoServer } from './server.ts';

/** What became of a step. */
export interface Outcome extends Step {
  readonly seen: Observation;
  /** The body that the vendor was answered. */
  readonly heard: string;
  /** Whether it ended as it must. */
  readonly expected: boolean;
}

/**
 * Sends what a scenario tells and prints what becomes of it.
 *
 * @param options.paceMs - how long to wait between deliveries, for eyes to follow. Default 0
 * @returns how often each verdict was seen, and how many deliveries did not end as they must
 */
export async function play(server: DemoServer, scenario: readonly Chapter[], { paceMs = 0 } = {}) {
  const counts = new Map<Verdict, number>();
  let unexpected = 0;
  for (const chapter of scenario) {
    if (chapter.steps.length === 0) continue;
    const page = screen.printChapter(chapter);
    for (const step of chapter.steps) {
      const outcome = await send(server, step);
      const { verdict } = outcome.seen;
      page.add(outcome);
      if (verdict) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
      if (!outcome.expected) unexpected++;
      if (paceMs > 0) await pause(paceMs);
    }
    page.end();
  }
  return { counts, unexpected };
}

/** Returns what the server's own observer saw of the request, and what the vendor was answered. */
async function send(server: DemoServer, step: Step): Promise<Outcome> {
  const { request, crmDown = false, answer } = step;
  const { method, path, ...content } = request;
  server.crm.down = crmDown;
  server.crm.answer = answer;
  const observed: Promise<Observation[]> = once(server.observations, 'observation');
  const response = await fetch(`${server.url}${path}`, { method, ...content });
  const heard = await response.text();
  const [observation] = await observed;
  server.crm.down = false;
  server.crm.answer = undefined;
  if (!observation) throw new Error('The server emitted an observation without a value');
  const seen = { ...observation, status: response.status };
  return { ...step, seen, heard, expected: isExpected(step, seen, heard) };
}

function isExpected({ verdict, status, types, answer, reply }: Step, seen: Observation, heard: string): boolean {
  if (seen.verdict !== verdict || seen.status !== status) return false;
  if (seen.answered !== (answer !== undefined) || (reply !== undefined && reply !== heard)) return false;
  return types === undefined || [...types].sort().join() === typesOf(seen).join();
}

/** Sorted: chats are handled side by side. */
const typesOf = ({ events }: Observation) => events.map(({ type }) => type).sort();
