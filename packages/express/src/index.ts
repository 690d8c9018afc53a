import { type Receiver, type ReceiverOptions, toReceiver } from '@chathooks/core';
import {
  absoluteUrl,
  createRequestReader,
  type NodeRequestLike,
  type NodeResponseLike,
  type ParsedLike,
  pathOf,
  writeReply,
} from '@chathooks/core/node';

export * from '@chathooks/core';

/** What is read of an Express request. */
export interface ExpressRequestLike extends NodeRequestLike, ParsedLike {
  /** Below the mount point. */
  readonly url: string;
  readonly originalUrl: string;
  readonly protocol: string;
}

/** A middleware of Express 4 and 5. */
export interface ExpressWebhooks {
  (request: ExpressRequestLike, response: NodeResponseLike, next: (error?: unknown) => void): Promise<void>;
  /** The receiver that answers. */
  readonly receiver: Receiver;
}

const read = createRequestReader(
  'Mount webhooks() before express.json(), or keep the bytes: ' +
    'express.json({ verify: (request, _response, bytes) => { request.rawBody = bytes; } })',
);

/**
 * Mounts a receiver in Express. What is not ours goes to `next()`, unexpected errors to `next(error)`.
 *
 * @remarks Mount it before body parsers: signatures are made of the bytes that those consume.
 * @param options - the options of a receiver, or a receiver
 * @throws what {@link createReceiver} throws
 * @example
 * ```ts
 * app.use(webhooks({
 *   providers: [wexio({ secret: process.env.WEXIO_SECRET! })],
 *   onMessageInbound: async ({ data }) => { await crm.addMessage(data.message); },
 * }));
 * ```
 */
export function webhooks(options: ReceiverOptions | Receiver): ExpressWebhooks {
  const receiver = toReceiver(options);

  async function middleware(
    request: ExpressRequestLike,
    response: NodeResponseLike,
    next: (error?: unknown) => void,
  ): Promise<void> {
    try {
      const url = absoluteUrl(request.protocol, request.headers, request.originalUrl);
      const reply = await receiver.handle(read(request, { path: pathOf(request.url), url, parsed: request }));
      if (reply) return writeReply(response, reply);
    } catch (error) {
      return next(error);
    }
    next();
  }

  return Object.assign(middleware, { receiver });
}
