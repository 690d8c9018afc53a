import { createReceiver, type Receiver, type ReceiverOptions } from '@chathooks/core';
import { absoluteUrl, type BodyStreamLike, createRequestReader, pathOf } from '@chathooks/core/node';
import type { FastifyLike, FastifyReplyLike, FastifyRequestLike, FastifyWebhooksOptions } from './fastify.ts';

export * from '@chathooks/core';
export type * from './fastify.ts';

const read = createRequestReader(
  'Register no preParsing hook that reads these bodies, or one that keeps the bytes as request.rawBody',
);

/**
 * A Fastify plugin that mounts a receiver; the rest of the app keeps its content-type parsers.
 * What is not ours goes to the not-found handler, unexpected errors to the error handler.
 *
 * A receiver that the plugin made of options is closed with the app; one that it was given is not.
 *
 * @param options - the options of a receiver, or a receiver; with `prefix`, `logLevel` and `logSerializers` as
 * Fastify knows them
 * @throws what {@link createReceiver} throws
 * @example
 * ```ts
 * app.register(webhooks, {
 *   providers: [wexio({ secret: process.env.WEXIO_SECRET! })],
 *   onMessageInbound: async ({ data }) => { await crm.addMessage(data.message); },
 * });
 * ```
 */
export async function webhooks(app: FastifyLike, options: FastifyWebhooksOptions): Promise<void> {
  const receiver = 'handle' in options ? options : ownReceiver(app, options);
  const prefixDepth = app.prefix.split('/').length - 1;

  async function answer(request: FastifyRequestLike, reply: FastifyReplyLike): Promise<unknown> {
    const { raw, body } = request;
    const result = await receiver.handle(
      read(raw, {
        path: dropSegments(pathOf(request.url), prefixDepth),
        url: absoluteUrl(request.protocol, raw.headers, request.originalUrl),
        parsed: request,
        stream: isStream(body) ? body : raw,
      }),
    );
    if (reply.raw.destroyed) {
      reply.hijack();
    } else if (result) {
      reply.code(result.status);
      reply.headers({ ...result.headers });
      reply.send(result.body);
    } else {
      reply.callNotFound();
    }
    return reply;
  }

  // Parsers belong to this plugin's scope. Ours hands the stream on: the receiver knows when to read it, and its limits.
  app.removeAllContentTypeParsers();
  // Fastify looks a named type up faster than the rest.
  app.addContentTypeParser(['application/json', '*'], (_request, payload, done) => done(null, payload));
  for (const path of receiver.paths) {
    const route = path.replaceAll(':', '::');
    app.all(route, answer);
    app.all(route === '/' ? '/*' : `${route}/*`, answer);
  }
}

export default webhooks;

/** Where there is no body, Fastify calls no parser, ours neither. */
const isStream = (body: unknown): body is BodyStreamLike =>
  typeof body === 'object' && body !== null && 'readableEnded' in body;

/** Fastify passes on what `register` is given, its own options too. */
function ownReceiver(app: FastifyLike, options: FastifyWebhooksOptions & ReceiverOptions): Receiver {
  const { prefix: _prefix, logLevel: _logLevel, logSerializers: _logSerializers, ...own } = options;
  const receiver = createReceiver(own);
  app.addHook('onClose', () => receiver.close());
  return receiver;
}

/** A prefix may hold parameters, so it is told by its number of segments. */
function dropSegments(path: string, count: number): string {
  return count === 0
    ? path
    : `/${path
        .split('/')
        .slice(count + 1)
        .join('/')}`;
}
