import { ChathooksError, type FailureReason, type InboxSettings } from '@chathooks/core';
import type { Database } from './database.ts';
import type { FailedRow } from './failed.ts';
import type { NewEntry, Payloads } from './payloads.ts';
import { numberOf, textOf, wholeMs } from './sqlite.ts';

/** An entry that this process tries. */
export interface Taken {
  readonly seq: number;
  readonly owner: number;
  readonly id: string;
  readonly attempt: number;
  readonly payload: number;
}

const sql = {
  // The first of its lane is ready at once. What is pending already stays as it is. Parameters have numbers, which are
  // bound faster than names: this is the statement that deliveries wait for.
  put: `
    INSERT INTO entries (id, lane, attempts, payload, ready)
    VALUES (?1, ?2, 0, ?3, CASE WHEN ?2 IS NULL OR NOT EXISTS (SELECT 1 FROM entries WHERE lane = ?2) THEN ?4 END)
    ON CONFLICT (id) DO NOTHING`,

  isSetAside: 'SELECT 1 FROM failed WHERE id = ?',

  // So many at once that they do not hold up what else is waiting: after an outage all may be due.
  makeDueReady: `
    UPDATE entries SET ready = :turn, due_at = NULL
    WHERE seq IN (SELECT seq FROM entries WHERE due_at <= :now ORDER BY due_at, seq LIMIT 200)`,

  take: `
    UPDATE entries SET owner = :owner, ready = NULL, attempts = attempts + 1
    WHERE seq IN (SELECT seq FROM entries WHERE ready IS NOT NULL ORDER BY ready, seq LIMIT :count)
    RETURNING seq, id, attempts, payload`,

  nextDue: 'SELECT min(due_at) AS due_at FROM entries WHERE due_at IS NOT NULL',

  remove: 'DELETE FROM entries WHERE seq = :seq AND owner = :owner RETURNING lane',

  promote: `
    UPDATE entries SET ready = :turn
    WHERE seq = (SELECT seq FROM entries WHERE lane = :lane ORDER BY seq LIMIT 1)`,

  delay: `
    UPDATE entries SET owner = NULL, due_at = :dueAt, attempts = attempts - :uncounted
    WHERE seq = :seq AND owner = :owner`,

  setAside: `
    INSERT INTO failed (id, lane, attempts, failed_at, code, message, payload)
    SELECT id, lane, attempts, :now, :code, :message, payload FROM entries WHERE seq = :seq AND owner = :owner`,

  // Before all others: they have waited before.
  giveBack: `
    UPDATE entries SET owner = NULL, ready = 0, attempts = attempts - :uncounted
    WHERE seq = :seq AND owner = :owner`,

  ownedBy: 'SELECT seq, id, attempts, payload FROM entries WHERE owner = ?',
};

/** What can be done with the entries of a file, all of it within transactions. */
export interface Entries {
  /** @throws ChathooksError `inbox_full`, before anything is stored */
  put(entries: readonly NewEntry[]): void;
  /** Puts an entry back that was set aside, full or not. */
  putBack(entry: FailedRow): void;
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
    giveBack: prepare(sql.giveBack),
    ownedBy: prepare(sql.ownedBy),
  };

  function insert(id: string, lane: string | null, payload: number): boolean {
    const total = totals.current();
    const isNew = Number(statements.put.run(id, lane, payload, total.turn).changes) === 1;
    if (isNew) total.pending += 1;
    return isNew;
  }

  /** @returns whether it was there; what stands behind it in its lane is the next */
  function remove({ seq, owner }: Taken): boolean {
    const [row] = statements.remove.all({ seq, owner });
    if (!row) return false;
    const total = totals.current();
    total.pending -= 1;
    if (row.lane !== null) statements.promote.run({ lane: textOf(row.lane), turn: total.turn });
    return true;
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
        if (insert(id, lane, total.payload)) payloads.add(total.payload++, text);
      }
    },
    putBack: ({ id, lane, payload }) => void insert(id, lane, payload),
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
    setAside(taken, now, { code, message }) {
      const { seq, owner } = taken;
      const { changes } = statements.setAside.run({ seq, owner, now: wholeMs(now), code, message });
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
    id: textOf(row.id),
    attempt: numberOf(row.attempts),
    payload: numberOf(row.payload),
  };
}
