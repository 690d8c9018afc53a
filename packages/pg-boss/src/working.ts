import { setTimeout as pause } from 'node:timers/promises';
import { type InboxHandler, systemClock } from '@chathooks/core';
import { judge } from './judge.ts';
import type { Settings } from './options.ts';
import { createPace } from './pace.ts';
import type { Claim, Queue } from './queue.ts';
import { createSettling, pauseAfter } from './settle.ts';
import { createSignal, repeat } from './signal.ts';

/** Takes entries and has them tried. */
export interface Working {
  /** Says that there may be something to take. */
  wake(): void;
  /** Whether it has as much as it can work on. */
  isBusy(): boolean;
  /** Takes no more, gives back at once what was not begun, and waits for what was. */
  stop(): Promise<void>;
}

/** Options of {@link startWorking}. */
export interface WorkingOptions {
  readonly queue: Queue;
  readonly settings: Settings;
  readonly handle: InboxHandler;
  /** Told when an entry is pending no longer. */
  onLeft(): void;
  /** Whether to give up what Postgres does not take now. */
  isClosing(): boolean;
}

/** After a look that found nothing, this many times its duration pass before the next: it costs more the more is pending. */
const restFactor = 9;

/** Begins to work. */
export function startWorking(options: WorkingOptions): Working {
  const { queue, settings, handle, onLeft, isClosing } = options;
  const { attempts, concurrency, leaseMs, pollMs, onError } = settings;
  const stopping = new AbortController();
  const signal = createSignal();
  const pace = createPace(concurrency);
  /** What was taken and is not settled, and until when it is surely ours. */
  const held = new Map<Claim, number>();
  const waiting: Claim[] = [];
  const unfinished = new Set<Promise<void>>();
  let running = 0;

  const isStopping = () => stopping.signal.aborted;
  const room = () => concurrency + pace.ahead() - held.size;
  const settle = createSettling({
    queue,
    settings,
    heldUntil: (claim) => held.get(claim) ?? 0,
    isStopping,
    isClosing,
    onLeft,
    onGivenBack: (delayMs) => void systemClock.setTimeout(signal.wake, delayMs),
  });

  async function look(): Promise<void> {
    let failures = 0;
    while (!isStopping()) {
      if (pace.isStuck()) await handBack();
      const wanted = room();
      if (wanted <= 0) {
        await signal.wait(pollMs);
        continue;
      }
      try {
        const began = performance.now();
        const found = await take(wanted);
        const tookMs = performance.now() - began;
        failures = 0;
        pace.looked(tookMs);
        if (found === wanted) continue;
        if (found === 0) await rest(tookMs * restFactor);
        await signal.wait(pollMs);
      } catch (error) {
        onError(error);
        await rest(pauseAfter(failures++));
      }
    }
  }

  async function take(limit: number): Promise<number> {
    const until = performance.now() + leaseMs;
    const claims = await queue.take(limit);
    for (const claim of claims) held.set(claim, until);
    waiting.push(...claims);
    begin();
    return claims.length;
  }

  function begin(): void {
    while (running < concurrency && !isStopping()) {
      const claim = waiting.shift();
      if (!claim) return;
      // After a freeze of this process others may have the entry.
      if (performance.now() < (held.get(claim) ?? 0)) {
        running++;
        const finished = work(claim).finally(() => unfinished.delete(finished));
        unfinished.add(finished);
      } else {
        held.delete(claim);
      }
    }
  }

  async function work(claim: Claim): Promise<void> {
    const began = performance.now();
    const verdict = await judge(claim, handle, attempts);
    pace.tried(performance.now() - began);
    running--;
    begin();
    await settle(claim, verdict);
    held.delete(claim);
    signal.wake();
  }

  async function giveSigns(): Promise<void> {
    const claims = [...held.keys()];
    if (claims.length === 0) return;
    const until = performance.now() + leaseMs;
    const kept = await queue.keep(claims);
    for (const claim of claims) {
      if (held.has(claim)) held.set(claim, kept.has(claim.id) ? until : 0);
    }
  }

  /** Waits, but no longer than until the stop. */
  const rest = (ms: number) => pause(ms, undefined, { signal: stopping.signal }).catch(() => {});

  async function handBack(): Promise<void> {
    const claims = waiting.splice(0);
    if (claims.length === 0) return;
    await queue.giveBack(claims, { delayMs: 0, counted: false }).catch(onError);
    for (const claim of claims) held.delete(claim);
  }

  const looking = look();
  const endSigns = repeat(leaseMs / 3, giveSigns, onError);
  return {
    wake: signal.wake,
    isBusy: () => room() <= 0,
    async stop() {
      stopping.abort();
      signal.wake();
      await looking;
      await Promise.all([handBack(), ...unfinished]);
      endSigns();
    },
  };
}
