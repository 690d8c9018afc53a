import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { type ChatEvent, createReceiver, type Samples } from '@chathooks/core';
import { createTestClock, type SignedDelivery } from '@chathooks/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { vendors } from '../vendors.ts';
import { subjects } from './subjects.ts';

const clock = createTestClock();

interface Answer {
  readonly status: number | undefined;
  /** The media type: Express names the charset as well. None of an empty body, for which Koa and Fastify make one up. */
  readonly type: string | undefined;
  readonly body: string;
}

/** What a sample became: the vendor's reply, and the events that the handlers were given. */
interface Outcome extends Answer {
  readonly events: readonly ChatEvent[];
}

/** A receiver of all vendors, and what its handlers were given, by the connection that it came in by. */
function receiveAll() {
  const events = new Map<string | undefined, ChatEvent[]>();
  const receiver = createReceiver({
    providers: vendors.map(({ deliveries }) => deliveries.provider()),
    clock,
    logger: false,
    onEvent(event) {
      const others = events.get(event.connection);
      if (others) others.push(event);
      else events.set(event.connection, [event]);
    },
  });
  const eventsOf = (connection: string) => byId(events.get(connection) ?? []);
  return { receiver, eventsOf };
}

/** Chats are handled side by side, so the order of a delivery's events is that of their chats. */
const byId = (events: readonly ChatEvent[]) => [...events].sort((one, other) => (one.id < other.id ? -1 : 1));

/** Every sample of every vendor. Each comes in by a connection of its own, which tells whose events are whose. */
function everySample(origin: string) {
  return vendors.flatMap(({ vendor, samples, deliveries }) =>
    deliveries.events.map((event) => {
      const connection = `${vendor} ${event}`;
      const delivery = deliveries(event, {}, { origin, connection, now: clock.now() });
      return { connection, delivery, types: samples.events[event]?.types ?? [] };
    }),
  );
}

/** What the samples become without a server in between. */
const expected = new Map<string, Outcome>();
beforeAll(async () => {
  const { receiver, eventsOf } = receiveAll();
  const origin = 'http://localhost';
  for (const { connection, delivery, types } of everySample(origin)) {
    const { path, headers, body } = delivery;
    const header = (name: string) => headers[name];
    const reply = await receiver.handle({ method: 'POST', path, url: origin + path, header, body: () => body });
    const events = eventsOf(connection);
    expect({ connection, status: reply?.status, types: events.map(({ type }) => type).sort() }).toEqual({
      connection,
      status: 200,
      types: [...types].sort(),
    });
    expected.set(connection, {
      status: reply?.status,
      type: mediaType(reply?.headers['content-type'], reply?.body),
      body: reply?.body ?? '',
      events,
    });
  }
});

const agent = new Agent({ keepAlive: true, maxSockets: 16 });
afterAll(() => agent.destroy());

function send(url: string, { method, headers, body }: Partial<Omit<SignedDelivery, 'method'>> & { method: string }) {
  return new Promise<Answer>((resolve, reject) => {
    const outgoing = request(url, { agent, method, headers });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      const { statusCode: status, headers } = incoming;
      text(incoming).then((body) => resolve({ status, type: mediaType(headers['content-type'], body), body }), reject);
    });
    outgoing.end(body);
  });
}

const mediaType = (contentType: string | undefined, body: string | undefined) =>
  body ? contentType?.split(';', 1)[0] : undefined;

describe.each(subjects)('$name', ({ serve }) => {
  const { receiver, eventsOf } = receiveAll();
  let server: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    server = await serve({ receiver, prefix: '', onError: () => {} });
  });
  afterAll(() => server.close());

  it('receives every sample of every vendor, and answers it as that vendor expects', async () => {
    const outcomes = await Promise.all(
      everySample(server.url).map(async ({ connection, delivery }): Promise<[string, Outcome]> => {
        const answer = await send(server.url + delivery.path, delivery);
        return [connection, { ...answer, events: eventsOf(connection) }];
      }),
    );
    expect(new Map(outcomes)).toEqual(expected);
  });

  it('answers every vendor that checks the URL, if it knows the token, and refuses the GET of the others', async () => {
    for (const { vendor, samples, deliveries } of vendors) {
      const { handshake } = deliveries;
      const ask = async (path: string) => {
        const { status, body } = await send(server.url + path, { method: 'GET' });
        return { vendor, status, answer: status === 200 ? body : JSON.parse(body).code };
      };
      if (!handshake) {
        expect(await ask(`/webhooks/${vendor}`)).toEqual({ vendor, status: 405, answer: 'method_not_allowed' });
        continue;
      }
      expect(await ask(handshake())).toEqual({ vendor, status: 200, answer: samples.handshake?.reply });
      for (const path of withWrongTokens(handshake(), samples)) {
        expect(await ask(path)).toEqual({ vendor, status: 401, answer: 'verification_failed' });
      }
    }
  });
});

/** The handshake with another token, and with none. */
function withWrongTokens(handshake: string, { secret, environment = {} }: Samples): readonly string[] {
  const [path = '', query = ''] = handshake.split('?');
  const known = [secret, ...Object.values(environment)];
  const token = [...new URLSearchParams(query)].find(([, value]) => known.includes(value));
  if (!token) throw new Error(`No part of ${handshake} is a secret of the samples`);
  const [wrong, none] = [new URLSearchParams(query), new URLSearchParams(query)];
  wrong.set(token[0], 'guess');
  none.delete(token[0]);
  return [`${path}?${wrong}`, `${path}?${none}`];
}
