import { ChathooksError } from './errors.ts';
import type { InboundRequest } from './http.ts';
import type { ReceiverOptions } from './options.ts';
import { replyToError } from './pipeline/reply.ts';
import { type Receiver, toReceiver } from './receiver.ts';

/** A handler of fetch requests. */
export interface FetchHandler {
  (request: Request): Promise<Response>;
  /** The receiver that answers. */
  readonly receiver: Receiver;
}

/**
 * Mounts a receiver where requests and responses are those of `fetch`: Hono, Next.js, Bun, Deno, Workers.
 * What is not ours is answered with 404.
 *
 * @param options - a receiver, or the options to make one of
 * @throws what {@link createReceiver} throws
 * @example
 * ```ts
 * const handler = toFetchHandler({ providers: [wexio({ secret })], onMessageInbound });
 * app.mount('/', handler); // Hono
 * export const POST = handler, GET = handler; // Next.js, app/webhooks/[...path]/route.ts
 * ```
 */
export function toFetchHandler(options: ReceiverOptions | Receiver): FetchHandler {
  const receiver = toReceiver(options);
  const handler = async (request: Request): Promise<Response> => {
    const { status, headers, body } = (await receiver.handle(toInboundRequest(request))) ?? replyToError('not_found');
    // A status that allows no body, 204, does not allow an empty one either.
    return new Response(body === '' ? null : body, { status, headers });
  };
  return Object.assign(handler, { receiver });
}

function toInboundRequest(request: Request): InboundRequest {
  const { url, headers } = request;
  return {
    method: request.method,
    url,
    path: new URL(url).pathname,
    header: (name) => headers.get(name) ?? undefined,
    body: (maxBytes) => readBody(request, maxBytes),
  };
}

async function readBody({ bodyUsed, body, headers }: Request, maxBytes: number): Promise<Uint8Array> {
  if (bodyUsed || body?.locked) {
    throw new ChathooksError(
      'body_consumed',
      'Something read the body before chathooks could. Call the handler first, or read a request.clone()',
    );
  }
  if (Number(headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  if (!body) return new Uint8Array(0);

  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      size += next.value.length;
      if (size > maxBytes) break;
      chunks.push(next.value);
    }
  } catch (cause) {
    throw new ChathooksError('body_aborted', 'The sender hung up before the body was complete', { cause });
  }
  if (size > maxBytes) {
    // The reply does not wait for the sender to notice, and how that ends is of no interest.
    reader.cancel().catch(() => {});
    throw tooLarge(maxBytes);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : join(chunks, size);
}

function join(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const body = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}

const tooLarge = (maxBytes: number) =>
  new ChathooksError('body_too_large', `The body is larger than the limit of ${maxBytes} bytes`);
