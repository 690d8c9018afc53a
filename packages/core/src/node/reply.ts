import type { Reply } from '../http.ts';

/** The part of a `ServerResponse` that is written. */
export interface NodeResponseLike {
  readonly headersSent: boolean;
  readonly destroyed: boolean;
  writeHead(status: number, headers: Record<string, string | number>): unknown;
  end(body: string): unknown;
}

/** Writes a reply, unless the sender has gone or, a timeout of the app, something else has answered. */
export function writeReply(response: NodeResponseLike, { status, headers, body }: Reply): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...allowed(headers, response), 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** HTTP/2, told by its stream, has no connection header and warns of one. */
function allowed(headers: Reply['headers'], response: NodeResponseLike): Reply['headers'] {
  if (headers.connection === undefined || !('stream' in response)) return headers;
  const { connection: _connection, ...others } = headers;
  return others;
}
