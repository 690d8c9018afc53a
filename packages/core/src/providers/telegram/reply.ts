import { ChathooksError } from '../../errors.ts';
import type { Reply } from '../../http.ts';
import { isRecord } from '../provider.ts';

/** As the Bot API server does not run them in a reply: `get…` and those that end the webhook. Names are read in any case. */
const notInReplies = /^(?:get\w*|setwebhook|deletewebhook|close|logout)$/i;

/**
 * A call of a Bot API method as the reply to an update: core.telegram.org/bots/api#making-requests-when-getting-updates.
 *
 * @throws {@link ChathooksError} `invalid_reply`
 */
export function toReply(content: unknown): Reply {
  const method = isRecord(content) ? content.method : undefined;
  if (typeof method !== 'string' || method === '') {
    throw new ChathooksError(
      'invalid_reply',
      `The reply is ${describe(content)}, expected an object with the name of a Bot API method, like { method: 'sendMessage', chat_id, text }`,
    );
  }
  if (notInReplies.test(method)) {
    throw new ChathooksError(
      'invalid_reply',
      `Telegram does not run ${method} in a reply: its result would reach nobody. Call the Bot API`,
    );
  }
  return { status: 200, headers: { 'content-type': 'application/json' }, body: write(content) };
}

function write(content: unknown): string {
  try {
    return JSON.stringify(content);
  } catch {
    // Without a cause: its message may quote the content.
    throw new ChathooksError('invalid_reply', 'The reply cannot be written as JSON, expected plain data');
  }
}

function describe(content: unknown): string {
  if (content === null) return 'null';
  if (Array.isArray(content)) return 'a list';
  return isRecord(content) ? 'an object without the name of a method' : typeof content;
}
