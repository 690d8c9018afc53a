/** Runs work that shares a key one at a time, in the order of the calls; work without a key at once. */
export type Lanes = <T>(key: string | undefined, work: () => Promise<T>) => Promise<T>;

/** @remarks The work must not reject: it would end the lane's next work with it. */
export function createLanes(): Lanes {
  const tails = new Map<string, Promise<unknown>>();
  return (key, work) => {
    if (key === undefined) return work();
    const tail = tails.get(key);
    const result = tail ? tail.then(work) : work();
    tails.set(key, result);
    return result.finally(() => {
      if (tails.get(key) === result) tails.delete(key);
    });
  };
}
