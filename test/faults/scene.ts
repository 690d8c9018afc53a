import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';
import {
  type ClaimOrder,
  type ClaimRecord,
  type InboxPlanInput,
  type Order,
  type PlanInput,
  readInboxPlan,
  word,
} from './plan.ts';
import { createRecords, type Records } from './records.ts';
import { openInbox } from './storages.ts';

/** A process that a test started. */
export interface Process {
  readonly pid: number;
  /** Where it listens, if it receives. */
  readonly url: string;
  readonly alive: boolean;
  /** Ends it with SIGKILL, and writes down that it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: it keeps its connections, and does nothing. */
  freeze(): void;
  /** Undoes `freeze`. */
  thaw(): void;
  /** Lets the handlers go on that its plan holds. */
  release(): void;
  claim(order: Omit<ClaimOrder, 'order'>): Promise<ClaimRecord[]>;
  /** Asks it to end in order, waits until it has, and reads what it had written down. */
  terminate(): Promise<{ readonly code: number | null; readonly tookMs: number; readonly errors: string }>;
}

export interface StartOptions {
  /** By how much its clock is wrong. @defaultValue 0 */
  readonly skewMs?: number;
}

/** Where one test plays: its processes, and what they write down. Ends with the test. */
export interface Scene {
  /** A folder of its own. */
  readonly dir: string;
  /** What no other scene is called, for what it keeps elsewhere. */
  readonly name: string;
  readonly records: Records;
  /** Those that were started and have not ended, in the order of their start. */
  readonly processes: readonly Process[];
  start(plan: PlanInput, options?: StartOptions): Promise<Process>;
  /**
   * Waits until `look` says something true, and returns that. Gives up when nothing was written down for 30 seconds, or
   * after `limitMs`.
   */
  until<T>(what: string, look: () => T | Promise<T>, limitMs?: number): Promise<Exclude<T, false | undefined>>;
  /** Waits until nothing is pending in an inbox. Nothing may be set aside in it either. */
  untilEmpty(inbox: InboxPlanInput): Promise<void>;
}

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const isIt = <T>(value: T): value is Exclude<T, false | undefined> => value !== false && value !== undefined;

/** When nothing more is to be expected. */
const silenceMs = 30_000;

/** Compiling the sources takes longer than anything else that a new process does. */
const compileCache = file('../../node_modules/.cache/chathooks-tests');

export function openScene({
  onTestFinished,
  onTestFailed,
}: Pick<TestContext, 'onTestFinished' | 'onTestFailed'>): Scene {
  const dir = mkdtempSync(join(tmpdir(), 'chathooks-faults-'));
  const records = createRecords(join(dir, 'records'));
  const processes = new Set<Process>();
  const children = new Map<ChildProcess, () => string>();

  onTestFailed(() => {
    records.refresh();
    const logs = Array.from(children, ([{ pid, exitCode, signalCode }, log]) => {
      return `-- process ${pid} (${exitCode ?? signalCode ?? 'running'}) printed:\n${log()}`;
    });
    console.error([`-- the last records of ${records.lines.length}:`, ...records.lines.slice(-30), ...logs].join('\n'));
  });
  onTestFinished(async () => {
    for (const child of children.keys()) child.kill('SIGKILL');
    await Promise.all(Array.from(children.keys(), hasEnded));
    records.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const scene: Scene = {
    dir,
    name: `faults_${randomUUID().replaceAll('-', '')}`,
    records,
    get processes() {
      return [...processes];
    },
    async start(plan, { skewMs = 0 } = {}) {
      const { child, printed, ready } = spawnProcess(JSON.stringify({ ...plan, records: records.path }), skewMs);
      children.set(child, printed);
      const { url = '' } = await ready;
      const process = control(child, url, printed, records);
      processes.add(process);
      child.once('exit', () => processes.delete(process));
      return process;
    },
    async until(what, look, limitMs = Number.POSITIVE_INFINITY) {
      const givesUpAt = performance.now() + limitMs;
      let silentFrom = performance.now();
      let lines = 0;
      for (;;) {
        records.refresh();
        const seen = await look();
        records.refresh();
        if (isIt(seen)) return seen;
        const now = performance.now();
        if (records.lines.length > lines) silentFrom = now;
        lines = records.lines.length;
        if (now > Math.min(givesUpAt, silentFrom + silenceMs)) throw new Error(`Waited in vain until ${what}`);
        await delay(5);
      }
    },
    async untilEmpty(plan) {
      const inbox = await openInbox(readInboxPlan(plan));
      try {
        await scene.until('the inbox is empty', async () => (await inbox.counts()).pending === 0);
        const { failed } = await inbox.counts();
        if (failed > 0) throw new Error(`${failed} events were set aside, expected none`);
      } finally {
        await inbox.close?.();
      }
    },
  };
  return scene;
}

function spawnProcess(plan: string, skewMs: number) {
  const hooks = ['../examples/resolve-sources.mjs', ...(skewMs === 0 ? [] : ['skewed-clock.mjs'])];
  const args = ['--no-warnings', ...hooks.flatMap((hook) => ['--import', file(hook)]), file('process.ts'), plan];
  const child = spawn(process.execPath, args, {
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: compileCache,
      CLOCK_SKEW_MS: String(skewMs),
      TZ: 'America/New_York',
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-4_000);
    });
  }
  const printed = () => text;
  const ready = new Promise<{ readonly url?: string | undefined }>((resolve, reject) => {
    child.once('message', (message) => {
      const said = word.parse(message);
      if (said.word === 'ready') resolve(said);
    });
    child.once('error', reject);
    child.once('close', () => reject(new Error(`A process ended before it was ready, having said: ${text}`)));
  });
  return { child, printed, ready };
}

function control(child: ChildProcess, url: string, printed: () => string, records: Records): Process {
  const { pid } = child;
  if (pid === undefined) throw new Error('A process that is ready has no id');
  const tell = (order: Order) => void child.send(order);
  return {
    pid,
    url,
    get alive() {
      return isAlive(child);
    },
    async kill() {
      child.kill('SIGKILL');
      await hasEnded(child);
      records.markKilled(pid);
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    release: () => tell({ order: 'release' }),
    async claim(order) {
      const answered = once(child, 'message');
      tell({ order: 'claim', ...order });
      const [message] = await answered;
      const said = word.parse(message);
      if (said.word !== 'claimed') throw new Error(`A claimant says ${said.word}`);
      return said.claims;
    },
    async terminate() {
      const from = performance.now();
      child.kill('SIGTERM');
      await hasEnded(child);
      records.refresh();
      return { code: child.exitCode, tookMs: performance.now() - from, errors: printed() };
    },
  };
}

const isAlive = (child: ChildProcess) => child.exitCode === null && child.signalCode === null;

async function hasEnded(child: ChildProcess): Promise<void> {
  if (isAlive(child)) await once(child, 'exit');
}
