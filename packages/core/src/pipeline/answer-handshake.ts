import type { InboundRequest, Reply } from '../http.ts';
import type { Verifier } from '../signatures/verifier.ts';
import { replyToError } from './reply.ts';
import type { Route } from './route.ts';
import { verify } from './verify.ts';

/**
 * Answers what is not a delivery: the GET with which some vendors check the URL, and methods that nobody uses.
 *
 * @throws as {@link verify} does, and what the provider throws
 */
export async function answerHandshake(
  { provider, connection, pathSecret }: Route,
  request: InboundRequest,
  now: number,
  others: ReadonlyMap<string, Verifier>,
): Promise<Reply> {
  const { name, handshake } = provider;
  if (request.method !== 'GET' || !handshake) {
    const { headers, ...reply } = replyToError('method_not_allowed');
    return { ...reply, headers: { ...headers, allow: handshake ? 'GET, POST' : 'POST' } };
  }
  const { verifier } = handshake;
  if (verifier) await verify({ name, verifier }, { request, body: noBody, connection, pathSecret, now }, others);
  return handshake.reply(request);
}

const noBody = new Uint8Array(0);
