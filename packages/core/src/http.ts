import type { Awaitable } from './awaitable.ts';

/**
 * One HTTP request as a plain value. Adapters make it; the core knows nothing of `req`, `ctx` or sockets.
 */
export interface InboundRequest {
  /** Upper-case method, `POST`. */
  readonly method: string;
  /** The URL as the sender called it: absolute when the adapter knows the host, otherwise path and query. */
  readonly url: string;
  /** Path below the point where the receiver is mounted, percent-encoded as sent, without the query. */
  readonly path: string;
  /** Looks a header up by its lower-case name. Repeated headers are joined by `, `. */
  header(name: string): string | undefined;
  /**
   * The exact bytes of the body, read once.
   *
   * @param maxBytes - where to stop reading
   * @throws {@link ChathooksError} `body_too_large`, `body_consumed` or `body_aborted`
   */
  body(maxBytes: number): Awaitable<Uint8Array>;
}

/** What to answer. Adapters write it as it is. */
export interface Reply {
  readonly status: number;
  /** Lower-case names. `content-length` is the adapter's business. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The parameters of a request's query. */
export function queryOf({ url }: Pick<InboundRequest, 'url'>): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : url.slice(start).replace(/#.*$/, ''));
}
