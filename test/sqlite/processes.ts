import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  ChathooksError,
  type ErrorCode,
  type FailedEvent,
  type Inbox,
  type InboxCounts,
  type InboxEntry,
  type InboxHandler,
  type InboxTry,
  type InboxVerdict,
} from '@chathooks/core';
import type { SqliteInboxOptions } from '@chathooks/sqlite';

/** What a process is asked to do. */
type Call =
  | { readonly kind: 'open'; readonly options: SqliteInboxOptions }
  | { readonly kind: 'put'; readonly entries: readonly InboxEntry[] }
  | { readonly kind: 'retry' | 'discard'; readonly id: string }
  | { readonly kind: 'start' | 'stop' | 'list' | 'counts' | 'close' };

export type ToChild =
  | (Call & { readonly number: number })
  | { readonly kind: 'verdict'; readonly number: number; readonly verdict?: InboxVerdict };

export type FromChild =
  | { readonly kind: 'result'; readonly number: number; readonly result: unknown }
  | { readonly kind: 'error'; readonly number: number; readonly code: ErrorCode | undefined; readonly message: string }
  | { readonly kind: 'try'; readonly number: number; readonly entry: InboxEntry; readonly trial: InboxTry };

/** An inbox in a process of its own, whose handlers run here. */
export interface RemoteInbox extends Inbox {
  /** Ends its process as a crash would. */
  kill(): Promise<void>;
  /** Holds its process still. */
  freeze(): void;
  thaw(): void;
}

/** Processes that have an inbox each. They are used again, since it takes a while to start one. */
export interface Processes {
  open(options: SqliteInboxOptions): Promise<RemoteInbox>;
  /** Ends all of them. */
  end(): Promise<void>;
}

/** Makes {@link Processes}. */
export function createProcesses(): Processes {
  const idle: Remote[] = [];
  const all = new Set<Remote>();

  function start(): Remote {
    const remote = startProcess();
    all.add(remote);
    return remote;
  }

  return {
    async open(options) {
      const remote = idle.pop() ?? start();
      await remote.call({ kind: 'open', options });
      const { call } = remote;
      let isClosed = false;
      return {
        put: (entries) => call({ kind: 'put', entries }),
        start(handle) {
          remote.handle = handle;
          return call({ kind: 'start' });
        },
        stop: () => call({ kind: 'stop' }),
        counts: () => call<InboxCounts>({ kind: 'counts' }),
        failed: {
          async *list() {
            yield* await call<readonly FailedEvent[]>({ kind: 'list' });
          },
          retry: (id) => call<boolean>({ kind: 'retry', id }),
          discard: (id) => call<boolean>({ kind: 'discard', id }),
        },
        async close() {
          await call({ kind: 'close' });
          if (!isClosed) idle.push(remote);
          isClosed = true;
        },
        async kill() {
          all.delete(remote);
          await remote.kill();
        },
        freeze: () => remote.signal('SIGSTOP'),
        thaw: () => remote.signal('SIGCONT'),
      };
    },
    async end() {
      await Promise.all(Array.from(all, (remote) => remote.kill()));
    },
  };
}

interface Remote {
  call<Result = void>(call: Call): Promise<Result>;
  handle: InboxHandler | undefined;
  kill(): Promise<void>;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
}

function startProcess(): Remote {
  const waiting = new Map<number, { resolve(result: never): void; reject(error: Error): void }>();
  const child = startScript('inbox-process.ts');
  let calls = 0;
  const send = (message: ToChild) => {
    if (child.connected) child.send(message);
  };

  async function tryHere(number: number, entry: InboxEntry, trial: InboxTry): Promise<void> {
    const verdict = await remote.handle?.(entry, trial).catch(() => undefined);
    send({ kind: 'verdict', number, ...(verdict && { verdict }) });
  }

  child.on('message', (message: FromChild) => {
    if (message.kind === 'try') {
      void tryHere(message.number, message.entry, message.trial);
      return;
    }
    const call = waiting.get(message.number);
    waiting.delete(message.number);
    if (message.kind === 'result') call?.resolve(message.result as never);
    else call?.reject(message.code ? new ChathooksError(message.code, message.message) : new Error(message.message));
  });

  const remote: Remote = {
    handle: undefined,
    call: (call) =>
      new Promise((resolve, reject) => {
        calls += 1;
        waiting.set(calls, { resolve, reject });
        send({ ...call, number: calls });
      }),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    signal: (signal) => void child.kill(signal),
  };
  return remote;
}

/** Starts a script of this folder in a process of its own, with the packages' sources. */
export function startScript(
  name: string,
  args: readonly string[] = [],
  options: { execPath?: string } = {},
): ChildProcess {
  const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
  return fork(path(name), args, { execArgv: ['--import', path('../examples/resolve-sources.mjs')], ...options });
}
