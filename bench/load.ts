import autocannon from 'autocannon';
import { workload } from './workload.ts';

/** What this process answers. */
export interface LoadReport {
  readonly durationMs: number;
  readonly p99Ms: number;
}

/** Sends distinct signed deliveries over kept connections; run as a process of its own. */
const [kind = '', url = '', round = '', amount = ''] = process.argv.slice(2);
const make = Object.entries(workload).find(([name]) => name === kind)?.[1] ?? workload.status;
const deliveries = Array.from({ length: Number(amount) }, (_, index) => make(`evt_${round}_${index}`, Date.now()));
let next = 0;

const startedAt = performance.now();
let endedAt = startedAt;
const { promise: finished, resolve, reject } = Promise.withResolvers<autocannon.Result>();
const options: autocannon.Options = {
  url,
  connections: 32,
  amount: deliveries.length,
  requests: [
    {
      method: 'POST',
      setupRequest: (request) => {
        const delivery = deliveries[next++ % deliveries.length];
        return {
          ...request,
          path: delivery?.path,
          headers: delivery?.headers,
          body: Buffer.from(delivery?.body ?? ''),
        };
      },
    },
  ],
};
const loading = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)));
loading.on('response', () => {
  endedAt = performance.now();
});
const result = await finished;
if (result['2xx'] !== deliveries.length) throw new Error(`${result['2xx']} of ${deliveries.length} answered with 200`);
const report: LoadReport = { durationMs: endedAt - startedAt, p99Ms: result.latency.p99 };
process.send?.(report);
