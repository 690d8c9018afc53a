import type { EventType } from '@chathooks/express';
import { type Changes, type DeliverOptions, deliver, type SignedDelivery } from '@chathooks/testing';
import { whatsappBatch } from './batch.ts';
import type { Verdict } from './observe.ts';
import { type Vendor, vendors } from './vendors.ts';

/** What is sent: a delivery, or the GET with which a vendor checks a URL. */
export type SentRequest = SignedDelivery | { readonly method: 'GET'; readonly path: string };

/** One request, and how it must end. */
export interface Step {
  readonly vendor: string;
  /** What the vendor sends, in its own words. */
  readonly sends: string;
  readonly request: SentRequest;
  /** None when there is nothing to handle. */
  readonly verdict: Verdict | undefined;
  readonly status: number;
  /** The normalized events that the handlers must be given. @defaultValue any */
  readonly types?: readonly EventType[];
  /** Makes the handlers fail. */
  readonly crmDown?: boolean;
  /** What a handler gives to `context.reply`. @defaultValue nothing */
  readonly answer?: unknown;
  /** What the vendor must be answered. @defaultValue anything */
  readonly reply?: string;
}

/** How the steps of a chapter are printed: each by itself, or those together that ended alike. */
export const layouts = ['each', 'by vendor and type', 'by outcome'] as const;
export type Layout = (typeof layouts)[number];

/** Steps that show one thing. */
export interface Chapter {
  readonly title: string;
  readonly explanation: string;
  readonly layout: Layout;
  readonly steps: readonly Step[];
}

/**
 * Tells the whole story, freshly signed.
 *
 * @param origin - where it is sent to: some vendors sign the URL
 */
export function createScenario(origin: string): readonly Chapter[] {
  const told = { origin };
  return [
    {
      title: 'Everything that vendors send',
      explanation: 'Whatever a vendor calls its events, handlers get the same few types.',
      layout: 'by vendor and type',
      steps: vendors.flatMap((vendor) => vendor.deliveries.events.map((event) => sample(vendor, event, told))),
    },
    {
      title: 'Vendors that check the URL first',
      explanation: 'Before they send anything, they ask with a GET. Only who knows the token is answered.',
      layout: 'each',
      steps: vendors.flatMap(handshakes),
    },
    {
      title: 'Deliveries that come twice',
      explanation: 'Vendors repeat a delivery whose answer they missed. It is acknowledged, and no handler runs again.',
      layout: 'by outcome',
      steps: vendors.map((vendor) => ({
        ...sample(vendor, vendor.deliveries.events[0] ?? '', told),
        sends: 'its first event again',
        verdict: 'duplicate',
        types: [],
      })),
    },
    {
      title: 'News that comes too late',
      explanation: 'Vendors may deliver out of order. "delivered" after "read" is passed on, but marked stale.',
      layout: 'each',
      steps: [
        xobitoStatus('message.read', 'handled'),
        xobitoStatus('message.delivered', 'stale'),
        aisouleStatus('message.read', 'handled'),
        aisouleStatus('message.delivered', 'stale'),
      ],
    },
    {
      title: 'A handler that fails',
      explanation: 'The CRM is down, so the vendor hears 500 and sends again. Nothing is lost, nothing done twice.',
      layout: 'each',
      steps: [
        { ...attempt(1), verdict: 'failed', status: 500, crmDown: true },
        { ...attempt(2), verdict: 'retried', status: 200, types: ['message.inbound'] },
        { ...attempt(3), verdict: 'duplicate', status: 200 },
      ],
    },
    {
      title: 'One delivery, many events',
      explanation: 'WhatsApp packs what happened at about the same time into one request. Each is handled by itself.',
      layout: 'each',
      steps: [whatsappBatch()],
    },
    {
      title: 'Answers in the reply',
      explanation: 'Some vendors act on what they hear: a handler answers with context.reply, and calls no API.',
      layout: 'each',
      steps: [
        answered('telegram', 'message.text', deliver.telegram('message.text', {}, again), {
          method: 'sendMessage',
          chat_id: 5550001112,
          text: 'Yes, from noon.',
        }),
        answered('viber', 'conversation_started', deliver.viber('conversation_started', {}, again), {
          type: 'text',
          text: 'Welcome to the shop!',
          sender: { name: 'Tulip shop' },
        }),
        answered(
          'twilio',
          'incoming.sms',
          deliver.twilio('incoming.sms', {}, { ...told, ...again }),
          '<Response><Message>Yes, from noon.</Message></Response>',
        ),
      ],
    },
    {
      title: 'Events that nobody has heard of',
      explanation: 'Genuine, but in no table of ours: they go to onUnknown, whole, instead of being dropped.',
      layout: 'by outcome',
      steps: vendors.map((vendor) => brandNew(vendor, told)),
    },
    {
      title: 'Forgeries',
      explanation: 'Signed with another secret, changed on the way, not signed, or recorded and played back later.',
      layout: 'by outcome',
      steps: [
        ...vendors.map(({ name, deliveries }) =>
          forged(name, 'another secret', deliveries(deliveries.events[0] ?? '', {}, { ...told, secret: 'guess' })),
        ),
        forged('watsi', 'a changed body', {
          ...deliver.watsi('message.received'),
          body: new TextEncoder().encode('{}'),
        }),
        forged('xobito', 'no signature', { ...deliver.xobito('message.read'), headers: {} }),
        forged('wexio', 'an old recording', deliver.wexio('chat.created', {}, { now: Date.now() - 15 * 60_000 })),
      ],
    },
    {
      title: 'Bodies that are broken',
      explanation: 'Signed correctly, but no JSON: a retry cannot help, and 400 says so.',
      layout: 'by outcome',
      steps: vendors
        .filter(({ sendsJson }) => sendsJson)
        .map(({ name, deliveries }) => ({
          vendor: name,
          sends: 'half a body',
          request: deliveries.body('{"event":"cut o', told),
          verdict: 'refused',
          status: 400,
        })),
    },
  ];
}

