import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { InboxSubject } from './inbox-subject.ts';
import type { Tries } from './inbox-tries.ts';

/** How much time a wait may let pass, where time is injected. */
export interface WaitOptions {
  /** In all, in milliseconds. @defaultValue half an hour: longer than any lease */
  readonly withinMs?: number;
  /** At a time, in milliseconds. @defaultValue from 0 up to about a second */
  readonly stepMs?: number;
}

/** Waits for conditions: with an injected clock by moving it, else by what happens next. */
export function createWaiting(subject: InboxSubject, tries: Tries, patienceMs: number) {
  let injectedMs = 0;

  /** Moves the clock, where time is injected. */
  async function pass(ms: number): Promise<void> {
    injectedMs += subject.elapse ? ms : 0;
    await subject.elapse?.(ms);
  }

  async function wait(what: () => string, condition: () => boolean, turn: (index: number) => Promise<void>) {
    const deadline = performance.now() + patienceMs;
    for (let index = 0; !condition(); index++) {
      if (performance.now() > deadline) {
        assert.fail(`Awaited ${what()}: not within ${patienceMs} ms. Tries: ${tries.describe()}`);
      }
      await turn(index);
    }
  }

  /** What to do between two looks at a condition that `change` may make true. */
  function turns(change: () => Promise<unknown>, { withinMs = 1_800_000, stepMs }: WaitOptions = {}) {
    const end = injectedMs + withinMs;
    return async (index: number) => {
      if (!subject.elapse) return firstOf(change(), patienceMs);
      // Steps grow: what happens soon is seen soon, and a lease of minutes takes no thousand steps.
      const step = stepMs ?? (index < 5 ? 0 : 5 * 1.3 ** Math.min(index - 5, 20));
      await pass(Math.max(0, Math.min(step, end - injectedMs)));
    };
  }

  return {
    /** Milliseconds: of the injected clock, or real ones. */
    now: (): number => (subject.elapse ? injectedMs : performance.now()),

    pass,

    /** Waits until what handlers saw is so. */
    untilSeen: (what: string, condition: () => boolean, options?: WaitOptions): Promise<void> =>
      wait(() => what, condition, turns(tries.changed, options)),

    /** Waits until a promise is settled. */
    async untilSettled(what: string, promise: Promise<unknown>): Promise<PromiseSettledResult<unknown>> {
      let result: PromiseSettledResult<unknown> | undefined;
      const settled = Promise.allSettled([promise]).then(([only]) => {
        result = only;
      });
      const isSettled = () => result !== undefined;
      await wait(
        () => what,
        isSettled,
        turns(() => settled),
      );
      assert.ok(result);
      return result;
    },

    /** Asks the inbox until it gives the answer. */
    async untilAnswered<T>(what: string, ask: () => Promise<T>, isRight: (answer: T) => boolean): Promise<T> {
      let answer = await ask();
      await wait(
        () =>
          `${what}, saw ${inspect(answer, { depth: 1, maxStringLength: 80, breakLength: Number.POSITIVE_INFINITY })}`,
        () => isRight(answer),
        async (index) => {
          if (subject.elapse) await pass(Math.min(index, 100));
          else await firstOf(tries.changed(), Math.min(index + 1, 50));
          answer = await ask();
        },
      );
      return answer;
    },
  };
}

/** Waits for a promise, but no longer than `ms`. */
async function firstOf(promise: Promise<unknown>, ms: number): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
