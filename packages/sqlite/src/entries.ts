import { ChathooksError, type FailureReason, type InboxSettings } from '@chathooks/core';
import type { Database } from './database.ts';
import type { NewEntry, Payloads } from './payloads.ts';
import { numberOf, wholeMs } from './sqlite.ts';

/** An entry that this process tries. */
export interface Taken {
  readonly seq: number;
  readonly owner: number;
  readonly attempt: number;
  readonly payload: number;
}

const sql = {
  // The first of its lane is ready at once. What is pending already stays as it is. Parameters have no names, since those
  // are bound more slowly and deliveries wait for this; and no numbers, which Node 22.13 does not know.
  put: `
    INSERT INTO entries (id, lane, attempts, payload, ready)
    VALUES (?, ?, 0, ?, CASE WHEN ? IS NULL OR NOT EXISTS (SELECT 1 FROM entries WHERE lane = ?) THEN ? END)
    ON CONFLICT (id) DO NOTHING`,

  isSetAside: 'SELECT 1 FROM failed WHERE id = ?',

  // So many at once that they do not hold up what else is waiting: after an outage all may be due.
  makeDueReady: `
    UPDATE entries SET ready = :turn, due_at = NULL
    WHERE seq IN (SELECT seq FROM entries WHERE due_at <= :now ORDER BY due_at, seq LIMIT 200)`,

  take: `
    UPDATE entries SET owner = :owner, ready = NULL, attempts = attempts + 1
    WHERE seq IN (SELECT seq FROM entries WHERE ready IS NOT NULL ORDER BY ready, seq LIMIT :count)
    RETURNING seq, attempts, payload`,

  nextDue: 'SELECT min(due_at) AS due_at FROM entries WHERE due_at IS NOT NULL',

  remove: 'DELETE FROM entries WHERE seq = :seq AND owner = :owner',

  // What stands behind it in its lane is the next.
  promote: `
    UPDATE entries SET ready = :turn
    WHERE seq = (
      SELECT next.seq FROM entries AS this JOIN entries AS next ON next.lane = this.lane AND next.seq > this.seq
      WHERE this.seq = :seq AND this.owner = :owner ORDER BY next.seq LIMIT 1
    )`,

  delay: `
    UPDATE entries SET owner = NULL, due_at = :dueAt, attempts = attempts - :uncounted
    WHERE seq = :seq AND owner = :owner`,

  setAside: `
    INSERT INTO failed (id, lane, attempts, failed_at, reason, payload)
    SELECT id, lane, attempts, :now, :reason, payload FROM entries WHERE seq = :seq AND owner = :owner`,

  putBack: `
    INSERT INTO entries (id, lane, attempts, payload, ready)
    SELECT id, lane, 0, payload,
      CASE WHEN lane IS NULL OR NOT EXISTS (SELECT 1 FROM entries WHERE lane = failed.lane) THEN :turn END
    FROM failed WHERE id = :id`,

  // Before all others: they have waited before.
  giveBack: `
    UPDATE entries SET owner = NULL, ready = 0, attempts = attempts - :uncounted
    WHERE seq = :seq AND owner = :owner`,

  ownedBy: 'SELECT seq, attempts, payload FROM entries WHERE owner = ?',
};

/** What can be done with the entries of a file, all of it within transactions. */
export interface Entries {
  /** @throws ChathooksError `inbox_full`, before anything is stored */
  put(entries: readonly NewEntry[]): void;
  /** Puts an entry back that was set aside and still is, full or not. */
  putBack(id: string): void;
  /** Takes the entries that have been ready for longest. */
  take(owner: number, count: number, now: number): readonly Taken[];
  /** When the next of those that wait for their time is due. */
  nextDue(): number | undefined;
  done(taken: Taken): void;
  /** Makes an entry wait; `counted` when this was a try. */
  delay(taken: Taken, dueAt: number, counted: boolean): void;
  setAside(taken: Taken, now: number, reason: FailureReason): void;
  /** Makes an entry ready again; `counted` when this was a try. */
  giveBack(taken: Taken, counted: boolean): void;
  ownedBy(owner: number): readonly Taken[];
}

/** Makes {@link Entries}. */
export function createEntries(
  database: Database,
  payloads: Payloads,
  { maxPending }: Pick<Required<InboxSettings>, 'maxPending'>,
): Entries {
  const { prepare, totals } = database;
  const statements = {
    put: prepare(sql.put),
    isSetAside: prepare(sql.isSetAside),
    makeDueReady: prepare(sql.makeDueReady),
    take: prepare(sql.take),
    nextDue: prepare(sql.nextDue),
    remove: prepare(sql.remove),
    promote: prepare(sql.promote),
    delay: prepare(sql.delay),
    setAside: prepare(sql.setAside),
    putBack: prepare(sql.putBack),
    giveBack: prepare(sql.giveBack),
    ownedBy: prepare(sql.ownedBy),
  };

  /** @returns whether it was there */
  function remove({ seq, owner }: Taken): boolean {
    const total = totals.current();
    statements.promote.run({ seq, owner, turn: total.turn });
    const isGone = Number(statements.remove.run({ seq, owner }).changes) === 1;
    if (isGone) total.pending -= 1;
    return isGone;
  }

  return {
    put(entries) {
      const { pending } = totals.current();
      if (pending >= maxPending) {
        throw new ChathooksError('inbox_full', `${pending} events are pending, expected less than ${maxPending}`);
      }
      if (!database.hasRoom(entries)) {
        throw new ChathooksError('inbox_full', 'The file would exceed maxBytes, expected some room in it');
      }
      const total = totals.current();
      for (const { id, lane, text } of entries) {
        if (total.failed > 0 && statements.isSetAside.get(id)) continue;
        const { changes } = statements.put.run(id, lane, total.payload, lane, lane, total.turn);
        if (Number(changes) === 0) continue;
        payloads.add(total.payload, text);
        total.payload += 1;
        total.pending += 1;
      }
    },
    putBack(id) {
      const total = totals.current();
      total.pending += Number(statements.putBack.run({ id, turn: total.turn }).changes);
    },
    take(owner, count, now) {
      statements.makeDueReady.run({ now, turn: totals.current().turn });
      const rows = statements.take.all({ owner, count }).map((row) => readTaken(row, owner));
      return rows.sort((a, b) => a.seq - b.seq);
    },
    nextDue() {
      const dueAt = statements.nextDue.get()?.due_at;
      return typeof dueAt === 'number' ? dueAt : undefined;
    },
    done(taken) {
      if (remove(taken)) payloads.remove(taken.payload);
    },
    delay({ seq, owner }, dueAt, counted) {
      statements.delay.run({ seq, owner, dueAt: wholeMs(dueAt), uncounted: counted ? 0 : 1 });
    },
    setAside(taken, now, reason) {
      const { seq, owner } = taken;
      const { changes } = statements.setAside.run({ seq, owner, now: wholeMs(now), reason: JSON.stringify(reason) });
      if (Number(changes) === 0) return;
      totals.current().failed += 1;
      remove(taken);
    },
    giveBack({ seq, owner }, counted) {
      statements.giveBack.run({ seq, owner, uncounted: counted ? 0 : 1 });
    },
    ownedBy: (owner) => statements.ownedBy.all(owner).map((row) => readTaken(row, owner)),
  };
}

function readTaken(row: Readonly<Record<string, unknown>>, owner: number): Taken {
  return {
    seq: numberOf(row.seq),
    owner,
    attempt: numberOf(row.attempts),
    payload: numberOf(row.payload),
  };
}
