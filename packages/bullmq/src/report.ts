const quietMs = 60_000;

/**
 * Tells of errors that no caller hears of, each message once a minute: while Redis is down, every connection says so again
 * and again. Never throws.
 *
 * @param onError - whom to tell; none: Node's own warnings, which go to the standard error stream
 */
export function createReport(onError: (error: Error) => void = warn): (error: unknown) => void {
  const told = new Map<string, number>();
  return (cause) => {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    const now = performance.now();
    for (const [message, at] of told) if (at + quietMs <= now) told.delete(message);
    if (told.has(error.message)) return;
    told.set(error.message, now);
    try {
      onError(error);
    } catch (broken) {
      warn(error);
      warn(broken instanceof Error ? broken : new Error(String(broken)));
    }
  };
}

function warn(error: Error): void {
  const message = error.message || ('code' in error ? String(error.code) : error.name);
  process.emitWarning(`bullmqInbox: ${message}`, 'ChathooksWarning');
}
