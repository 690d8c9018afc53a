import cluster from 'node:cluster';
import { webhooks, wexio } from '@chathooks/express';
import express from 'express';
import { storages } from './storages.ts';
import { secret } from './workload.ts';

/** What the parent hears. */
export interface StorageServerReport {
  /** Once all processes listen. */
  readonly port?: number;
  /** So far, in all processes. */
  readonly handled: number;
}

/** An Express app in some processes that share a port and a storage. */
const [kind = '', scope = '', processes = '1'] = process.argv.slice(2);
if (cluster.isPrimary) startProcesses();
else await serve();

function startProcesses(): void {
  const handled = new Map<number, number>();
  let listening = 0;
  const report = (message: StorageServerReport) => process.send?.(message);
  const total = () => [...handled.values()].reduce((sum, count) => sum + count, 0);
  cluster.on('listening', (_worker, { port }) => {
    listening += 1;
    if (listening === Number(processes)) report({ port, handled: 0 });
  });
  cluster.on('message', (worker, count: number) => {
    handled.set(worker.id, count);
    report({ handled: total() });
  });
  for (let index = 0; index < Number(processes); index++) cluster.fork();
  process.on('disconnect', () => process.exit());
}

async function serve(): Promise<void> {
  const storage = await storages[kind]?.open(scope);
  if (!storage) throw new Error(`There is no storage "${kind}"`);
  let handled = 0;
  let told = 0;
  setInterval(() => {
    if (handled === told) return;
    told = handled;
    process.send?.(handled);
  }, 20);
  const app = express();
  app.use(
    webhooks({
      ...storage,
      providers: [wexio({ secret })],
      onMessageInbound: async () => {
        handled += 1;
      },
    }),
  );
  app.listen(0, '127.0.0.1');
}
