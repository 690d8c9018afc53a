import { randomUUID } from 'node:crypto';
import { memoryDedup } from '@chathooks/core';
import { table } from './report.ts';

const entries = 1_000_000;

/** What the memory store takes per remembered event, its id of about 46 characters included and apart. */
export function benchMemory(): void {
  if (!global.gc) throw new Error('Run with --expose-gc');
  const used = () => {
    global.gc?.();
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    return heapUsed + Math.max(external, arrayBuffers);
  };
  // A flat text, as the id of a parsed event is.
  const newId = () => Buffer.from(`wexio:evt_${randomUUID()}`).toString();

  const empty = used();
  let ids: string[] | undefined = Array.from({ length: entries }, newId);
  const idBytes = (used() - empty) / entries;
  ids = undefined;

  const before = used();
  const store = memoryDedup({ maxEntries: entries });
  for (let index = 0; index < entries; index++) {
    const id = newId();
    const claim = store.claim(id, { leaseMs: 30_000 });
    if ('token' in claim) store.complete(id, claim.token, { rememberMs: 604_800_000 });
  }
  const perEvent = (used() - before) / entries;
  store.claim('', { leaseMs: 1 });
  console.log(`\nMemory store, bytes per remembered event at ${entries.toLocaleString('en')}${ids ?? ''}:\n`);
  console.log(
    table([
      ['with its id', 'without'],
      [perEvent.toFixed(0), (perEvent - idBytes).toFixed(0)],
    ]),
  );
}
