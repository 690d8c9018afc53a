import { ChathooksError } from '../../errors.ts';
import type { ChatEvent } from '../../events/event.ts';
import type { Reply } from '../../http.ts';
import { isRecord } from '../provider.ts';

/**
 * The reply that carries a welcome message, which Viber takes in answer to `conversation_started` only: the body of its
 * `send_message` without `receiver`.
 *
 * @param content - a message object of Viber, with at least a `type`
 * @returns `undefined` for every other event, which Viber takes no answer to
 * @throws {@link ChathooksError} `invalid_reply`
 */
export function toReply(content: unknown, { type: eventType }: Pick<ChatEvent, 'type'>): Reply | undefined {
  if (eventType !== 'chat.created') return undefined;
  const type = isRecord(content) ? content.type : undefined;
  if (typeof type !== 'string' || type === '') {
    throw new ChathooksError(
      'invalid_reply',
      `The welcome message is ${describe(content)}, expected a message of Viber like { type: 'text', text: '…', sender: { name: '…' } }`,
    );
  }
  return { status: 200, headers: { 'content-type': 'application/json' }, body: toJson(content) };
}

function describe(content: unknown): string {
  if (content === null) return 'null';
  if (Array.isArray(content)) return 'a list';
  return isRecord(content) ? 'an object without a type' : typeof content;
}

function toJson(content: unknown): string {
  try {
    return JSON.stringify(content);
  } catch {
    // Without a cause: its message may quote the content.
    throw new ChathooksError('invalid_reply', 'The welcome message cannot be written as JSON, expected plain data');
  }
}
