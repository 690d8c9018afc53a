import { setTimeout as wait } from 'node:timers/promises';
import { ChathooksError, groupCommit } from '@chathooks/core';
import { rollBack } from './schema.ts';
import { type Connection, resultCode, resultCodes } from './sqlite.ts';

/** Something to be done in a transaction. */
export interface Work {
  /** Does it. */
  run(): void;
  /** Whether it would be missed after a loss of power: a lease, which means nothing then, would not. */
  readonly isLasting: boolean;
}

/** What became of it: why it failed, if it did. */
export type Outcome = { readonly error: unknown } | undefined;

/** Does some work in a transaction, and tells when that is committed. */
export type Writer = (work: Work) => Promise<Outcome>;

/** What happens to the transactions of {@link createWriter}. */
export interface TransactionHooks {
  /** Before it begins. */
  beforeBegin(isLasting: boolean): void;
  /** Before the commit, with the last word. */
  beforeCommit(): void;
  /** After it, or after it was undone. */
  ended(): void;
}

/** So many pieces of work share a transaction at most: what is done at once blocks the event loop for that long. */
const groupSize = 128;

/** How long another process may keep the file locked. Deliveries wait meanwhile, the event loop does not. */
const patienceMs = 2_000;

/** The pause before another look at a locked file, varied so that two processes do not keep step. */
const pauseMs = () => 1 + Math.random() * 4;

/**
 * Makes the one way to write to a connection. What is asked for in one turn of the event loop shares a transaction, and so
 * its costs.
 *
 * Work throws a {@link ChathooksError} when it refuses; it has written nothing then, and costs the others nothing. When
 * it throws anything else, nothing of it remains.
 */
export function createWriter(connection: Connection, hooks: TransactionHooks): Writer {
  const begin = connection.prepare('BEGIN IMMEDIATE');
  const commit = connection.prepare('COMMIT');

  return groupCommit(runGroup, { maxItems: groupSize, schedule: setImmediate });

  /** Only where the file is locked is there anything to wait for. */
  function runGroup(group: readonly Work[]): readonly Outcome[] | Promise<readonly Outcome[]> {
    try {
      hooks.beforeBegin(group.some(({ isLasting }) => isLasting));
      begin.run();
    } catch (error) {
      return waitAndRun(group, error);
    }
    return finish(group);
  }

  async function waitAndRun(group: readonly Work[], reason: unknown): Promise<readonly Outcome[]> {
    const deadline = performance.now() + patienceMs;
    for (let error = reason; ; ) {
      if (resultCode(error) !== resultCodes.busy || performance.now() > deadline) return group.map(() => ({ error }));
      await wait(pauseMs());
      try {
        begin.run();
        return finish(group);
      } catch (next) {
        error = next;
      }
    }
  }

  /** Does what there is to do in the transaction that has begun. */
  function finish(group: readonly Work[]): readonly Outcome[] {
    const { outcomes, error } = commitAll(group);
    if (outcomes) return outcomes;
    // Which of them failed cannot be known. Each for itself, they do not fail for each other.
    return group.length === 1 ? [{ error }] : group.flatMap(runAlone);
  }

  function commitAll(group: readonly Work[]): { readonly outcomes?: readonly Outcome[]; readonly error?: unknown } {
    try {
      const outcomes = group.map(attempt);
      hooks.beforeCommit();
      commit.run();
      return { outcomes };
    } catch (error) {
      rollBack(connection);
      return { error };
    } finally {
      hooks.ended();
    }
  }

  function runAlone(work: Work): readonly Outcome[] {
    try {
      begin.run();
    } catch (error) {
      return [{ error }];
    }
    return finish([work]);
  }
}

function attempt(work: Work): Outcome {
  try {
    work.run();
    return undefined;
  } catch (error) {
    if (error instanceof ChathooksError) return { error };
    throw error;
  }
}
