/**
 * What the receiver logs to: pino, console, or anything with these methods.
 *
 * @remarks
 * The first argument holds only names, codes, counts and durations: never a secret, a token, a phone number or a message.
 */
export interface Logger {
  debug?(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** Warnings and errors on the console, everything else silent. The default. */
export const consoleLogger: Logger = {
  warn: (details, message) => console.warn(`[chathooks] ${message}`, details),
  error: (details, message) => console.error(`[chathooks] ${message}`, details),
};

/** Logs nothing. */
export const silentLogger: Logger = { warn() {}, error() {} };

/** The same logger, but what it throws is dropped: a full disk must not cost a delivery. */
export function neverThrowing(logger: Logger): Logger {
  const log = (level: 'debug' | 'warn' | 'error') => (details: object, message: string) => {
    try {
      logger[level]?.(details, message);
    } catch {
      // There is nowhere left to say so.
    }
  };
  return { debug: log('debug'), warn: log('warn'), error: log('error') };
}
