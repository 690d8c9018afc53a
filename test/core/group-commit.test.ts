import { type ChathooksError, type GroupCommitOptions, groupCommit } from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import { deferred, promisesRan } from './harness.ts';

/** Commits that the test ends one by one. */
function commits(options: GroupCommitOptions = {}) {
  const begun: { readonly items: readonly string[]; readonly end: ReturnType<typeof deferred<readonly string[]>> }[] =
    [];
  const commit = groupCommit((items: readonly string[]) => {
    const end = deferred<readonly string[]>();
    begun.push({ items, end });
    return end.promise;
  }, options);
  return {
    commit,
    groups: () => begun.map(({ items }) => items),
    /** Ends the run that is on its way. */
    async end(results?: readonly string[]) {
      const last = begun.at(-1);
      last?.end.resolve(results ?? last.items.map((item) => `${item} done`));
      await promisesRan();
    },
    async fail(error: Error) {
      begun.at(-1)?.end.reject(error);
      await promisesRan();
    },
  };
}

describe('calls are joined', () => {
  it('if they come in one turn, and each gets its own result', async () => {
    const { commit, groups, end } = commits();
    const results = Promise.all([commit('a'), commit('b'), commit('c')]);
    expect(groups()).toEqual([]);
    await promisesRan();
    expect(groups()).toEqual([['a', 'b', 'c']]);
    await end();
    expect(await results).toEqual(['a done', 'b done', 'c done']);
  });

  it('if they come while a run is on its way: they make up the next, in their order', async () => {
    const { commit, groups, end } = commits();
    const results = [commit('a')];
    await promisesRan();
    for (const item of ['b', 'c', 'd']) {
      results.push(commit(item));
      await promisesRan();
    }
    expect(groups()).toEqual([['a']]);
    await end();
    expect(groups()).toEqual([['a'], ['b', 'c', 'd']]);
    await end();
    expect(await Promise.all(results)).toEqual(['a done', 'b done', 'c done', 'd done']);
  });

  it('if they follow at once upon the results of calls that were joined', async () => {
    const { commit, groups, end } = commits();
    const chains = ['a', 'b', 'c'].map(async (item) => commit(`${await commit(item)} and`));
    await promisesRan();
    await end();
    expect(groups()).toEqual([
      ['a', 'b', 'c'],
      ['a done and', 'b done and', 'c done and'],
    ]);
    await end();
    expect(await Promise.all(chains)).toEqual(['a done and done', 'b done and done', 'c done and done']);
  });

  it('up to maxItems', async () => {
    const { commit, groups, end } = commits({ maxItems: 2 });
    const results = ['a', 'b', 'c', 'd', 'e'].map(commit);
    for (let run = 0; run < 3; run++) {
      await promisesRan();
      await end();
    }
    expect(groups()).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(await Promise.all(results)).toHaveLength(5);
  });

  it('up to 500 unless told otherwise', async () => {
    const { commit, groups, end } = commits();
    const results = Array.from({ length: 501 }, (_, index) => commit(String(index)));
    await promisesRan();
    await end();
    expect(groups().map(({ length }) => length)).toEqual([500, 1]);
    await end();
    await Promise.all(results);
  });

  it('once the schedule says so, which is asked once per run', async () => {
    const scheduled: (() => void)[] = [];
    const { commit, groups, end } = commits({ schedule: (run) => scheduled.push(run) });
    const results = [commit('a')];
    await promisesRan();
    results.push(commit('b'));
    await promisesRan();
    expect([groups(), scheduled.length]).toEqual([[], 1]);
    scheduled[0]?.();
    expect(groups()).toEqual([['a', 'b']]);
    results.push(commit('c'));
    expect(scheduled).toHaveLength(1);
    await end();
    expect([groups().length, scheduled.length]).toEqual([1, 2]);
    scheduled[1]?.();
    await end();
    expect(await Promise.all(results)).toEqual(['a done', 'b done', 'c done']);
  });
});

describe('a run', () => {
  it('may be scheduled in the call, and answer without a promise', async () => {
    const groups: (readonly number[])[] = [];
    const double = groupCommit(
      (numbers: readonly number[]) => {
        groups.push(numbers);
        return numbers.map((number) => number * 2);
      },
      { schedule: (run) => run() },
    );
    const first = double(1);
    expect(groups).toEqual([[1]]);
    expect(await Promise.all([first, double(2), double(3)])).toEqual([2, 4, 6]);
    expect(groups).toEqual([[1], [2, 3]]);
  });

  it('that fails, fails all its calls and none of the next', async () => {
    const { commit, groups, end, fail } = commits();
    const failed = Promise.allSettled([commit('a'), commit('b')]);
    await promisesRan();
    const next = commit('c');
    const error = new Error('the disk is full');
    await fail(error);
    expect(await failed).toEqual(Array(2).fill({ status: 'rejected', reason: error }));
    expect(groups()).toEqual([['a', 'b'], ['c']]);
    await end();
    expect(await next).toBe('c done');
  });

  it('that throws before it makes a promise, fails all its calls and none of the next', async () => {
    const error = new Error('the disk is full');
    let isBroken = true;
    const commit = groupCommit((items: readonly string[]) => {
      if (isBroken) throw error;
      return items;
    });
    expect(await Promise.allSettled([commit('a'), commit('b')])).toEqual(
      Array(2).fill({ status: 'rejected', reason: error }),
    );
    isBroken = false;
    expect(await commit('c')).toBe('c');
  });

  it.each([[['only one']], [['one', 'two', 'three']]])(
    'that has another number of results fails: %j',
    async (results) => {
      const { commit, end } = commits();
      const calls = Promise.allSettled([commit('a'), commit('b')]);
      await promisesRan();
      await end(results);
      for (const call of await calls) {
        expect(call).toMatchObject({
          status: 'rejected',
          reason: { message: `A group of 2 had ${results.length} results, expected one for each` },
        });
      }
    },
  );

  it('is not begun without a call', async () => {
    const { commit, groups, end } = commits();
    await promisesRan();
    expect(groups()).toEqual([]);
    const result = commit('a');
    await promisesRan();
    await end();
    await result;
    await promisesRan();
    expect(groups()).toEqual([['a']]);
  });
});

it.each([0, -1, 0.5, Number.NaN])('maxItems of %d is refused, for no run could take an item', (maxItems) => {
  const refused: Partial<ChathooksError> = {
    code: 'invalid_option',
    message: `maxItems is ${maxItems}, expected 1 or more (invalid_option)`,
  };
  expect(() => commits({ maxItems })).toThrow(expect.objectContaining(refused));
});
