/**
 * Waits for something to end, but not for ever.
 *
 * @throws when it does not end in time
 */
export async function inTime<T>(promise: Promise<T>, limitMs: number): Promise<T> {
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`pg-boss did not stop within ${limitMs} ms`)), limitMs);
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
