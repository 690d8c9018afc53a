import { type EventType, providerFactories } from '@chathooks/express';
import { type Changes, deliver, type SignedDelivery, type VendorDeliveries } from '@chathooks/testing';
import type { Verdict } from './observe.ts';

/** One delivery, and how it must end. */
export interface Step {
  readonly vendor: string;
  /** What the vendor sends, in its own words. */
  readonly sends: string;
  readonly delivery: SignedDelivery;
  readonly verdict: Verdict;
  readonly status: number;
  /** The normalized events that the handlers must be given. @defaultValue any */
  readonly types?: readonly EventType[];
  /** Makes the handlers fail. */
  readonly crmDown?: boolean;
}

/** Steps that show one thing. */
export interface Chapter {
  readonly title: string;
  readonly explanation: string;
  readonly steps: readonly Step[];
}

interface Vendor {
  readonly name: string;
  readonly deliveries: VendorDeliveries<string>;
  readonly typesOf: (event: string) => readonly EventType[];
}

/** Every vendor that chathooks knows. Only names from a vendor's own `events` are passed to its deliveries. */
const vendors: readonly Vendor[] = Object.entries(providerFactories).map(([name, { samples }]) => ({
  name,
  deliveries: deliver[name as keyof typeof deliver] as VendorDeliveries<string>,
  typesOf: (event) => new Map(Object.entries(samples.events)).get(event)?.types ?? [],
}));

/** Tells the whole story, freshly signed. */
export function createScenario(): readonly Chapter[] {
  return [
    {
      title: 'Everything that vendors send',
      explanation: 'Whatever a vendor calls its events, handlers get the same few types.',
      steps: vendors.flatMap(everyEvent),
    },
    {
      title: 'Deliveries that come twice',
      explanation: 'Vendors repeat a delivery whose answer they missed. It is acknowledged, and no handler runs again.',
      steps: vendors.flatMap((vendor) =>
        vendor.deliveries.events.slice(0, 1).map((event) => sample(vendor, event, 'duplicate')),
      ),
    },
    {
      title: 'News that comes too late',
      explanation: 'Vendors may deliver out of order. "delivered" after "read" is passed on, but marked stale.',
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
      steps: [
        { ...attempt(1), verdict: 'failed', status: 500, crmDown: true },
        { ...attempt(2), verdict: 'retried', status: 200, types: ['message.inbound'] },
        { ...attempt(3), verdict: 'duplicate', status: 200 },
      ],
    },
    {
      title: 'Events that nobody has heard of',
      explanation: 'Signed, but in no table of ours: they go to onUnknown, whole, instead of being dropped.',
      steps: vendors.map(({ name, deliveries }) => ({
        vendor: name,
        sends: 'brand.new',
        delivery: deliveries.body(JSON.stringify({ event: 'brand.new', type: 'brand.new', id: 'evt_new' })),
        verdict: 'unknown',
        status: 200,
        types: ['unknown'],
      })),
    },
    {
      title: 'Forgeries',
      explanation: 'Signed with another secret, changed on the way, not signed, or recorded and played back later.',
      steps: [
        ...vendors.map(({ name, deliveries }) =>
          forged(name, 'another secret', deliveries.body('{}', { secret: 'guess' })),
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
      steps: vendors.map(({ name, deliveries }) => ({
        vendor: name,
        sends: 'half a body',
        delivery: deliveries.body('{"event":"cut o'),
        verdict: 'refused',
        status: 400,
      })),
    },
  ];
}

const everyEvent = (vendor: Vendor): Step[] =>
  vendor.deliveries.events.map((event) => ({ ...sample(vendor, event, 'handled'), types: vendor.typesOf(event) }));

const sample = ({ name, deliveries }: Vendor, event: string, verdict: Verdict): Step => ({
  vendor: name,
  sends: event,
  delivery: deliveries(event),
  verdict,
  status: 200,
});

const forged = (vendor: string, sends: string, delivery: SignedDelivery): Step => ({
  vendor,
  sends,
  delivery,
  verdict: 'refused',
  status: 401,
});

function xobitoStatus(event: 'message.read' | 'message.delivered', verdict: Verdict): Step {
  const changes: Changes = { data: { message_id: 'wamid.DEMO1' } };
  return { vendor: 'xobito', sends: event, delivery: deliver.xobito(event, changes), verdict, status: 200 };
}

function aisouleStatus(event: 'message.read' | 'message.delivered', verdict: Verdict): Step {
  const changes: Changes = { data: { message_id: 'msg_demo1' } };
  return { vendor: 'aisoule', sends: event, delivery: deliver.aisoule(event, changes), verdict, status: 200 };
}

/** Wexio counts its attempts in the body, which is therefore another one each time: only the event's id is the same. */
function attempt(number: number) {
  const event = 'message.inbound.created';
  const changes: Changes = { id: 'evt_demo1', meta: { eventId: 'evt_demo1', attempt: number } };
  return { vendor: 'wexio', sends: event, delivery: deliver.wexio(event, changes) };
}
