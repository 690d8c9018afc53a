import { type Awaitable, isPromise } from '../awaitable.ts';
import { ChathooksError } from '../errors.ts';
import type { InboundRequest } from '../http.ts';

/**
 * Reads the bytes that the vendor signed: lets in only the provider's content types, stops at the limit, and undoes gzip.
 *
 * @throws {@link ChathooksError} `unsupported_content_type`, `unsupported_content_encoding`, `body_too_large`, and what
 * {@link InboundRequest.body} throws
 */
export function readBody(
  request: InboundRequest,
  contentTypes: readonly string[],
  maxBytes: number,
): Awaitable<Uint8Array> {
  checkContentType(request.header('content-type'), contentTypes);
  const body = request.body(maxBytes);
  const encoding = request.header('content-encoding');
  if (encoding === undefined) return body;
  return isPromise(body) ? body.then((bytes) => inflate(bytes, encoding, maxBytes)) : inflate(body, encoding, maxBytes);
}

function checkContentType(value: string | undefined, allowed: readonly string[]): void {
  if (value === undefined) return;
  if (allowed.includes(value)) return;
  const type = (value.split(';', 1)[0] ?? '').trim().toLowerCase();
  if (allowed.includes(type) || (type.endsWith('+json') && allowed.includes('application/json'))) return;
  throw new ChathooksError(
    'unsupported_content_type',
    `The content type is none that the provider sends: expected ${allowed.join(' or ')}`,
  );
}

/**
 * Frameworks that have inflated a body leave its header standing; gzip's magic number tells whether there is still
 * something to do.
 */
async function inflate(body: Uint8Array, encoding: string, maxBytes: number): Promise<Uint8Array> {
  const name = encoding.trim().toLowerCase();
  if (name === 'identity') return body;
  if (name !== 'gzip' && name !== 'x-gzip') {
    throw new ChathooksError(
      'unsupported_content_encoding',
      'The content encoding cannot be undone: expected gzip, identity or no content-encoding header',
    );
  }
  if (body[0] !== 0x1f || body[1] !== 0x8b) return body;

  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    const inflated: ReadableStream<Uint8Array> = new Blob([body]).stream().pipeThrough(new DecompressionStream('gzip'));
    for await (const chunk of inflated) {
      bytes += chunk.length;
      if (bytes > maxBytes) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new ChathooksError(
      'unsupported_content_encoding',
      'The gzip body cannot be inflated: it is truncated or damaged',
      { cause },
    );
  }
  if (bytes > maxBytes) {
    throw new ChathooksError('body_too_large', `The gzip body inflates to more than the limit of ${maxBytes} bytes`);
  }
  return Buffer.concat(chunks);
}
