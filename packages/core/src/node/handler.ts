import { consoleLogger } from '../logger.ts';
import type { ReceiverOptions } from '../options.ts';
import { replyToError } from '../pipeline/reply.ts';
import { type Receiver, toReceiver } from '../receiver.ts';
import { type NodeResponseLike, writeReply } from './reply.ts';
import { absoluteUrl, createRequestReader, type NodeRequestLike, type ParsedLike, pathOf } from './request.ts';

/** What {@link toNodeHandler} reads of a request: an `IncomingMessage`, also one that Connect has been at. */
export interface NodeHandlerRequest extends NodeRequestLike, ParsedLike {
  /** Of TLS if it is `encrypted`. */
  readonly socket: object;
  /** The URL before a part of it was stripped for mounting. */
  readonly originalUrl?: string;
}

/** A request handler of `node:http`, and a middleware of Connect. */
export interface NodeHandler {
  (request: NodeHandlerRequest, response: NodeResponseLike, next?: (error?: unknown) => void): Promise<void>;
  /** The receiver that answers. */
  readonly receiver: Receiver;
}

const read = createRequestReader(
  'Call the handler before anything reads the request, or keep the bytes as request.rawBody',
);

/**
 * Mounts a receiver in a server of `node:http`, `node:https` or the compatibility API of `node:http2`.
 *
 * What is not ours is answered with 404 or, when the handler is given a `next`, left to it; so are unexpected errors,
 * which are otherwise answered with 500 and logged on the console.
 *
 * @param options - a receiver, or the options to make one of
 * @throws what {@link createReceiver} throws
 * @example
 * ```ts
 * createServer(toNodeHandler({ providers: [wexio({ secret })], onMessageInbound })).listen(3000);
 * ```
 */
export function toNodeHandler(options: ReceiverOptions | Receiver): NodeHandler {
  const receiver = toReceiver(options);

  async function handler(
    request: NodeHandlerRequest,
    response: NodeResponseLike,
    next?: (error?: unknown) => void,
  ): Promise<void> {
    try {
      const { url: target = '/', originalUrl = target, headers, socket } = request;
      const url = absoluteUrl('encrypted' in socket ? 'https' : 'http', headers, originalUrl);
      const answered = await receiver.handle(read(request, { path: pathOf(target), url, parsed: request }));
      const reply = answered ?? (next ? undefined : replyToError('not_found'));
      if (reply) return writeReply(response, reply);
    } catch (error) {
      if (next) return next(error);
      consoleLogger.error({ error }, 'A request could not be answered');
      return writeReply(response, replyToError('internal_error'));
    }
    next?.();
  }

  return Object.assign(handler, { receiver });
}
