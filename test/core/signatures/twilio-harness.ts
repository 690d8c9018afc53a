import { createHmac } from 'node:crypto';
import { createReceiver, type Provider, type TwilioOptions, twilio } from '@chathooks/core';
import { recordLogs } from '../harness.ts';

/** The parameters of a form, as often as they are sent. */
export type Parameters = readonly (readonly [name: string, value: string])[];

/** What Twilio signs, from its description and in other words than ours. */
export function signedText(url: string, parameters: Parameters): string {
  const pairs = new Set(parameters.map(([name, value]) => JSON.stringify([name, value])));
  const sorted = [...pairs].map((pair): [string, string] => JSON.parse(pair));
  const before = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1);
  sorted.sort(([a, x], [b, y]) => before(a, b) || before(x, y));
  return url + sorted.map((pair) => pair.join('')).join('');
}

export const sign = (text: string, token = 'token'): string => createHmac('sha1', token).update(text).digest('base64');

/** A form as browsers write it; Twilio's is the same but for the order. */
export const encodeForm = (parameters: Parameters): string =>
  new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value])).toString();

export const message: Parameters = [
  ['MessageSid', 'SM1'],
  ['From', '+15005550010'],
  ['To', '+15005550006'],
  ['Body', 'Is it open?'],
];

/** How a request reaches the receiver, and what Twilio signed. */
export interface Sent {
  /** As Twilio has it. */
  readonly signedUrl: string;
  /** As the adapter tells it. @defaultValue the same */
  readonly url?: string;
  /** @defaultValue that of `url` */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly parameters?: Parameters;
  /** @defaultValue the parameters as a form */
  readonly body?: string | Uint8Array;
  readonly token?: string;
}

/** A receiver with Twilio on it, and what it logs. */
export function receivingTwilio(
  options: Partial<TwilioOptions> = {},
  { path = '/webhooks', others = [] }: { readonly path?: string; readonly others?: readonly Provider[] } = {},
) {
  const { logger, lines, text } = recordLogs();
  const events: unknown[] = [];
  const receiver = createReceiver({
    providers: [twilio({ authToken: 'token', ...options }), ...others],
    path,
    logger,
    onEvent: (event) => void events.push(event),
  });
  return {
    events,
    text,
    /** What was logged last. */
    message: () => lines.at(-1)?.message ?? '',
    reason: () => lines.at(-1)?.details.reason,
    async send({ signedUrl, url = signedUrl, headers = {}, parameters = message, token, ...sent }: Sent) {
      const body = Buffer.from(sent.body ?? encodeForm(parameters));
      const all: Readonly<Record<string, string | undefined>> = {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': sign(signedText(signedUrl, parameters), token),
        ...headers,
      };
      const withoutQuery = url.replace(/^https?:\/\/[^/]*/, '').split('?')[0] ?? '';
      const reply = await receiver.handle({
        method: 'POST',
        url,
        path: sent.path ?? withoutQuery,
        header: (name) => all[name],
        body: () => body,
      });
      return reply?.status;
    },
  };
}
