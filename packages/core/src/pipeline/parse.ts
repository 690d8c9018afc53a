import { isPromise } from '../awaitable.ts';
import { ChathooksError } from '../errors.ts';
import { type Delivery, isRecord, type Provider } from '../providers/provider.ts';

/** Strict: bytes that are no UTF-8 are refused. A byte order mark is skipped. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a verified body.
 *
 * @param maxDepth - how deep objects and arrays may nest: a deep body would overflow the stack of whatever walks it
 * @throws {@link ChathooksError} `invalid_body`
 */
export function parse(provider: Provider, body: Uint8Array, delivery: Delivery, maxDepth: number): unknown {
  const payload = provider.parse ? readBy(provider, body, delivery) : parseJson(body);
  if (opensMoreThan(maxDepth, body) && isDeeperThan(maxDepth, payload)) {
    throw new ChathooksError('invalid_body', `The verified body nests deeper than the limit of ${maxDepth} levels`);
  }
  return payload;
}

function readBy(provider: Provider, body: Uint8Array, delivery: Delivery): unknown {
  const payload = orInvalid(() => provider.parse?.(body, delivery), body);
  if (!isPromise(payload)) return payload;
  // `unknown` lets an async function pass; all its promises would look like one and the same payload.
  Promise.resolve(payload).catch(() => {});
  throw new ChathooksError(
    'internal_error',
    `parse of "${provider.name}" returned a promise, expected the payload itself`,
  );
}

/** Reads bytes as strict UTF-8 JSON. */
export function parseJson(body: Uint8Array): unknown {
  return orInvalid(() => JSON.parse(utf8.decode(body)), body);
}

function orInvalid(read: () => unknown, body: Uint8Array): unknown {
  try {
    return read();
  } catch {
    // Without a cause: the message of a SyntaxError quotes the body, and loggers print causes.
    throw new ChathooksError('invalid_body', `The verified body of ${body.length} bytes cannot be parsed`);
  }
}

/** Whether there are more opening brackets than that: an upper bound of the depth. `[` is 0x5b and `{` is 0x7b. */
function opensMoreThan(limit: number, body: Uint8Array): boolean {
  let count = 0;
  for (let index = 0; index < body.length && count <= limit; index++) {
    if (((body[index] ?? 0) & 0xdf) === 0x5b) count++;
  }
  return count > limit;
}

/** Whether a value nests deeper than `levels`. Goes no deeper itself, so that depth cannot hurt. */
function isDeeperThan(levels: number, value: unknown): boolean {
  if (Array.isArray(value)) {
    if (levels === 0) return true;
    for (const item of value) if (isDeeperThan(levels - 1, item)) return true;
  } else if (isRecord(value)) {
    if (levels === 0) return true;
    // What was parsed inherits nothing that could be enumerated.
    for (const name in value) if (isDeeperThan(levels - 1, value[name])) return true;
  }
  return false;
}
