import { setTimeout as delay } from 'node:timers/promises';
import { deliveryOf, idOf, type Name } from './deliveries.ts';
import type { Process } from './scene.ts';

/** What a vendor was told. */
export interface Sent {
  /** Ids of the events that were answered 200. */
  readonly acknowledged: Set<string>;
  /** How often each answer came: a status, or what kept an answer from coming. */
  readonly answers: Map<number | string, number>;
}

export const nothingSent = (): Sent => ({ acknowledged: new Set(), answers: new Map() });

export interface LoadOptions {
  /** To whom an event may be sent now. */
  readonly receivers: () => readonly Process[];
  readonly chats: number;
  readonly perChat: number;
  /** How many chats are sent at once. @defaultValue 32 */
  readonly lanes?: number;
  /** One of so many events is sent to two processes at once. @defaultValue 10 */
  readonly twiceEvery?: number;
  /** Ends the load early, between two events of a chat. */
  readonly enough?: () => boolean;
}

/**
 * Sends events as a vendor does: those of a chat in order, each again until it is acknowledged.
 *
 * @param sent - is kept up to date meanwhile
 */
export async function sendLoad(options: LoadOptions, sent: Sent): Promise<void> {
  const { receivers, chats, perChat, lanes = 32, twiceEvery = 10, enough = () => false } = options;
  const waiting = Array.from({ length: chats }, (_, index) => `chat${index}`);
  let turn = 0;

  async function sendChats(): Promise<void> {
    for (let chat = waiting.shift(); chat !== undefined; chat = waiting.shift()) {
      for (let place = 0; place < perChat && !enough(); place++) {
        const name = { chat, place };
        const times = ++turn % twiceEvery === 0 ? 2 : 1;
        await Promise.all(Array.from({ length: times }, () => sendUntilTaken(name)));
      }
    }
  }

  async function sendUntilTaken(name: Name): Promise<void> {
    for (;;) {
      const list = receivers();
      const to = list[++turn % list.length];
      if (to && (await send(to, name, sent)) === 200) return;
      await delay(10 + Math.random() * 20); // vendors wait longer
    }
  }

  await Promise.all(Array.from({ length: lanes }, sendChats));
}

/** Sends an event once, and returns the status of the reply, or a word on why there is none. */
export async function send(to: Process, name: Name, sent: Sent, limitMs = 15_000): Promise<number | string> {
  const { method, path, headers, body } = deliveryOf(name);
  const answer = await fetch(`${to.url}${path}`, { method, headers, body, signal: AbortSignal.timeout(limitMs) })
    .then(
      (response) => response.arrayBuffer().then(() => response.status),
      (error: unknown) => (error instanceof Error && error.name === 'TimeoutError' ? 'no answer' : 'hung up'),
    )
    .catch(() => 'hung up');
  sent.answers.set(answer, (sent.answers.get(answer) ?? 0) + 1);
  if (answer === 200) sent.acknowledged.add(idOf(name));
  return answer;
}
