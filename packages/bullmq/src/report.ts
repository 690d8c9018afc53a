import { consoleLogger, type Logger } from '@chathooks/core';
import { withoutCommand } from './without-command.ts';

/** While Redis is down, every connection says so again and again. */
const quietMs = 60_000;

/**
 * Makes a function that logs errors which no caller hears of, each message once a minute. It never throws.
 *
 * @param logger - `false` for silence
 */
export function createReport(logger: Pick<Logger, 'warn'> | false = consoleLogger): (error: unknown) => void {
  const toldAt = new Map<string, number>();
  return (thrown) => {
    if (!logger) return;
    const cause = withoutCommand(thrown);
    const error = cause instanceof Error ? cause : new Error(String(cause));
    const now = performance.now();
    for (const [message, at] of toldAt) if (at + quietMs <= now) toldAt.delete(message);
    if (toldAt.has(error.message)) return;
    toldAt.set(error.message, now);
    try {
      logger.warn({ error }, 'The inbox on BullMQ met an error that concerns no call');
    } catch {
      // What tells of errors must not stop the work.
    }
  };
}
