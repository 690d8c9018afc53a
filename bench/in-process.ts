import { createHmac, timingSafeEqual } from 'node:crypto';
import { createReceiver, systemClock, wexio } from '@chathooks/core';
import type { SignedDelivery } from '@chathooks/testing';
import { median, table } from './report.ts';
import { secret, workload } from './workload.ts';

const now = Date.UTC(2026, 5, 10, 8, 15, 30);
const deliveries = 4_000;
const rounds = 15;

/** What nobody can do without: one HMAC, one comparison in constant time, one JSON.parse, one look-up. */
function bareWork(): Entrant {
  const seen = new Map<string, true>();
  return async (list) => {
    for (const { headers, body } of list) {
      const [time = '', signature = ''] = (headers['x-wexio-signature'] ?? '').split(',');
      const expected = createHmac('sha256', secret)
        .update(`${time.slice(2)}.`)
        .update(body)
        .digest('hex');
      if (!timingSafeEqual(Buffer.from(expected), Buffer.from(signature.slice(3)))) throw new Error('forged');
      const { id } = JSON.parse(Buffer.from(body).toString());
      if (seen.has(id)) throw new Error('seen');
      seen.set(id, true);
    }
  };
}

/** The whole pipeline: verify, parse, validate, normalize, claim, dispatch to an empty handler, complete. */
function wholeJob(): Entrant {
  const receiver = createReceiver({
    providers: [wexio({ secret })],
    clock: { ...systemClock, now: () => now },
    onMessageInbound: async () => {},
    onMessageStatus: async () => {},
  });
  return async (list) => {
    for (const { path, headers, body } of list) {
      const request = { method: 'POST', url: path, path, header: (name: string) => headers[name], body: () => body };
      const reply = await receiver.handle(request);
      if (reply?.status !== 200) throw new Error('refused');
    }
  };
}

type Entrant = (list: readonly SignedDelivery[]) => Promise<void>;

async function microsecondsPerDelivery(entrant: Entrant, list: readonly SignedDelivery[]): Promise<number> {
  const start = performance.now();
  await entrant(list);
  return ((performance.now() - start) * 1000) / deliveries;
}

/** Rounds of both are interleaved: the speed of a shared machine changes by the second. */
export async function benchInProcess(): Promise<void> {
  const rows: string[][] = [['delivery', 'bytes', 'bare work', 'whole job', 'whole ÷ bare']];
  for (const [name, make] of Object.entries(workload)) {
    const [bare, whole] = [bareWork(), wholeJob()];
    let bytes = 0;
    const results: { bare: number; whole: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const list = Array.from({ length: deliveries }, (_, index) => make(`evt_${round}_${index}`, now));
      bytes = list[0]?.body.length ?? 0;
      results.push({
        bare: await microsecondsPerDelivery(bare, list),
        whole: await microsecondsPerDelivery(whole, list),
      });
    }
    const warm = results.slice(3);
    rows.push([
      name,
      String(bytes),
      `${median(warm.map((result) => result.bare)).toFixed(1)} µs`,
      `${median(warm.map((result) => result.whole)).toFixed(1)} µs`,
      median(warm.map((result) => result.whole / result.bare)).toFixed(2),
    ]);
  }
  console.log(
    `In process, time per delivery, one at a time, median of ${rounds - 3} rounds of ${deliveries}; 1 is as fast as the bare work:\n`,
  );
  console.log(table(rows));
}
