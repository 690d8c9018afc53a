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
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
