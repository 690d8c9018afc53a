/*
 * The path of a delivery is short where the store and the handlers answer at once: what is at hand is passed on without
 * a promise. These say so in one place.
 */

/** A value, or a promise of it. What can be answered at once is answered without a promise. */
export type Awaitable<T> = T | Promise<T>;

/** Tells a promise from a value that is at hand. */
export function isPromise<T>(value: Awaitable<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** Goes on with a value: at once if it is at hand. */
export function after<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return isPromise(value) ? value.then(next) : next(value);
}

/** Does some work, and something else instead if it throws or rejects. */
export function attempt<T, R>(work: () => Awaitable<T>, recover: (error: unknown) => Awaitable<R>): Awaitable<T | R> {
  try {
    const result: Awaitable<T | R> = work();
    return isPromise(result) ? result.catch(recover) : result;
  } catch (error) {
    return recover(error);
  }
}
