// Starts servers of one's own, for `redis-server.ts` and `postgres-server.ts`. Knows nothing of vitest.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chownSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A server that a test started, on loopback. Ends with the test file, or with its process, at the latest. */
export interface OwnServer {
  readonly url: string;
  readonly port: number;
  /** Lets it end in order. */
  stop(): Promise<void>;
  /** Ends it as a power cut would (SIGKILL). */
  kill(): Promise<void>;
  /** Freezes it (SIGSTOP): it keeps its connections and answers nothing. */
  pause(): void;
  /** Undoes `pause`. */
  resume(): void;
  /** Starts it again at the same port, over what it kept; stops it first if it runs. */
  restart(): Promise<void>;
  /** Ends it and deletes its folder, unless the test named that itself. */
  dispose(): Promise<void>;
}

/** How to run a server. */
export interface OwnServerPlan {
  readonly command: string;
  readonly args: readonly string[];
  readonly url: string;
  readonly port: number;
  readonly dir: Folder;
  readonly user?: SystemUser;
  /** What it prints when it can be used. */
  readonly ready: string;
  /** Asks it to end in order and at once. */
  readonly stopSignal: 'SIGTERM' | 'SIGINT';
  readonly env?: Readonly<Record<string, string>>;
}

/** A folder for the data of a server. */
export interface Folder {
  readonly path: string;
  readonly temporary: boolean;
}

/** Who runs a server that refuses to run as root. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

const started = new Set<OwnServer>();

/** Ends every server that this process started. */
export async function disposeServers(): Promise<void> {
  await Promise.all(Array.from(started, (server) => server.dispose()));
}

/** Starts a server and waits until it can be used. */
export async function startServer(plan: OwnServerPlan): Promise<OwnServer> {
  const deleteFolder = () => {
    if (plan.dir.temporary) rmSync(plan.dir.path, { recursive: true, force: true });
  };
  let running = await run(plan).catch((error: unknown) => {
    deleteFolder();
    throw error;
  });
  const signal = (name: NodeJS.Signals) => signalAll(running.child, name);
  const end = async (name: NodeJS.Signals) => {
    if (running.child.exitCode !== null || running.child.signalCode !== null) return;
    signal(name);
    signal('SIGCONT');
    await running.ended;
  };
  const server: OwnServer = {
    url: plan.url,
    port: plan.port,
    stop: () => end(plan.stopSignal),
    kill: () => end('SIGKILL'),
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    async restart() {
      await end(plan.stopSignal);
      running = await run(plan);
    },
    async dispose() {
      started.delete(server);
      await end('SIGKILL');
      deleteFolder();
    },
  };
  started.add(server);
  return server;
}

async function run({ command, args, user, ready, dir, env }: OwnServerPlan) {
  const child = spawn(command, args, {
    ...user,
    cwd: dir.path,
    env: { PATH: process.env.PATH, LC_ALL: 'C', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close').catch(() => {});
  endWithThisProcess(child, dir);
  await new Promise<void>((resolve, reject) => {
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        if (text.includes(ready)) return;
        text += chunk;
        if (text.includes(ready)) resolve();
      });
    }
    child.once('error', reject);
    child.once('close', (code, signal) => reject(new Error(`${command} ended with ${code ?? signal}: ${text}`)));
  });
  return { child, ended };
}

/** Outlives even a kill of this process: what reads the pipe then kills the server and deletes its folder. */
function endWithThisProcess(child: ChildProcess, dir: Folder): void {
  if (child.pid === undefined) return;
  const script = `read -r _; kill -9 "$0"; ${dir.temporary ? 'rm -rf "$1"' : ''}`;
  const guard = spawn('sh', ['-c', script, String(child.pid), dir.path], { stdio: ['pipe', 'ignore', 'ignore'] });
  guard.unref();
  child.once('exit', () => guard.kill('SIGKILL'));
}

/** Reaches the server's own children too, which need not be in its process group (those of Postgres are not). */
function signalAll({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  const hard = signal === 'SIGSTOP' || signal === 'SIGCONT' || signal === 'SIGKILL';
  for (const each of [pid, ...(hard ? childrenOf(pid) : [])]) {
    try {
      process.kill(each, signal);
    } catch {
      // It has ended already.
    }
  }
}

function childrenOf(pid: number): readonly number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child, parent]) => (child !== undefined && parent === pid ? [child] : []));
}

/** The path of a program in PATH, or in one of the folders given. */
export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  return [...(process.env.PATH ?? '').split(delimiter), ...folders]
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error(`Listening on ${address}, expected a port`);
  return address.port;
}

/** The folder given, or a temporary one, that belongs to the user given. */
export function dataFolder(name: string, given?: string, user?: SystemUser): Folder {
  if (given !== undefined) return { path: given, temporary: false };
  const path = mkdtempSync(join(tmpdir(), `chathooks-${name}-`));
  if (user) chownSync(path, user.uid, user.gid);
  return { path, temporary: true };
}
