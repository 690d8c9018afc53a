import { randomUUID } from 'node:crypto';
import { type Agent, type ClientRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { createReceiver, defineProvider, type Logger, type Receiver, type ReceiverSettings } from '@chathooks/core';

/** What an adapter handed to the receiver, with the headers that the suite sends. */
export interface SeenRequest {
  readonly url: string;
  readonly path: string;
  readonly connection: string | undefined;
  readonly probe: string | undefined;
  readonly repeated: string | undefined;
  readonly body: Buffer;
}

/** A receiver that tells what reaches it. */
export interface Probe {
  readonly receiver: Receiver;
  readonly seen: readonly SeenRequest[];
  /** Waits for a line of the log about an error of this code. */
  logged(code: string): Promise<LogEntry>;
}

/** A line of the log. */
export interface LogEntry {
  readonly details: object;
  readonly message: string;
}

/** Makes a {@link Probe}. Its provider lets in everything, at `/webhooks/probe`, and answers GET with `?challenge=`. */
export function createProbe(settings: ReceiverSettings = {}, onPing?: () => unknown): Probe {
  const seen: SeenRequest[] = [];
  const entries: LogEntry[] = [];
  const waiting = new Set<() => void>();
  const log: Logger['warn'] = (details, message) => {
    entries.push({ details, message });
    for (const check of waiting) check();
  };
  const provider = defineProvider({
    name: 'probe',
    verifier: {
      verify({ request: { url, path, header }, connection, body }) {
        const headers = { probe: header('x-probe'), repeated: header('x-repeated') };
        seen.push({ url, path, connection, ...headers, body: Buffer.from(body) });
        return { ok: true, secret: 'probe' };
      },
    },
    handshake: {
      reply({ url }) {
        const body = new URL(url, 'http://localhost').searchParams.get('challenge') ?? '';
        return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
      },
    },
    parse: (body) => body.length,
    normalize: (raw) => [{ type: 'ping', key: randomUUID(), providerEvent: 'probe', data: {}, raw }],
  });
  const receiver = createReceiver({
    providers: [provider],
    logger: { debug: log, warn: log, error: log },
    ...(onPing && { onPing }),
    ...settings,
  });
  return {
    receiver,
    seen,
    logged: (code) =>
      new Promise((resolve) => {
        const check = () => {
          const entry = entries.find(({ details }) => 'code' in details && details.code === code);
          if (!entry) return;
          waiting.delete(check);
          resolve(entry);
        };
        waiting.add(check);
        check();
      }),
  };
}

/** What a server answered. */
export interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What to send. */
export interface Sent {
  /** @defaultValue POST */
  readonly method?: string;
  /** @defaultValue `content-type: application/json` */
  readonly headers?: OutgoingHttpHeaders;
  /** One piece goes with a `content-length`, several go chunked. */
  readonly body?: string | Uint8Array | readonly Uint8Array[];
  readonly agent?: Agent;
}

/** Sends a request and waits for its answer. */
export function send(url: string, { body = '', ...sent }: Sent = {}): Promise<Answer> {
  const pieces = typeof body === 'string' || body instanceof Uint8Array ? [body] : body;
  const length = pieces.length === 1 ? { 'content-length': Buffer.byteLength(pieces[0] ?? '') } : {};
  const outgoing = open(url, { ...sent, headers: { ...length, ...sent.headers } });
  for (const piece of pieces) if (piece.length > 0) outgoing.write(piece);
  outgoing.end();
  return answerTo(outgoing);
}

/** Begins a request whose body is up to the caller. */
export function open(url: string, { method = 'POST', headers, agent }: Sent = {}): ClientRequest {
  const outgoing = request(url, {
    method,
    agent: agent ?? false,
    headers: { 'content-type': 'application/json', ...headers },
  });
  // A server that stops reading may hang up while we still send. What it answered counts.
  outgoing.on('error', () => {});
  return outgoing;
}

/** Waits for the answer to a request. */
export function answerTo(outgoing: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.on('response', async (incoming) => {
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of incoming) chunks.push(chunk);
        resolve({ status: incoming.statusCode, headers: incoming.headers, body: Buffer.concat(chunks) });
      } catch (error) {
        reject(error);
      }
    });
  });
}
