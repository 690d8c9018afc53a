import { ChathooksError, type InboxSettings, inboxSettings, type Logger } from '@chathooks/core';
import type { ConnectionOptions } from 'bullmq';
import type { Place } from './place.ts';

/** Options of `bullmqInbox`. Either `url` or `connection` says where Redis is. */
export interface BullmqInboxOptions extends InboxSettings {
  /** Where Redis is: `redis://user:password@host:6379/0`, or `rediss://` for TLS. */
  readonly url?: string;
  /**
   * What BullMQ takes as its connection: options of ioredis, or a client of ioredis or node-redis, which the inbox uses
   * and never closes. A process that handles events opens two connections more.
   */
  readonly connection?: ConnectionOptions;
  /** The name of the queue, as dashboards show it. What is set aside is in `<name>-failed`. @defaultValue `chathooks` */
  readonly name?: string;
  /**
   * What all keys begin with. In a Redis Cluster it must have braces, so that all keys are on one node.
   *
   * @defaultValue `{chathooks}`
   */
  readonly prefix?: string;
  /**
   * After how much silence a process is taken for dead, in milliseconds, and others try its events again, at most a
   * quarter of that time later. A process tells that it is alive twice in that time, unless its event loop is blocked.
   *
   * @defaultValue 30000
   */
  readonly leaseMs?: number;
  /**
   * Is told of errors that concern no call, like a connection that was lost. Each message once a minute; `false` for
   * silence.
   *
   * @defaultValue the console
   */
  readonly logger?: Pick<Logger, 'warn'> | false;
}

/** Options with the defaults filled in. */
export interface Plan {
  readonly place: Place;
  readonly settings: Required<InboxSettings>;
  readonly leaseMs: number;
}

/** Lists every option, held to the type by the compiler. */
const optionNames = Object.keys({
  url: 0,
  connection: 0,
  name: 0,
  prefix: 0,
  leaseMs: 0,
  logger: 0,
  attempts: 0,
  retryDelayMs: 0,
  maxRetryDelayMs: 0,
  concurrency: 0,
  maxPending: 0,
  keepFailedMs: 0,
} satisfies Record<keyof BullmqInboxOptions, 0>);

/**
 * Fills in the defaults.
 *
 * @throws ChathooksError `unknown_option`, `invalid_option`
 */
export function readOptions(options: BullmqInboxOptions): Plan {
  const unknown = Object.keys(options).find((name) => !optionNames.includes(name));
  if (unknown !== undefined) {
    throw new ChathooksError('unknown_option', `${unknown} is no option, expected one of ${optionNames.join(', ')}`);
  }
  const { name = 'chathooks', prefix = '{chathooks}', leaseMs = 30_000 } = options;
  if (!Number.isSafeInteger(leaseMs) || leaseMs < 1)
    throw invalid(`leaseMs is ${leaseMs}, expected a whole number above 0`);
  for (const [key, value] of Object.entries({ name, prefix })) {
    if (value === '') throw invalid(`${key} is empty, expected some text`);
  }
  if (name.includes(':')) throw invalid(`name is ${JSON.stringify(name)}, expected no colon`);
  return { place: { connection: readConnection(options), name, prefix }, settings: inboxSettings(options), leaseMs };
}

function readConnection({ url, connection }: BullmqInboxOptions): ConnectionOptions {
  if (url === undefined ? !connection : connection) {
    throw invalid(`${connection ? 'Both' : 'Neither'} of url and connection was given, expected one: where Redis is`);
  }
  if (connection) return connection;
  // Not shown: there may be a password in it.
  if (!url || !/^rediss?:\/\//.test(url)) throw invalid('url does not begin with redis:// or rediss://, as expected');
  return { url };
}

const invalid = (message: string) => new ChathooksError('invalid_option', message);
