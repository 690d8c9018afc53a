import { ChathooksError, type InboxSettings, inboxSettings, type Logger } from '@chathooks/core';
import type { PgBossConnectionOptions, PgBossLike } from './pg-boss-like.ts';
import { createReport } from './report.ts';

/** Options of {@link pgBossInbox}. One of `url`, `connection` and `boss` says where Postgres is. */
export interface PgBossInboxOptions extends InboxSettings {
  /** Where Postgres is: `postgres://user:password@host/database`. */
  readonly url?: string;
  /**
   * Options of pg-boss's own constructor, for a pg-boss that the inbox starts and stops.
   *
   * @remarks
   * `supervise` and `schedule` are off unless set: the inbox has pg-boss maintain its own queues, and only in processes
   * that work. `query_timeout` is 30 seconds unless set.
   */
  readonly connection?: PgBossConnectionOptions;
  /** A pg-boss that you have started, and that you stop after the inbox. */
  readonly boss?: PgBossLike;
  /**
   * The name of the queue. What was set aside is in the queue `<name>-failed`.
   *
   * @defaultValue `chathooks`
   */
  readonly name?: string;
  /** The schema of pg-boss. With `boss`, the one that it was made with. @defaultValue `pgboss` */
  readonly schema?: string;
  /**
   * After how much silence a process counts as dead, in milliseconds: its entries are tried again. A process tells that it
   * is alive every third of that time. The same in all processes.
   *
   * @defaultValue 20000
   */
  readonly leaseMs?: number;
  /** How often a process that has nothing to do looks for entries, in milliseconds. @defaultValue 500 */
  readonly pollMs?: number;
  /**
   * Whether to wait for news by `LISTEN`, on a connection of its own, and to send them by `NOTIFY`. Set it to `false`
   * behind a pooler that shares connections between transactions; the inbox then looks every `pollMs`.
   *
   * @defaultValue true
   */
  readonly listen?: boolean;
  /**
   * Is told of errors that concern no call, like a connection that was lost. Each message once a minute; `false` for
   * silence.
   *
   * @defaultValue the console
   */
  readonly logger?: Pick<Logger, 'warn'> | false;
}

/** Options with the defaults filled in. */
export interface Settings extends Required<InboxSettings> {
  readonly name: string;
  readonly failedName: string;
  readonly schema: string;
  readonly leaseMs: number;
  readonly pollMs: number;
  readonly listen: boolean;
  /** Never throws. */
  readonly onError: (error: unknown) => void;
  readonly source:
    | { readonly connection: PgBossConnectionOptions; readonly boss?: undefined }
    | { readonly connection?: undefined; readonly boss: PgBossLike };
}

/**
 * Fills in the defaults.
 *
 * @throws ChathooksError `invalid_option`
 */
export function readOptions(options: PgBossInboxOptions): Settings {
  const { name = 'chathooks', leaseMs = 20_000, pollMs = 500, listen = true, logger } = options;
  if (!/^[\w.\-/]+$/.test(name)) {
    throw invalid(`name is ${JSON.stringify(name)}, expected letters, digits and _ - . / only`);
  }
  for (const [key, value] of Object.entries({ leaseMs, pollMs })) {
    if (!Number.isSafeInteger(value) || value < 1) throw invalid(`${key} is ${value}, expected a whole number above 0`);
  }
  const schema = options.schema ?? options.connection?.schema ?? 'pgboss';
  if (!/^(?:[A-Za-z_]\w*|"[^"\0]+")$/.test(schema)) {
    throw invalid(`schema is ${JSON.stringify(schema)}, expected a name like pgboss, or one in double quotes`);
  }
  return {
    ...inboxSettings(options),
    name,
    failedName: `${name}-failed`,
    schema,
    leaseMs,
    pollMs,
    listen,
    onError: createReport(logger),
    source: readSource(options, schema),
  };
}

function readSource({ url, connection, boss }: PgBossInboxOptions, schema: string): Settings['source'] {
  const given = Object.entries({ url, connection, boss }).filter(([, value]) => value !== undefined);
  if (given.length !== 1) {
    const seen = given.length === 0 ? 'none' : given.map(([key]) => key).join(' and ');
    throw invalid(`Of url, connection and boss, ${seen} was given, expected exactly one`);
  }
  if (boss) return { boss };
  return { connection: { ...(url === undefined ? connection : { connectionString: url }), schema } };
}

export const invalid = (message: string, options?: ErrorOptions) =>
  new ChathooksError('invalid_option', message, options);
