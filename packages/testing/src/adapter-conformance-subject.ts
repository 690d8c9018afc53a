import type { Receiver, ReceiverSettings } from '@chathooks/core';
import { createProbe, type Probe } from './adapter-conformance-probe.ts';
import type { TestRunner } from './test-runner.ts';

/**
 * What a parser in front of the receiver leaves of a body that it has read: `object`, only the parsed JSON; `bytes` or
 * `text` in place of the parsed body; `rawBody`, the bytes or the text beside the parsed JSON.
 */
export type ParserKind = 'object' | 'bytes' | 'text' | 'rawBody';

/** An app to be served. */
export interface AdapterApp {
  /** To be mounted by the adapter, at its own default path. */
  readonly receiver: Receiver;
  /** Where to mount it: `/prefix`, or an empty text for the root. */
  readonly prefix: string;
  /** A parser to put in front of it. */
  readonly parser?: ParserKind;
  /** To be called by the app's error handler, which answers with 500. */
  onError(error: unknown): void;
}

/** A served app. */
export interface AdapterServer {
  /** Origin of the server: `http://127.0.0.1:40000`. */
  readonly url: string;
  close(): Promise<unknown>;
}

/** What an adapter, or its framework, can do beside what every one must. Says plainly what is missing. */
export interface AdapterCapabilities {
  /** Parsers that may run before the receiver. */
  readonly parsers: readonly ParserKind[];
  /** Can be mounted below a prefix. */
  readonly prefix: boolean;
  /** Tells the receiver at once when a sender hangs up. */
  readonly abort: boolean;
}

/** The adapter under test. */
export interface AdapterSubject {
  /** Names the suite in the report. */
  readonly name: string;
  /**
   * Serves an app on a free port of 127.0.0.1. Behind the receiver, `POST /echo` answers with the JSON that it was sent,
   * which the framework's own parser is to read; everything else is answered with 404.
   */
  serve(app: AdapterApp): Promise<AdapterServer>;
  readonly capabilities: AdapterCapabilities;
}

/** What a test looks at. */
export interface Scene extends Probe {
  readonly origin: string;
  /** URL of the provider. */
  readonly url: string;
  /** What reached the app's error handler. */
  readonly errors: readonly unknown[];
}

/** What a test wants to be served. */
export interface Setting extends ReceiverSettings {
  readonly app?: Partial<AdapterApp>;
  readonly onPing?: () => unknown;
}

/** Defines a test with a server and a receiver of its own. */
export type DefineTest = (name: string, setting: Setting, run: (scene: Scene) => Promise<void>) => void;

/** Makes a {@link DefineTest}. */
export function testsOf(subject: AdapterSubject, { it }: TestRunner): DefineTest {
  return (name, { app, onPing, ...settings }, run) => {
    it(name, async () => {
      const probe = createProbe(settings, onPing);
      const errors: unknown[] = [];
      const onError = (error: unknown) => void errors.push(error);
      const server = await subject.serve({ receiver: probe.receiver, prefix: '', onError, ...app });
      try {
        await run({ ...probe, errors, origin: server.url, url: `${server.url}${app?.prefix ?? ''}/webhooks/probe` });
      } finally {
        await server.close();
      }
    });
  };
}
