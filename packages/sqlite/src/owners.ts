import type { Database } from './database.ts';
import { deleteLock, lockState, type OwnerLock, takeLock } from './owner-lock.ts';
import { numberOf, textOf, wholeMs } from './sqlite.ts';

const sql = {
  register: 'INSERT INTO owners (name, until) VALUES (:name, :until) RETURNING number',
  find: 'SELECT number, until FROM owners WHERE name = :name',
  renew: 'UPDATE owners SET until = :until WHERE number = :number',
  dispossess: 'UPDATE owners SET until = NULL WHERE number = :number AND until <= :now',
  remove: 'DELETE FROM owners WHERE number = :number',
  others: `
    SELECT number, name, until, EXISTS (SELECT 1 FROM entries WHERE owner = number) AS busy
    FROM owners WHERE name <> :name`,
};

/** An inbox that takes entries, for all to see that it lives. */
export interface Owner {
  /**
   * Within a transaction: sees to it that the lease is good for a while.
   *
   * @returns the number that entries are taken by. It changes when others had to think that this owner was dead
   */
  hold(now: number): number;
  /** Gives back what it still has, as after a crash, and is an owner no more. */
  retire(): Promise<void>;
  /** What is left when it cannot even say that: others take over from it. */
  vanish(): void;
  /**
   * Finds owners that are dead, or silent for longer than their lease, and gives what they had to all.
   *
   * @param all - also those that have nothing: what they left is cleared away
   * @returns whether there was any
   */
  takeOver(options: { readonly all: boolean }): Promise<boolean>;
}

/** What owners need. */
export interface OwnerOptions {
  readonly database: Database;
  readonly leaseMs: number;
  readonly now: () => number;
  /** Within a transaction: what becomes of an entry whose owner is dead. */
  abandoned(number: number): void;
}

/**
 * Makes an {@link Owner}.
 *
 * @throws what the file system throws
 */
export function createOwner({ database, leaseMs, now, abandoned }: OwnerOptions): Owner {
  const { prepare, path } = database;
  const statements = {
    register: prepare(sql.register),
    find: prepare(sql.find),
    renew: prepare(sql.renew),
    dispossess: prepare(sql.dispossess),
    remove: prepare(sql.remove),
    others: prepare(sql.others),
  };
  const lock: OwnerLock = takeLock(path);
  const { name } = lock;

  function register(time: number): number {
    return numberOf(statements.register.get({ name, until: wholeMs(time + leaseMs) })?.number);
  }

  /** One that is silent may still be alive; it learns then that it has nothing any more. */
  function takeFrom({ number, isDead }: Suspect): void {
    if (isDead) statements.remove.run({ number });
    // It may have given a sign of life in the last moment.
    else if (Number(statements.dispossess.run({ number, now: now() }).changes) === 0) return;
    abandoned(number);
  }

  return {
    hold(time) {
      const row = statements.find.get({ name });
      if (!row) return register(time);
      const number = numberOf(row.number);
      if (row.until === null) {
        statements.remove.run({ number });
        return register(time);
      }
      // Renewed early, so that a process that is held up for a while does not lose what it has.
      if (numberOf(row.until) - time <= (leaseMs * 3) / 4)
        statements.renew.run({ number, until: wholeMs(time + leaseMs) });
      return number;
    },
    async retire() {
      await database.write(() => {
        const number = statements.find.get({ name })?.number;
        if (number === undefined) return;
        abandoned(numberOf(number));
        statements.remove.run({ number });
      });
      lock.release();
      deleteLock(path, name);
    },
    vanish: lock.release,
    async takeOver({ all }) {
      const others = database.read(() => statements.others.all({ name }).map(readOther));
      const suspects = others
        .filter(({ busy }) => all || busy)
        .map((other) => ({ ...other, isDead: lockState(path, other.name) === 'free' }))
        .filter(({ isDead, busy, until }) => isDead || (busy && until <= now()));
      if (suspects.length === 0) return false;
      await database.write(() => {
        for (const suspect of suspects) takeFrom(suspect);
      });
      for (const suspect of suspects) if (suspect.isDead) deleteLock(path, suspect.name);
      return true;
    },
  };
}

interface OtherOwner {
  readonly number: number;
  readonly name: string;
  readonly until: number;
  /** Whether it has entries. */
  readonly busy: boolean;
}

interface Suspect extends OtherOwner {
  readonly isDead: boolean;
}

function readOther({ number, name, until, busy }: Readonly<Record<string, unknown>>): OtherOwner {
  return { number: numberOf(number), name: textOf(name), until: numberOf(until ?? 0), busy: busy === 1 };
}
