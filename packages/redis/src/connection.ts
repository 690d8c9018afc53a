import { type RunScript, scriptRunner } from './clients.ts';
import { loadClient, type OpenClient } from './opened.ts';

/** Options of {@link createConnection}. */
export interface ConnectionOptions {
  readonly url: string;
  /** How long the server may take to accept a connection, or leave all calls without an answer. */
  readonly timeoutMs: number;
}

/** Scripts over a connection that is opened by the first call, and by the first one after it was lost. */
export interface Connection {
  readonly run: RunScript;
  close(): void;
}

/** A connection that is open. */
interface Open {
  readonly run: RunScript;
  fail(reason: Error): void;
}

/**
 * Connects when there is something to do: calls wait for the connection that is being made, and fail with it. So there
 * is no queue of commands for a server that is gone, and nothing that must try again in the background.
 */
export function createConnection(options: ConnectionOptions): Connection {
  let loading: Promise<OpenClient> | undefined;
  let current: Promise<Open> | undefined;
  let closed = false;

  function connect(): Promise<Open> {
    if (closed) return Promise.reject(new Error('the store is closed'));
    loading ??= loadClient();
    if (current) return current;
    const opening = loading.then((openClient) => open(openClient, options, forget));
    const forget = () => {
      if (current === opening) current = undefined;
    };
    opening.catch(forget);
    current = opening;
    return opening;
  }

  return {
    run: async (script, key, ...args) => (await connect()).run(script, key, ...args),
    close() {
      closed = true;
      current?.then(
        (connection) => connection.fail(new Error('the store was closed')),
        () => {}, // there is nothing to close
      );
    },
  };
}

async function open(openClient: OpenClient, options: ConnectionOptions, onEnd: () => void): Promise<Open> {
  const { timeoutMs } = options;
  let failure: Error | undefined;
  let timer: NodeJS.Timeout | undefined;
  let waiting = 0;
  let answered = 0;
  const opened = openClient({ ...options, onFailure: fail });
  const runScript = scriptRunner(opened.client);

  function fail(reason: Error): void {
    if (failure) return;
    failure = reason;
    clearTimeout(timer);
    onEnd();
    opened.destroy();
  }

  /** A server that is gone without a word keeps every call waiting: nothing else would tell. */
  function watch(): void {
    if (timer) return;
    const before = answered;
    timer = setTimeout(() => {
      // An answer may have come while this process was busy: it is read before immediates run.
      setImmediate(() => {
        timer = undefined;
        if (waiting === 0 || failure) return;
        if (answered === before) fail(new Error(`there was no answer for ${timeoutMs} ms`));
        else watch();
      });
    }, timeoutMs);
  }

  /** Says why the connection ended rather than how that looked to the client. */
  async function watched<T>(call: () => Promise<T>): Promise<T> {
    waiting += 1;
    watch();
    try {
      return await call();
    } catch (error) {
      // A server that became a replica may go on as one: a new connection may lead to the one that took its place.
      if (error instanceof Error && error.message.includes('READONLY')) fail(error);
      throw failure ?? error;
    } finally {
      waiting -= 1;
      answered += 1;
    }
  }

  try {
    await watched(opened.connect);
  } catch (error) {
    fail(error instanceof Error ? error : new Error(String(error)));
    throw failure;
  }
  return { run: (script, key, ...args) => watched(() => runScript(script, key, ...args)), fail };
}
