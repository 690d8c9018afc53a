import { isPromise } from '../awaitable.ts';
import { ChathooksError } from '../errors.ts';
import type { Delivery, Provider } from '../providers/provider.ts';

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
  if (countOpenings(body) > maxDepth && depthOf(payload, maxDepth) > maxDepth) {
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

/** An upper bound of the depth, by bytes alone: `[` is 0x5b and `{` is 0x7b. */
function countOpenings(body: Uint8Array): number {
  let count = 0;
  for (let index = 0; index < body.length; index++) if (((body[index] ?? 0) & 0xdf) === 0x5b) count++;
  return count;
}

/** The depth of a value, or `limit + 1` if it is deeper. Walks level by level, so that depth itself cannot hurt. */
function depthOf(value: unknown, limit: number): number {
  let level = [value].filter(isContainer);
  let depth = 0;
  while (level.length > 0 && depth <= limit) {
    depth++;
    level = level.flatMap((container) => Object.values(container).filter(isContainer));
  }
  return depth;
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;
