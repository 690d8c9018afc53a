import { randomBytes, randomUUID } from 'node:crypto';
import type { DedupStore } from '@chathooks/core';
import { median, table } from './report.ts';
import { storages } from './storages.ts';

const sizes = [0, 100_000, 1_000_000];
const kinds = ['memory', 'SQLite inbox', 'Redis dedup', 'Postgres dedup'];
const rememberMs = 7 * 24 * 60 * 60 * 1000;

async function handle(store: DedupStore): Promise<void> {
  const key = `wexio:evt_${randomUUID()}`;
  const claim = await store.claim(key, { leaseMs: 30_000 });
  if (claim.state === 'fresh') await store.complete(key, claim.token, { rememberMs });
}

async function handleMany(store: DedupStore, amount: number, atOnce: number): Promise<void> {
  for (let done = 0; done < amount; done += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, amount - done) }, () => handle(store)));
  }
}

async function perSecond(store: DedupStore): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < 15; round++) {
    const startedAt = performance.now();
    await handleMany(store, 640, 32);
    rounds.push((640 * 1000) / (performance.now() - startedAt));
  }
  return median(rounds);
}

/** Events that a dedup store claims and completes, with ever more of them remembered. */
export async function benchRemembered(): Promise<void> {
  const rows = [['dedup store', ...sizes.map((size) => `${size.toLocaleString('en')} remembered`)]];
  for (const name of kinds) {
    const kind = storages[name];
    if (!kind) throw new Error(`There is no storage "${name}"`);
    const scope = `bench_${randomBytes(4).toString('hex')}`;
    const { dedup, inbox } = await kind.open(scope);
    if (!dedup) throw new Error(`${name} has no dedup store`);
    const row = [name];
    let remembered = 0;
    for (const size of sizes) {
      await handleMany(dedup, size - remembered, 500);
      remembered = size;
      row.push(`${Math.round(await perSecond(dedup)).toLocaleString('en')}/s`);
    }
    await inbox?.close?.();
    await dedup.close?.();
    await kind.clear(scope);
    rows.push(row);
  }
  console.log('\nEvents claimed and completed by one process, 32 at once:\n');
  console.log(table(rows));
}
