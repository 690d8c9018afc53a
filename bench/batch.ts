import { createHmac, timingSafeEqual } from 'node:crypto';
import { createReceiver, type Receiver, type ReceiverOptions, systemClock, whatsappCloud } from '@chathooks/core';
import { deliver, type SignedDelivery } from '@chathooks/testing';
import { median, table } from './report.ts';

const { secret } = whatsappCloud.samples;
const rounds = 40;
const warmUp = 15;

/** What Meta may send at once: statuses of distinct messages, each as long as they are with pricing and a reference. */
function batch(size: number, round: number): SignedDelivery {
  const statuses = Array.from({ length: size }, (_, index) => {
    const person = String(((round * size + index) * 7919) % 1_000_000).padStart(7, '0');
    return {
      id: `wamid.HBgLMzE2${person}FQIAERgS${round.toString(36).padStart(5, '0')}${index.toString(36).padStart(6, '0')}QkI5AA==`,
      status: ['sent', 'delivered', 'read'][index % 3],
      timestamp: String(1_781_000_000 + Math.floor(index / 20)),
      recipient_id: `3160${person}`,
      recipient_user_id: `NL.88412${person}`,
      conversation: { id: 'a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6', origin: { type: 'utility' } },
      pricing: { billable: true, pricing_model: 'PMP', type: 'regular', category: 'utility' },
      biz_opaque_callback_data: `{"order":"2026-11-${person}","campaign":"autumn-reminder","segment":"returning","attempt":1,"note":"${'x'.repeat(60)}"}`,
    };
  });
  const metadata = { display_phone_number: '15550100001', phone_number_id: '106540000000001' };
  const value = { messaging_product: 'whatsapp', metadata, statuses };
  const entry = [{ id: '100200300400500', changes: [{ field: 'messages', value }] }];
  return deliver.whatsappCloud.body(JSON.stringify({ object: 'whatsapp_business_account', entry }));
}

interface Envelope {
  readonly entry: { readonly changes: { readonly value: { readonly statuses: { id: string; status: string }[] } }[] }[];
}

/** One HMAC, one comparison, one JSON.parse, and a look-up for each item. */
function bareWork(): (delivery: SignedDelivery) => void {
  const seen = new Map<string, true>();
  return ({ headers, body }) => {
    const expected = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
    if (!timingSafeEqual(Buffer.from(expected), Buffer.from(headers['x-hub-signature-256'] ?? ''))) throw new Error();
    const { entry }: Envelope = JSON.parse(Buffer.from(body.buffer).toString());
    for (const { changes } of entry) {
      for (const { value } of changes) {
        for (const { id, status } of value.statuses) {
          const key = `${id}:${status}`;
          if (seen.has(key)) throw new Error('seen');
          seen.set(key, true);
        }
      }
    }
  };
}

function receiverWith(onMessageStatus: ReceiverOptions['onMessageStatus']): Receiver {
  const now = Date.now();
  return createReceiver({
    providers: [whatsappCloud({ appSecret: secret, verifyToken: secret })],
    clock: { ...systemClock, now: () => now },
    ...(onMessageStatus && { onMessageStatus }),
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

/** A delivery of a thousand statuses and more: what it costs, and for how long others have to wait. */
export async function benchBatch(): Promise<void> {
  const handlers = {
    'at once': () => {},
    'a promise': async () => {},
  };
  const costs: string[][] = [['statuses', 'bytes', 'handler returns', 'bare work', 'whole job', 'whole ÷ bare']];
  for (const size of [1000, 5000]) {
    for (const [name, handler] of Object.entries(handlers)) {
      const [bare, receiver] = [bareWork(), receiverWith(handler)];
      let bytes = 0;
      const results: { bare: number; whole: number }[] = [];
      for (let round = 0; round < rounds; round++) {
        const delivery = batch(size, round);
        bytes = delivery.body.length;
        const start = performance.now();
        bare(delivery);
        const middle = performance.now();
        await receive(receiver, delivery);
        results.push({ bare: middle - start, whole: performance.now() - middle });
      }
      const warm = results.slice(warmUp);
      costs.push([
        String(size),
        String(bytes),
        name,
        `${median(warm.map((result) => result.bare)).toFixed(2)} ms`,
        `${median(warm.map((result) => result.whole)).toFixed(2)} ms`,
        median(warm.map((result) => result.whole / result.bare)).toFixed(2),
      ]);
    }
  }
  console.log(
    `\nOne delivery of many events, in process, median of ${rounds - warmUp} rounds; 1 is as fast as the bare work:\n`,
  );
  console.log(table(costs));

  const holds: string[][] = [
    ['statuses', 'each handler works for', 'delivery takes', 'longest hold', 'median of the longest'],
  ];
  for (const [size, ms] of [
    [1000, 0],
    [5000, 0],
    [1000, 0.2],
  ] as const) {
    const receiver = receiverWith(() => busy(ms));
    const results: { hold: number; took: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const delivery = batch(size, round);
      const start = performance.now();
      const hold = await longestHold(() => receive(receiver, delivery));
      results.push({ hold, took: performance.now() - start });
    }
    const warm = results.slice(warmUp);
    const longest = warm.map(({ hold }) => hold);
    holds.push([
      String(size),
      `${ms} ms`,
      `${median(warm.map(({ took }) => took)).toFixed(1)} ms`,
      `${Math.max(...longest).toFixed(1)} ms`,
      `${median(longest).toFixed(1)} ms`,
    ]);
  }
  console.log('\nHow long one delivery keeps everything else in the process waiting (aim: 25 ms):\n');
  console.log(table(holds));
}
