import { describe, expect, it, type TestContext } from 'vitest';
import type { ClaimRecord, DedupPlan } from './plan.ts';
import { steadyNow } from './recorder.ts';
import { openScene, type Scene } from './scene.ts';
import { onEveryStorage } from './subjects.ts';

const rounds = Array.from({ length: 10 }, (_, round) => Array.from({ length: 5 }, (_, key) => `key ${round}.${key}`));
const keys = rounds.flat();

/** Four processes with five stores each claim each key at the same moment. */
async function race(context: TestContext, dedupOf: (scene: Scene) => DedupPlan) {
  const scene = openScene(context);
  const plan = { role: 'claimant', dedup: dedupOf(scene), stores: 5, leaseMs: 60_000 } as const;
  const processes = await Promise.all([1, 2, 3, 4].map(() => scene.start(plan)));
  const startAt = steadyNow() + 50;
  const claims = await Promise.all(processes.map((process) => process.claim({ rounds, startAt, everyMs: 20 })));
  const of = (key: string) => claims.flat().filter((claim) => claim.key === key);
  return {
    /** How many claims of each key were granted. */
    granted: keys.map((key) => of(key).filter(isGranted).length),
    answers: [...new Set(claims.flat().map(({ state }) => state))].sort(),
    /** For how many keys another process asked before the winner had its answer. */
    contested: keys.filter(
      (key) => claims.filter((list) => list.some((claim) => overlapsWinner(claim, of(key)))).length > 1,
    ).length,
  };
}

const isGranted = ({ state }: ClaimRecord) => state === 'fresh';
const overlapsWinner = (claim: ClaimRecord, all: readonly ClaimRecord[]) =>
  all.some((other) => isGranted(other) && claim.key === other.key && claim.from < other.to);

describe('20 stores of 4 processes that claim a key at once', { timeout: 60_000 }, () => {
  onEveryStorage(({ storage }) => {
    it('are answered with one lease', async (context) => {
      const { granted, answers, contested } = await race(context, (scene) => storage(scene).dedup);
      expect(granted).toEqual(keys.map(() => 1));
      expect(answers).toEqual(['fresh', 'in-flight']);
      expect(contested).toBeGreaterThan(0);
    });
  });

  it('would be noticed if they got more', async (context) => {
    const { granted } = await race(context, () => ({ kind: 'memory' }));
    expect(granted).toEqual(keys.map(() => 20));
  });
});