/** A sample as a new event. One that is not modelled ends as unknown. */
function sample({ name, deliveries, typesOf }: Vendor, event: string, options: DeliverOptions): Step {
  const types = typesOf(event);
  const verdict = types.includes('unknown') ? 'unknown' : types.length > 0 ? 'handled' : undefined;
  return { vendor: name, sends: event, request: deliveries(event, {}, options), verdict, status: 200, types };
}

/** The GET of a vendor that checks the URL, once as it should be, and once by somebody who guesses the token. */
function handshakes({ name, deliveries: { handshake }, samples }: Vendor): Step[] {
  if (!handshake) return [];
  const secrets = new Set([samples.secret, ...Object.values(samples.environment ?? {})]);
  const [path = '', query] = handshake().split('?');
  const guess = new URLSearchParams(query);
  for (const [parameter, value] of guess) if (secrets.has(value)) guess.set(parameter, 'guess');
  const asks = (sends: string, target: string) => ({
    vendor: name,
    sends,
    request: { method: 'GET' as const, path: target },
  });
  return [
    {
      ...asks('the right token', handshake()),
      verdict: 'confirmed',
      status: 200,
      ...(samples.handshake && { reply: samples.handshake.reply }),
    },
    { ...asks('a wrong token', `${path}?${guess}`), verdict: 'refused', status: 401 },
  ];
}

/** Of a connection of their own, the samples are news once more. */
const again: DeliverOptions = { connection: 'again' };

function answered(vendor: string, sends: string, request: SignedDelivery, answer: unknown): Step {
  const reply = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return { vendor, sends, request, verdict: 'handled', status: 200, answer, reply };
}

function brandNew({ name, deliveries, samples }: Vendor, options: DeliverOptions): Step {
  const payload = { event: 'brand.new', type: 'brand.new', id: 'evt_new' };
  const body = samples.encode?.(payload) ?? JSON.stringify(payload);
  const request = deliveries.body(body, options);
  return { vendor: name, sends: 'brand.new', request, verdict: 'unknown', status: 200, types: ['unknown'] };
}

const forged = (vendor: string, sends: string, request: SignedDelivery): Step => ({
  vendor,
  sends,
  request,
  verdict: 'refused',
  status: 401,
});

function xobitoStatus(event: 'message.read' | 'message.delivered', verdict: Verdict): Step {
  const changes: Changes = { data: { message_id: 'wamid.DEMO1' } };
  return { vendor: 'xobito', sends: event, request: deliver.xobito(event, changes), verdict, status: 200 };
}

function aisouleStatus(event: 'message.read' | 'message.delivered', verdict: Verdict): Step {
  const changes: Changes = { data: { message_id: 'msg_demo1' } };
  return { vendor: 'aisoule', sends: event, request: deliver.aisoule(event, changes), verdict, status: 200 };
}

/** Wexio counts its attempts in the body, which is therefore another one each time: only the event's id is the same. */
function attempt(number: number) {
  const event = 'message.inbound.created';
  const changes: Changes = { id: 'evt_demo1', meta: { eventId: 'evt_demo1', attempt: number } };
  return { vendor: 'wexio', sends: event, request: deliver.wexio(event, changes) };
}
