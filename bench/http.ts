import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { median, table } from './report.ts';
import type { ServerReport } from './servers.ts';

const frameworks = ['node', 'express', 'koa', 'fastify'];
const entrants = ['handwritten', 'chathooks'] as const;
const rounds = 6;
const warmUpRounds = 2;
const deliveriesPerRound = 10_000;

/**
 * Servers run on one core and load generators on the other, where there is a way to say so. A server whose client sleeps
 * pays for waking it with every reply, which would measure the client.
 */
const canPin = spawnSync('taskset', ['-c', '1', 'true']).status === 0;

function start(core: number, name: string, args: readonly string[]): ChildProcess {
  const script = fileURLToPath(new URL(name, import.meta.url));
  const command = [...(canPin ? ['taskset', '-c', String(core)] : []), process.execPath, script, ...args];
  return spawn(command[0] ?? '', command.slice(1), { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
}

interface Server {
  readonly process: ChildProcess;
  readonly port: number;
}

async function startServer(framework: string, entrant: string): Promise<Server> {
  const process = start(0, 'servers.ts', [framework, entrant]);
  const report = await nextReport(process);
  if (!('port' in report)) throw new Error('The server reported no port');
  return { process, port: report.port };
}

async function nextReport(process: ChildProcess): Promise<ServerReport> {
  const [report] = await once(process, 'message');
  return report;
}

async function cpuMicroseconds(server: Server): Promise<number> {
  const report = nextReport(server.process);
  server.process.send('cpu');
  const answer = await report;
  if (!('cpuMicroseconds' in answer)) throw new Error('The server reported no CPU time');
  return answer.cpuMicroseconds;
}

async function load(kind: string, server: Server, round: number): Promise<void> {
  const url = `http://127.0.0.1:${server.port}`;
  const [code] = await once(start(1, 'load.ts', [kind, url, String(round), String(deliveriesPerRound)]), 'exit');
  if (code !== 0) throw new Error('The load generator failed');
}

/**
 * CPU time per request of both entrants, each in a process of its own and under its own load generator at the same
 * time: the speed of a shared machine changes by the second, and so hits both alike.
 */
async function compare(framework: string, kind: string): Promise<string[]> {
  const servers = await Promise.all(entrants.map((entrant) => startServer(framework, entrant)));
  const costs: number[][] = [];
  for (let round = 0; round < rounds + warmUpRounds; round++) {
    const before = await Promise.all(servers.map(cpuMicroseconds));
    await Promise.all(servers.map((server) => load(kind, server, round)));
    const after = await Promise.all(servers.map(cpuMicroseconds));
    if (round >= warmUpRounds) costs.push(after.map((end, index) => (end - (before[index] ?? 0)) / deliveriesPerRound));
  }
  for (const { process } of servers) process.kill();
  const column = (index: number) => median(costs.map((cost) => cost[index] ?? 0));
  const ratios = costs.map(([handwritten = 0, chathooks = 1]) => handwritten / chathooks).sort((a, b) => a - b);
  return [
    framework,
    kind,
    `${column(0).toFixed(0)} µs`,
    `${column(1).toFixed(0)} µs`,
    `${median(ratios).toFixed(2)}`,
    `${(ratios[2] ?? 0).toFixed(2)}–${(ratios.at(-3) ?? 0).toFixed(2)}`,
  ];
}

/** Each adapter, doing the whole job, beside a handler written by hand that does the bare work. */
export async function benchHttp(): Promise<void> {
  const rows = [['server', 'delivery', 'by hand', 'chathooks', 'by hand ÷ chathooks', 'spread']];
  for (const framework of frameworks) {
    for (const kind of ['status', 'message']) rows.push(await compare(framework, kind));
  }
  console.log(
    `\nOver HTTP, CPU time per delivery, median of ${rounds} rounds of ${deliveriesPerRound}; above 1 is faster than by hand:\n`,
  );
  console.log(table(rows));
}
