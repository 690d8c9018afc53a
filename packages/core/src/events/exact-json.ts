import { ChathooksError } from '../errors.ts';

/** Strict: bytes that are no UTF-8 are refused. A byte order mark is skipped. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Integers of up to 15 digits fit a number. In a text the digits may also stand in a string: then nothing changes. */
const manyDigits = /\d{16}/;

/**
 * Reads JSON of which integers that a number cannot hold become texts with all their digits: some vendors' ids have 64
 * bits, and a number has 53. All else is read as `JSON.parse` does. Ten times slower where there are that many digits.
 *
 * @throws SyntaxError or TypeError when it is no JSON in UTF-8
 */
export function parseExactJson(body: Uint8Array): unknown {
  const text = utf8.decode(body);
  return manyDigits.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
}

/**
 * Asserts that `JSON.parse` tells how a number was written, as Node does since version 21.
 *
 * @throws {@link ChathooksError} `internal_error`
 */
export function assertSourceText(): void {
  JSON.parse('9007199254740993', keepDigits);
}

/** The types of `JSON.parse` do not know of the third argument yet. */
function keepDigits(_key: string, value: unknown, ...[context]: readonly unknown[]): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = typeof context === 'object' && context !== null && 'source' in context ? context.source : undefined;
  if (typeof source !== 'string') {
    throw new ChathooksError(
      'internal_error',
      'JSON.parse of this runtime does not tell how a number was written, expected "context.source" for its reviver: ' +
        'without it the last digits of long ids are lost. Use Node 22 or later',
    );
  }
  return /^-?\d+$/.test(source) ? source : value;
}
