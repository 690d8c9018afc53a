import { hmacKey } from '../../signatures/hmac-key.ts';
import type { JsonObject, Samples } from '../samples.ts';

/** How Meta signs, for the samples of both platforms. */
export const headers: Samples['headers'] = (body, { secret }) => ({
  'content-type': 'application/json',
  'x-hub-signature-256': `sha256=${hmacKey('sha256', secret)('', body, '', 'hex')}`,
});

/** The GET with which Meta checks a URL. */
export const handshakeOf = (verifyToken: string): NonNullable<Samples['handshake']> => ({
  query: `hub.mode=subscribe&hub.verify_token=${verifyToken}&hub.challenge=1158201444`,
  reply: '1158201444',
});

/** Makes the payloads of one page or account. The shapes are the vendor's, the values are made up. */
export function payloadsOf(object: 'page' | 'instagram', { account, customer }: { account: string; customer: string }) {
  const time = 1781079330250;
  const entry = (content: JsonObject): JsonObject => ({ object, entry: [{ id: account, time, ...content }] });
  const fromCustomer = (content: JsonObject): JsonObject => ({
    sender: { id: customer },
    recipient: { id: account },
    timestamp: 1781079330000,
    ...content,
  });
  return {
    /** The customer did something. */
    inbound: (content: JsonObject) => entry({ messaging: [fromCustomer(content)] }),
    /** The business wrote. */
    echo: (content: JsonObject) =>
      entry({
        messaging: [
          {
            sender: { id: account },
            recipient: { id: customer },
            timestamp: 1781079331000,
            message: { is_echo: true, ...content },
          },
        ],
      }),
    /** A copy for an app that does not control the thread. */
    standby: (content: JsonObject) => entry({ standby: [fromCustomer(content)] }),
    /** Something happened to the page itself. */
    page: (content: JsonObject) =>
      entry({ messaging: [{ recipient: { id: account }, timestamp: 1781079332000, ...content }] }),
    change: (field: string, value: JsonObject) => entry({ changes: [{ field, value }] }),
    /** A press on the dashboard's test button. */
    test: (field: string, content: JsonObject) => entry({ changes: [{ field, value: fromCustomer(content) }] }),
  };
}
