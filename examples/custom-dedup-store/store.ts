import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { type Clock, type DedupStore, systemClock } from '@chathooks/core';

/**
 * A dedup store in one file, for all processes of one machine. It survives restarts.
 *
 * Every method is one statement where it matters: SQLite runs it as a whole, so that two processes cannot both have a key.
 */
export function fileDedup(file: string, clock: Pick<Clock, 'now'> = systemClock): DedupStore {
  const db = new DatabaseSync(file, { timeout: 5000 }); // milliseconds to wait for another process's write
  db.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS claims (key TEXT PRIMARY KEY, token TEXT, until INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS ranks (key TEXT PRIMARY KEY, rank INTEGER NOT NULL, until INTEGER NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS claims_until ON claims (until);
    CREATE INDEX IF NOT EXISTS ranks_until ON ranks (until);
  `);
  // A row is in flight while it has a token, done when it has none, and as good as gone when its time is up.
  const take = db.prepare(`
    INSERT INTO claims (key, token, until) VALUES (:key, :token, :until)
    ON CONFLICT (key) DO UPDATE SET token = :token, until = :until WHERE claims.until <= :now
  `);
  const look = db.prepare('SELECT token FROM claims WHERE key = :key');
  const extend = db.prepare('UPDATE claims SET until = :until WHERE key = :key AND token = :token AND until > :now');
  const complete = db.prepare(`
    UPDATE claims SET token = NULL, until = :until WHERE key = :key AND token = :token AND until > :now
  `);
  const release = db.prepare('DELETE FROM claims WHERE key = :key AND token = :token');
  const advance = db.prepare(`
    INSERT INTO ranks (key, rank, until) VALUES (:key, :rank, :until)
    ON CONFLICT (key) DO UPDATE SET rank = :rank, until = :until WHERE ranks.rank <= :rank OR ranks.until <= :now
  `);
  const forget = ['claims', 'ranks'].map((table) => db.prepare(`DELETE FROM ${table} WHERE until <= :now`));

  return {
    claim(key, { leaseMs }) {
      const now = clock.now();
      const token = randomUUID();
      if (take.run({ key, token, now, until: now + leaseMs }).changes === 1) return { state: 'fresh', token };
      // Gone again in the meantime: somebody has just released it, and the vendor's retry will find it free.
      return { state: look.get({ key })?.token === null ? 'done' : 'in-flight' };
    },
    extend(key, token, { leaseMs }) {
      const now = clock.now();
      return extend.run({ key, token, now, until: now + leaseMs }).changes === 1;
    },
    complete(key, token, { rememberMs }) {
      const now = clock.now();
      for (const statement of forget) statement.run({ now });
      return complete.run({ key, token, now, until: now + rememberMs }).changes === 1;
    },
    release(key, token) {
      release.run({ key, token });
    },
    advance(key, rank, { rememberMs }) {
      const now = clock.now();
      return advance.run({ key, rank, now, until: now + rememberMs }).changes === 1;
    },
    close() {
      if (db.isOpen) db.close();
    },
  };
}
