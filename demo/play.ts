import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Observation, Verdict } from './observe.ts';
import type { Chapter, Step } from './scenario.ts';
import * as screen from './screen.ts';
import type { DemoServer } from './server.ts';

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
    screen.printChapter(chapter);
    for (const step of chapter.steps) {
      const seen = await send(server, step);
      const expected = isExpected(step, seen);
      screen.printDelivery(step.vendor, step.sends, seen, expected);
      if (seen.verdict) counts.set(seen.verdict, (counts.get(seen.verdict) ?? 0) + 1);
      if (!expected) unexpected++;
      if (paceMs > 0) await pause(paceMs);
    }
  }
  return { counts, unexpected };
}

/** Returns what the server's own observer saw of the delivery, and the status that the vendor saw. */
async function send(server: DemoServer, { delivery, crmDown = false }: Step): Promise<Observation> {
  const { method, path, headers, body } = delivery;
  server.crm.down = crmDown;
  const observed: Promise<Observation[]> = once(server.observations, 'observation');
  const response = await fetch(`${server.url}${path}`, { method, headers, body });
  await response.arrayBuffer();
  const [seen] = await observed;
  server.crm.down = false;
  if (!seen) throw new Error('The server emitted an observation without a value');
  return { ...seen, status: response.status };
}

function isExpected({ verdict, status, types }: Step, seen: Observation): boolean {
  if (seen.verdict !== verdict || seen.status !== status) return false;
  return types === undefined || types.join() === seen.events.map(({ type }) => type).join();
}
