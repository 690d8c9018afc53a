import type { InboundRequest, Reply } from '../http.ts';
import type { Provider } from '../providers/provider.ts';
import { replyToError } from './reply.ts';

/** Answers what is not a delivery: the GET with which some vendors check the URL, and methods that nobody uses. */
export async function answerHandshake(provider: Provider, request: InboundRequest): Promise<Reply> {
  if (request.method === 'GET' && provider.handshake) return provider.handshake(request);
  const { headers, ...reply } = replyToError('method_not_allowed');
  return { ...reply, headers: { ...headers, allow: provider.handshake ? 'GET, POST' : 'POST' } };
}
