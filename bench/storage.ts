import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadReport } from './load.ts';
import { median, table } from './report.ts';
import type { StorageServerReport } from './storage-server.ts';
import { type StorageKind, storages } from './storages.ts';

const deliveries = 12_000;
const warmUpDeliveries = 2_000;
const atOnce = 32;
const processCounts = [1, 2, 4];

function start(name: string, args: readonly string[]): ChildProcess {
  const script = fileURLToPath(new URL(name, import.meta.url));
  return spawn(process.execPath, [script, ...args], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
}

/** A server with its count of handled events. */
async function startServer(kind: string, scope: string, processes: number) {
  const child = start('storage-server.ts', [kind, scope, String(processes)]);
  let handled = 0;
  let port: number | undefined;
  let changed = Promise.withResolvers<void>();
  child.on('message', (report: StorageServerReport) => {
    handled = report.handled;
    port ??= report.port;
    changed.resolve();
    changed = Promise.withResolvers();
  });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`The server with ${kind} ended`)));
  ended.catch(() => {}); // it ends at last
  const until = async (reached: () => boolean) => {
    while (!reached()) await Promise.race([changed.promise, ended]);
  };
  await until(() => port !== undefined);
  return { port, child, handledAll: (count: number) => until(() => handled >= count) };
}

async function load(port: number | undefined, round: string, amount: number): Promise<LoadReport> {
  const child = start('load.ts', ['chatter', `http://127.0.0.1:${port}`, round, String(amount)]);
  const reported = once(child, 'message');
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error('The load generator failed');
  const [report] = await reported;
  return report;
}

/** How much the engine stores by itself with as many callers as there are connections, in things per second. */
async function measurePrimitive(kind: StorageKind, scope: string): Promise<number | undefined> {
  if (!kind.primitive) return undefined;
  const primitive = await kind.primitive.open(scope);
  const rounds: number[] = [];
  for (let round = 0; round < 20; round++) {
    const startedAt = performance.now();
    for (let index = 0; index < 5; index++) await primitive.run(atOnce);
    rounds.push((5 * atOnce * 1000) / (performance.now() - startedAt));
  }
  await primitive.close();
  return median(rounds.slice(4));
}

async function measure(name: string, kind: StorageKind, processes: number): Promise<string[]> {
  const scope = `bench_${randomBytes(4).toString('hex')}`;
  try {
    const server = await startServer(name, scope, processes);
    await load(server.port, 'warm', warmUpDeliveries);
    await server.handledAll(warmUpDeliveries);
    const bareBefore = await measurePrimitive(kind, scope);
    const { durationMs, p99Ms } = await load(server.port, 'load', deliveries);
    const acknowledgedAt = performance.now();
    await server.handledAll(warmUpDeliveries + deliveries);
    const perSecond = (deliveries * 1000) / durationMs;
    const handledPerSecond = (deliveries * 1000) / (durationMs + performance.now() - acknowledgedAt);
    const bareAfter = await measurePrimitive(kind, scope);
    const exited = once(server.child, 'exit');
    server.child.disconnect();
    await exited;
    const bare = bareBefore && bareAfter && (bareBefore + bareAfter) / 2;
    return [
      name,
      String(processes),
      Math.round(perSecond).toLocaleString('en'),
      `${p99Ms} ms`,
      Math.round(handledPerSecond).toLocaleString('en'),
      kind.primitive?.name ?? '–',
      bare ? Math.round(bare).toLocaleString('en') : '–',
      bare ? (perSecond / bare).toFixed(2) : '–',
    ];
  } finally {
    await kind.clear(scope);
  }
}

/** Deliveries that an Express app acknowledges with each storage, beside what its engine stores by itself. */
export async function benchStorage(): Promise<void> {
  const rows = [
    ['storage', 'processes', 'acknowledged/s', 'p99', 'handled/s', 'engine by itself, 32 at once', '/s', 'ratio'],
  ];
  for (const [name, kind] of Object.entries(storages)) {
    const counts = name === 'memory' ? [1] : processCounts;
    for (const processes of counts) rows.push(await measure(name, kind, processes));
  }
  console.log(`\nDeliveries through Express with ${atOnce} connections, ${deliveries} of them in 1000 chats:\n`);
  console.log(table(rows));
}
