import { ChathooksError } from '../errors.ts';
import type { InboundRequest } from '../http.ts';
import { type BodyStreamLike, bytesLeft, readStream } from './body.ts';

/** The part of an `IncomingMessage` that is read. */
export interface NodeRequestLike extends BodyStreamLike {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** What a body parser that ran earlier may have left. Only bytes and text are of use. */
export interface ParsedLike {
  readonly rawBody?: unknown;
  readonly body?: unknown;
}

/** Where a framework keeps what we read. */
export interface RequestParts {
  /** See {@link InboundRequest.path}. */
  readonly path: string;
  /** See {@link InboundRequest.url}. */
  readonly url: string;
  readonly parsed: ParsedLike;
  /** The stream of the body. @defaultValue the request */
  readonly stream?: BodyStreamLike;
}

/**
 * Makes what turns a framework's requests into values.
 *
 * @param fix - what the user is to do when a parser has read the body and kept no bytes: a sentence for the log
 */
export function createRequestReader(fix: string): (request: NodeRequestLike, parts: RequestParts) => InboundRequest {
  return (request, { path, url, parsed, stream = request }) => ({
    method: request.method ?? '',
    url,
    path,
    header(name) {
      const value = request.headers[name];
      return typeof value === 'object' ? value.join(', ') : value;
    },
    body(maxBytes) {
      // Express 4 leaves `body = {}` on requests that its parser skipped, so only the stream tells whether it was read.
      const untouched = stream.readableDidRead === false;
      if (untouched && !stream.readableEnded) {
        return readStream(stream, Number(request.headers['content-length'] ?? 0), maxBytes);
      }
      const bytes = bytesLeft([parsed.rawBody, parsed.body, untouched ? '' : undefined], maxBytes);
      if (bytes) return bytes;
      throw new ChathooksError(
        'body_consumed',
        `Something read the body before chathooks could, and kept neither its bytes nor its text. ${fix}`,
      );
    },
  });
}

/** The path of a request target, without the query. A proxy may send the absolute form, `http://host/path`. */
export function pathOf(target: string): string {
  if (!target.startsWith('/') && URL.canParse(target)) return new URL(target).pathname;
  const end = target.indexOf('?');
  return end === -1 ? target : target.slice(0, end);
}

/** The URL of a request target, or the target as it is when the host is not known. */
export function absoluteUrl(protocol: string, headers: NodeRequestLike['headers'], target: string): string {
  const host = headers.host ?? headers[':authority'];
  return host === undefined || !target.startsWith('/') ? target : `${protocol}://${host}${target}`;
}
