/**
 * Waits for a promise, but no longer than `ms`.
 *
 * @param what - is awaited, for the message: `Redis`
 * @throws Error when the time is over; what the promise throws
 */
export async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what} did not answer within ${ms} ms`)), ms);
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
