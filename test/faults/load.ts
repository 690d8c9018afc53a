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
  /** How many events each chat has. */
  readonly perChat: number;
  /** Whether the chats are to have more than that. @defaultValue never */
  readonly more?: () => boolean;
  /** What a chat waits between two events, at random up to so long. @defaultValue 0 */
  readonly pauseMs?: number;
  /** One of so many events is sent to two processes at once. @defaultValue 10 */
  readonly twiceEvery?: number;
}

/**
 * Sends events as a vendor does: those of a chat in order, each again until it is acknowledged.
 *
 * @param sent - is kept up to date meanwhile
 */
export async function sendLoad(options: LoadOptions, sent: Sent): Promise<void> {
  const { receivers, chats, perChat, more = () => false, pauseMs = 0, twiceEvery = 10 } = options;
  let turn = 0;

  async function sendChat(chat: string): Promise<void> {
    for (let place = 0; place < perChat || more(); place++) {
      const times = ++turn % twiceEvery === 0 ? 2 : 1;
      await Promise.all(Array.from({ length: times }, () => sendUntilTaken({ chat, place })));
      await delay(Math.random() * pauseMs);
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

  await Promise.all(Array.from({ length: chats }, (_, index) => sendChat(`chat${index}`)));
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
