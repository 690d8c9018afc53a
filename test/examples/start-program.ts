import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { SignedDelivery } from '@chathooks/testing';
import { onTestFinished } from 'vitest';

/** A program of this repository that runs as a process of its own. */
export interface Program {
  /** Where its server listens: `http://127.0.0.1:51234`. */
  readonly url: string;
  /** Sends a delivery and returns the status of the reply. */
  post(delivery: SignedDelivery): Promise<number>;
  /** Waits until it has printed a text. */
  printed(text: string): Promise<void>;
  /** Asks it to end, and returns what it had printed after its first line, line by line. Throws unless it ends with 0. */
  stop(): Promise<string[]>;
  /** Ends it as a crash would (SIGKILL). */
  kill(): Promise<void>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Compiling the sources takes longer than anything else that a new process does. */
const compileCache = fileURLToPath(new URL('../../node_modules/.cache/chathooks-tests', import.meta.url));

/** Runs a program with Node to its end. */
export async function runProgram(file: string, args: readonly string[], environment: Record<string, string>) {
  const { output, ended } = spawnProgram(file, args, environment);
  const code = await ended;
  return { code, output: output.text, errors: output.errors };
}

/**
 * Starts a server with Node, at a free port, and waits until it says where it listens.
 *
 * @param file - from the root of the repository
 * @param ready - what a program prints that is no server
 */
export async function startProgram(
  file: string,
  environment: Record<string, string>,
  ready = /http:\S+.*\n/,
): Promise<Program> {
  const { child, output, ended } = spawnProgram(file, [], { PORT: '0', ...environment });
  const failure = ended.then((code) => {
    throw new Error(`${file} ended with ${code}: ${output.errors}`);
  });
  failure.catch(() => {});
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await Promise.race([once(child.stdout, 'data'), failure]);
  };
  await until(() => ready.test(output.text));
  const url = /http:\S+/.exec(output.text)?.[0] ?? '';
  return {
    url,
    async post({ method, path, headers, body }) {
      const response = await fetch(`${url}${path}`, { method, headers, body });
      await response.arrayBuffer();
      return response.status;
    },
    printed: (text) => until(() => output.text.includes(text)),
    async stop() {
      child.kill('SIGTERM');
      const code = await ended;
      if (code !== 0) throw new Error(`${file} ended with ${code}: ${output.errors}`);
      return output.text.trimEnd().split('\n').slice(1);
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function spawnProgram(file: string, args: readonly string[], environment: Record<string, string>) {
  const hook = fileURLToPath(new URL('resolve-sources.mjs', import.meta.url));
  // Nothing of the tests' own environment: a secret there must not make a test pass.
  const env = {
    PATH: process.env.PATH ?? '',
    NO_COLOR: '1',
    NODE_COMPILE_CACHE: compileCache,
    ...environment,
  };
  const child = spawn(process.execPath, ['--import', hook, file, ...args], { cwd: root, env });
  onTestFinished(() => void child.kill('SIGKILL')); // of use where a test failed before it could stop the program
  const output = { text: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.text += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.errors += text;
  });
  const ended = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  return { child, output, ended };
}
