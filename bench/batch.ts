import { createHmac, timingSafeEqual } from 'node:crypto';
import { createReceiver, type Receiver, systemClock, whatsappCloud } from '@chathooks/core';
import { deliver, type SignedDelivery } from '@chathooks/testing';
import { median, table } from './report.ts';

const { secret } = whatsappCloud.samples;
const rounds = 60;
const warmUp = 15;

/** A thousand is as much as Meta sends at once. */
const size = 1000;

interface Envelope {
  readonly entry: { readonly changes: { readonly value: Record<string, Item[]> }[] }[];
}

interface Item {
  readonly id: string;
  readonly [field: string]: unknown;
}

/** Distinct ids, as long as Meta's. */
const personOf = (round: number, index: number) => String(((round * size + index) * 7919) % 1_000_000).padStart(7, '0');
const idOf = (round: number, index: number) =>
  `wamid.HBgLMzE2${personOf(round, index)}FQIAERgS${round.toString(36).padStart(5, '0')}${index.toString(36).padStart(6, '0')}QkI5AA==`;

/** Statuses with pricing and a reference, and texts that bring a delivery to the 3 MB that Meta allows. */
const batches = {
  statuses: (round: number) => ({
    statuses: Array.from({ length: size }, (_, index) => ({
      id: idOf(round, index),
      status: ['sent', 'delivered', 'read'][index % 3],
      timestamp: String(1_781_000_000 + Math.floor(index / 20)),
      recipient_id: `3160${personOf(round, index)}`,
      recipient_user_id: `NL.88412${personOf(round, index)}`,
      conversation: { id: 'a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6', origin: { type: 'utility' } },
      pricing: { billable: true, pricing_model: 'PMP', type: 'regular', category: 'utility' },
      biz_opaque_callback_data: `{"order":"2026-11-${personOf(round, index)}","campaign":"autumn","note":"${'x'.repeat(160)}"}`,
    })),
  }),
  messages: (round: number) => ({
    contacts: Array.from({ length: size }, (_, index) => ({
      profile: { name: `Customer ${index}` },
      wa_id: `3160${personOf(round, index)}`,
    })),
    messages: Array.from({ length: size }, (_, index) => ({
      from: `3160${personOf(round, index)}`,
      id: idOf(round, index),
      timestamp: String(1_781_000_000 + Math.floor(index / 20)),
      type: 'text',
      text: { body: 'Could you tell me whether my order can still be changed? '.repeat(47) },
    })),
  }),
} satisfies Record<string, (round: number) => Record<string, object[]>>;

function deliveryOf(name: keyof typeof batches, round: number): SignedDelivery {
  const metadata = { display_phone_number: '15550100001', phone_number_id: '106540000000001' };
  const value = { messaging_product: 'whatsapp', metadata, ...batches[name](round) };
  const entry = [{ id: '100200300400500', changes: [{ field: 'messages', value }] }];
  return deliver.whatsappCloud.body(JSON.stringify({ object: 'whatsapp_business_account', entry }));
}

/** One HMAC, one comparison, one JSON.parse, and a look-up for each item. */
function bareWork(name: keyof typeof batches): (delivery: SignedDelivery) => void {
  const seen = new Map<string, true>();
  return ({ headers, body }) => {
    const expected = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
    if (!timingSafeEqual(Buffer.from(expected), Buffer.from(headers['x-hub-signature-256'] ?? ''))) throw new Error();
    const { entry }: Envelope = JSON.parse(Buffer.from(body.buffer).toString());
    for (const { changes } of entry) {
      for (const { value } of changes) {
        for (const { id, status } of value[name] ?? []) {
          const key = `${id}:${status}`;
          if (seen.has(key)) throw new Error('seen');
          seen.set(key, true);
        }
      }
    }
  };
}

function receiverWith(handler: () => unknown): Receiver {
  const now = Date.now();
  return createReceiver({
    providers: [whatsappCloud({ appSecret: secret, verifyToken: secret })],
    clock: { ...systemClock, now: () => now },
    onMessageStatus: handler,
    onMessageInbound: handler,
  });
}

async function receive(receiver: Receiver, { path, headers, body }: SignedDelivery): Promise<void> {
  const request = { method: 'POST', url: path, path, header: (name: string) => headers[name], body: () => body };
  const reply = await receiver.handle(request);
  if (reply?.status !== 200) throw new Error('refused');
}

/** Milliseconds that nothing else could run for, at the longest, while something was done. */
async function longestHold(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  let over = false;
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!over) setImmediate(look);
  };
  setImmediate(look);
  await new Promise<void>((resolve) => setImmediate(resolve));
  await work();
  await new Promise<void>((resolve) => setImmediate(resolve));
  over = true;
  return longest;
}

function busy(ms: number): void {
  const from = performance.now();
  while (performance.now() - from < ms);
}

const names = Object.keys(batches).filter((name): name is keyof typeof batches => Object.hasOwn(batches, name));

/** A delivery of a thousand events: what it costs, and for how long others have to wait. */
export async function benchBatch(): Promise<void> {
  const handlers = {
    'at once': () => {},
    'a promise': async () => {},
  };
  const costs: string[][] = [['1000', 'bytes', 'handler returns', 'bare work', 'whole job', 'whole ÷ bare']];
  for (const name of names) {
    for (const [returns, handler] of Object.entries(handlers)) {
      const [bare, receiver] = [bareWork(name), receiverWith(handler)];
      let bytes = 0;
      const results: { bare: number; whole: number }[] = [];
      for (let round = 0; round < rounds; round++) {
        const delivery = deliveryOf(name, round);
        bytes = delivery.body.length;
        const start = performance.now();
        bare(delivery);
        const middle = performance.now();
        await receive(receiver, delivery);
        results.push({ bare: middle - start, whole: performance.now() - middle });
      }
      const warm = results.slice(warmUp);
      costs.push([
        name,
        String(bytes),
        returns,
        `${median(warm.map((result) => result.bare)).toFixed(2)} ms`,
        `${median(warm.map((result) => result.whole)).toFixed(2)} ms`,
        median(warm.map((result) => result.whole / result.bare)).toFixed(2),
      ]);
    }
  }
  console.log(
    `\nOne delivery of 1000 events, in process, median of ${rounds - warmUp} rounds; 1 is as fast as the bare work:\n`,
  );
  console.log(table(costs));

  const holds: string[][] = [
    ['1000', 'each handler works for', 'delivery takes', 'longest hold, median', '90 %', 'worst'],
  ];
  for (const [name, ms] of [...names.map((name) => [name, 0] as const), ['statuses', 0.2] as const]) {
    const receiver = receiverWith(() => busy(ms));
    const results: { hold: number; took: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const delivery = deliveryOf(name, round);
      const start = performance.now();
      const hold = await longestHold(() => receive(receiver, delivery));
      results.push({ hold, took: performance.now() - start });
    }
    const warm = results.slice(warmUp);
    const longest = warm.map(({ hold }) => hold).sort((a, b) => a - b);
    holds.push([
      name,
      `${ms} ms`,
      `${median(warm.map(({ took }) => took)).toFixed(1)} ms`,
      `${median(longest).toFixed(1)} ms`,
      `${(longest[Math.floor(longest.length * 0.9)] ?? 0).toFixed(1)} ms`,
      `${Math.max(...longest).toFixed(1)} ms`,
    ]);
  }
  console.log(
    `\nHow long one delivery keeps everything else in the process waiting, ${rounds - warmUp} rounds (aim: 25 ms):\n`,
  );
  console.log(table(holds));
}
