import type { Receiver, ReceiverOptions } from '@chathooks/core';
import type { BodyStreamLike, NodeRequestLike } from '@chathooks/core/node';

/** What is used of a Fastify instance, of version 4 or 5. */
export interface FastifyLike {
  readonly prefix: string;
  addHook(name: 'onClose', hook: () => Promise<void>): unknown;
  removeAllContentTypeParsers(): void;
  addContentTypeParser(
    contentTypes: string[],
    parser: (request: unknown, payload: BodyStreamLike, done: (error: null, body: BodyStreamLike) => void) => void,
  ): unknown;
  all(path: string, handler: (request: FastifyRequestLike, reply: FastifyReplyLike) => Promise<unknown>): unknown;
}

/** What is read of a Fastify request. */
export interface FastifyRequestLike {
  readonly raw: NodeRequestLike;
  readonly url: string;
  readonly originalUrl: string;
  readonly protocol: string;
  readonly body: unknown;
}

/** What is used of a Fastify reply. */
export interface FastifyReplyLike {
  readonly raw: { readonly destroyed: boolean };
  code(status: number): unknown;
  headers(headers: Record<string, string>): unknown;
  send(body: string): unknown;
  callNotFound(): unknown;
  hijack(): unknown;
}

/** The options of `register`: the receiver's, and those that Fastify takes for itself. */
export type FastifyWebhooksOptions = (ReceiverOptions | Receiver) & {
  /** Stands before the paths of the receiver. */
  readonly prefix?: string;
  readonly logLevel?: string;
  readonly logSerializers?: object;
};
