import { randomUUID } from 'node:crypto';
import { type Claim, type Clock, type DedupStore, systemClock } from '@chathooks/core';
import { openDatabase } from './database.ts';
import { checkOptions, type SqliteFileOptions } from './options.ts';
import { wholeMs } from './sqlite.ts';
import { createSweeper } from './sweep.ts';

/** Options of {@link sqliteDedup}. */
export interface SqliteDedupOptions extends SqliteFileOptions {
  readonly clock?: Pick<Clock, 'now'>;
}

/** Lists every option, held to the type by the compiler. */
const optionNames = Object.keys({
  file: 0,
  synchronous: 0,
  maxBytes: 0,
  clock: 0,
} satisfies Record<keyof SqliteDedupOptions, 0>);

const sql = {
  claim: `
    INSERT INTO claims (key, token, until) VALUES (:key, :token, :until)
    ON CONFLICT (key) DO UPDATE SET token = excluded.token, until = excluded.until WHERE claims.until <= :now`,
  find: 'SELECT token FROM claims WHERE key = :key',
  settle: `
    UPDATE claims SET token = :next, until = :until WHERE key = :key AND token = :token AND until > :now`,
  release: 'DELETE FROM claims WHERE key = :key AND token = :token',
  advance: `
    INSERT INTO ranks (key, rank, until) VALUES (:key, :rank, :until)
    ON CONFLICT (key) DO UPDATE SET rank = excluded.rank, until = excluded.until
    WHERE ranks.rank <= excluded.rank OR ranks.until <= :now`,
};

/** After a loss of power, leases mean nothing; ranks only mark what comes late. */
const passing = { isLasting: false };

const inFlight: Claim = { state: 'in-flight' };
const done: Claim = { state: 'done' };

/**
 * A dedup store in a file, for any number of processes on one machine.
 *
 * @throws ChathooksError `invalid_option`, `unknown_option`; `missing_dependency` when Node has no `node:sqlite`
 * @example
 * ```ts
 * const receiver = createReceiver({ dedup: sqliteDedup({ file: 'data/chathooks.sqlite' }), onMessageInbound });
 * ```
 */
export function sqliteDedup(options: SqliteDedupOptions): DedupStore {
  checkOptions(options, optionNames);
  const { clock = systemClock } = options;
  const database = openDatabase(options, { unavailable: 'store_unavailable', full: 'store_unavailable' });
  const { prepare, write } = database;
  const statements = {
    claim: prepare(sql.claim),
    find: prepare(sql.find),
    settle: prepare(sql.settle),
    release: prepare(sql.release),
    advance: prepare(sql.advance),
  };
  const claims = createSweeper(prepare, 'claims');
  const ranks = createSweeper(prepare, 'ranks');

  const settle = (key: string, token: string, next: string | null, ms: number) =>
    write(
      () => {
        const now = clock.now();
        return statements.settle.run({ key, token, next, until: wholeMs(now + ms), now }).changes === 1;
      },
      { isLasting: next === null },
    );

  return {
    claim: (key, { leaseMs }) =>
      write((): Claim => {
        const now = clock.now();
        const token = randomUUID();
        if (statements.claim.run({ key, token, until: wholeMs(now + leaseMs), now }).changes === 1) {
          claims.grown(now);
          return { state: 'fresh', token };
        }
        return statements.find.get({ key })?.token === null ? done : inFlight;
      }, passing),
    extend: (key, token, { leaseMs }) => settle(key, token, token, leaseMs),
    complete: (key, token, { rememberMs }) => settle(key, token, null, rememberMs),
    release: (key, token) =>
      write(() => {
        statements.release.run({ key, token });
      }, passing),
    advance: (key, rank, { rememberMs }) =>
      write(() => {
        const now = clock.now();
        ranks.grown(now);
        return statements.advance.run({ key, rank, until: wholeMs(now + rememberMs), now }).changes === 1;
      }, passing),
    close: database.close,
  };
}
