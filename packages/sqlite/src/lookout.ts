import type { Clock } from '@chathooks/core';
import type { Attendant } from './attendant.ts';
import type { Database } from './database.ts';
import type { FailedEntries } from './failed.ts';
import type { Owner } from './owners.ts';
import { numberOf } from './sqlite.ts';
import type { Worker } from './worker.ts';

/** What a lookout needs. */
export interface LookoutOptions {
  readonly database: Database;
  readonly owner: Owner;
  readonly worker: Worker;
  readonly failed: FailedEntries;
  readonly clock: Clock;
  readonly attendant: Attendant;
  readonly pollMs: number;
  readonly leaseMs: number;
}

/** How often it is looked whether other processes have died. */
const watchMs = 1_000;

/** How often it is looked whether something was set aside for long enough. */
const sweepMs = 60_000;

/**
 * Looks from time to time what other processes, and time itself, have changed.
 *
 * @returns a function that ends it
 */
export function createLookout(options: LookoutOptions): () => void {
  const { database, owner, worker, failed, clock, attendant, pollMs, leaseMs } = options;
  const dataVersion = database.prepare('PRAGMA data_version');
  let version: number | undefined;
  let lookedAt = clock.now();
  let renewAt = 0;
  let watchAt = 0;
  let sweepAt = 0;
  let cancel = clock.setTimeout(look, pollMs);

  function look(): void {
    cancel = clock.setTimeout(look, pollMs);
    void attendant.attend('look for events', lookAround);
  }

  async function lookAround(): Promise<void> {
    const now = clock.now();
    if (hasChanged() || worker.isDue(now)) worker.take();
    // A pause of the machine holds up all processes: the others get time to show that they live.
    if (now - lookedAt > pollMs + watchMs) watchAt = now + watchMs;
    lookedAt = now;
    if (worker.isBusy() && now >= renewAt) {
      renewAt = now + leaseMs / 4;
      await database.write(() => owner.hold(clock.now()), { isLasting: false });
    }
    if (now >= watchAt) {
      watchAt = now + watchMs;
      if (await owner.takeOver({ all: false })) database.announce();
    }
    if (now >= sweepAt) {
      sweepAt = now + sweepMs;
      await failed.sweep();
    }
  }

  /** Tells what other connections have committed. */
  function hasChanged(): boolean {
    const before = version;
    version = database.read(() => numberOf(dataVersion.get()?.data_version));
    return version !== before;
  }

  return () => cancel();
}
