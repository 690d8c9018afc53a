import { ChathooksError } from '../errors.ts';
import { type InboundRequest, queryOf, type Reply } from '../http.ts';
import { querySecret } from './credentials.ts';
import type { SecretSource } from './secrets.ts';
import type { Verifier } from './verifier.ts';

/**
 * The handshake of WebSub, which Meta uses: `GET ?hub.mode=subscribe&hub.verify_token=…&hub.challenge=…` is answered with
 * the bare challenge if the token is ours.
 *
 * @throws {@link ChathooksError} `missing_secret`
 */
export function hubHandshake({ verifyToken }: { readonly verifyToken: SecretSource }): {
  readonly verifier: Verifier;
  reply(request: InboundRequest): Reply;
} {
  return { verifier: querySecret({ parameter: 'hub.verify_token', secret: verifyToken }), reply };
}

function reply(request: InboundRequest): Reply {
  const query = queryOf(request);
  const challenge = query.get('hub.challenge');
  if (query.get('hub.mode') === 'subscribe' && challenge) {
    return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: challenge };
  }
  throw new ChathooksError(
    'invalid_body',
    'The token of the handshake is right, but there is no hub.mode=subscribe with a hub.challenge',
  );
}
