/** While Postgres is down, every connection says so again and again. */
const quietMs = 60_000;

/**
 * Makes a function that tells of errors which no caller hears of, each message once a minute. It never throws.
 *
 * @param onError - whom to tell; none: Node's own warnings, which go to the standard error stream
 */
export function createReport(onError: (error: Error) => void = warn): (error: unknown) => void {
  const toldAt = new Map<string, number>();
  return (cause) => {
    const error = cause instanceof Error ? cause : new Error(messageOf(cause));
    const now = performance.now();
    for (const [message, at] of toldAt) if (at + quietMs <= now) toldAt.delete(message);
    if (toldAt.has(error.message)) return;
    toldAt.set(error.message, now);
    try {
      onError(error);
    } catch {
      // What tells of errors must not stop the work.
    }
  };
}

/** pg-boss passes on copies of errors that are no longer errors. */
const messageOf = (cause: unknown) =>
  typeof cause === 'object' && cause !== null && 'message' in cause ? String(cause.message) : String(cause);

function warn(error: Error): void {
  const message = error.message || ('code' in error ? String(error.code) : error.name);
  process.emitWarning(`pgBossInbox: ${message}`, 'ChathooksWarning');
}
