import { ChathooksError } from '@chathooks/core';

/** Where the file is and how it is written. Users of one file in one process may not contradict each other. */
export interface SqliteFileOptions {
  /**
   * Path of the database, which is created if there is none. Inbox and dedup store of an app may share one. `':memory:'`,
   * for tests: gone when it is closed, and shared with nobody.
   */
  readonly file: string;
  /**
   * What survives a loss of power: with `'full'`, the events that were put, and that they were handled or set aside; with
   * `'normal'`, which costs less, those of some moments before. Both survive a crash of the process.
   *
   * @defaultValue `'full'`
   */
  readonly synchronous?: 'full' | 'normal';
  /**
   * How large the database may become, in bytes, 1 MiB or more; its write-ahead log comes on top. Events are refused a
   * little earlier, so that there is room to work off those that are there.
   *
   * @defaultValue none: the disk
   */
  readonly maxBytes?: number;
}

/** What is asked of a connection. */
export interface FileSettings {
  readonly synchronous: 'full' | 'normal' | undefined;
  readonly maxBytes: number | undefined;
}

const leastBytes = 2 ** 20;

/**
 * Checks the options, for callers without a compiler.
 *
 * @throws ChathooksError `unknown_option`, `invalid_option`
 */
export function checkOptions(options: SqliteFileOptions, names: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new ChathooksError('unknown_option', `${unknown} is no option, expected one of ${names.join(', ')}`);
  }
  const { file, synchronous, maxBytes } = options;
  if (typeof file !== 'string' || file === '') {
    throw new ChathooksError('invalid_option', `file is ${JSON.stringify(file)}, expected the path of a file`);
  }
  if (synchronous !== undefined && synchronous !== 'full' && synchronous !== 'normal') {
    throw new ChathooksError(
      'invalid_option',
      `synchronous is ${JSON.stringify(synchronous)}, expected 'full' or 'normal'`,
    );
  }
  if (maxBytes !== undefined && !(Number.isSafeInteger(maxBytes) && maxBytes >= leastBytes)) {
    throw new ChathooksError('invalid_option', `maxBytes is ${maxBytes}, expected ${leastBytes} or more`);
  }
}

/**
 * Checks a duration.
 *
 * @throws ChathooksError `invalid_option`
 */
export function checkDuration(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value > 0) return;
  throw new ChathooksError('invalid_option', `${name} is ${value}, expected a whole number of milliseconds above 0`);
}

/**
 * What two users of one file ask for together.
 *
 * @throws ChathooksError `invalid_option` when they contradict each other
 */
export function mergeSettings(file: string, first: FileSettings, second: FileSettings): FileSettings {
  const conflict = (['synchronous', 'maxBytes'] as const).find(
    (name) => first[name] !== undefined && second[name] !== undefined && first[name] !== second[name],
  );
  if (conflict) {
    throw new ChathooksError(
      'invalid_option',
      `${conflict} of ${file} is ${first[conflict]} here and ${second[conflict]} there, expected the same: they share a connection`,
    );
  }
  return {
    synchronous: first.synchronous ?? second.synchronous,
    maxBytes: first.maxBytes ?? second.maxBytes,
  };
}
