import type { Logger } from '@chathooks/core';

/** Sees to work that nobody waits for. */
export interface Attendant {
  /**
   * Does some work, and logs why it failed: once, until something succeeds again.
   *
   * @param what - in the words of the log: what could not be done
   * @returns nothing when it failed
   */
  attend<Result>(what: string, work: () => Promise<Result>): Promise<Result | undefined>;
  /** Has {@link Attendant.settled} wait for something that never rejects. */
  mind(job: Promise<unknown>): void;
  /** Resolves when nothing is on its way. */
  settled(): Promise<void>;
}

/** Makes an {@link Attendant}. */
export function createAttendant(logger: Logger): Attendant {
  const underWay = new Set<Promise<unknown>>();
  let hasFailed = false;

  async function tryIt<Result>(what: string, work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      const result = await work();
      hasFailed = false;
      return result;
    } catch (error) {
      if (!hasFailed) logger.error({ error }, `The inbox could not ${what}; it tries again`);
      hasFailed = true;
      return undefined;
    }
  }

  function mind(job: Promise<unknown>): void {
    underWay.add(job);
    void job.finally(() => underWay.delete(job));
  }

  return {
    attend(what, work) {
      const trying = tryIt(what, work);
      mind(trying);
      return trying;
    },
    mind,
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
