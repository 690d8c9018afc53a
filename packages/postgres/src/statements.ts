import type { Table } from './table.ts';

/**
 * The statements of the store, each for many keys at once, none of them twice. They answer with one row, whose `answers`
 * has a letter for each key, in the order asked.
 *
 * Two of them that run at once lock what they share in the order of the keys, and so never wait for each other in a ring.
 * Values come as the text of an array, which every client can send, and stand in the order of their numbers, which Knex
 * needs. `clock_timestamp()`, unlike `now()`, goes on while a statement waits for a lock.
 */
export interface Statements {
  /** Keys, tokens, milliseconds → `f` fresh, `i` in flight, `d` done. */
  readonly claim: string;
  /** Keys, tokens, milliseconds → `y` or, where the token does not hold the key, `n`. */
  readonly extend: string;
  /** As `extend`. */
  readonly complete: string;
  /** Keys, tokens → as `extend`. */
  readonly release: string;
  /** Keys, ranks, milliseconds → `y` or, where a higher rank is known, `n`. */
  readonly advance: string;
}

/** The time until which a row counts, from what was asked. */
const untilAsked = `clock_timestamp() + asked.ms * interval '1 millisecond'`;

/** What a claim, or a rank, needs to take the place of a row that counts no more. */
const expired = 'kept.until <= clock_timestamp()';

/** @returns the statements for a table */
export function statementsFor({ name }: Table): Statements {
  const asked = (...columns: readonly string[]) => {
    const [names, arrays] = [
      columns.map((column) => column.split(' ')[0]),
      columns.map((column) => column.split(' ')[1]),
    ];
    const values = arrays.map((type, index) => `$${index + 1}::text::${type}[]`);
    return `asked AS MATERIALIZED (
      SELECT * FROM unnest(${values.join(', ')}) WITH ORDINALITY AS asked (${names.join(', ')}, place)
    )`;
  };
  const held = (condition = '') => `held AS MATERIALIZED (
      SELECT kept.key FROM ${name} AS kept JOIN asked ON asked.key = kept.key AND asked.token = kept.token ${condition}
      ORDER BY kept.key FOR UPDATE OF kept
    )`;
  const settle = (change: string) => `WITH ${asked('key uuid', 'token uuid', 'ms float8')},
    ${held('WHERE kept.until > clock_timestamp()')},
    changed AS (
      UPDATE ${name} AS kept SET ${change} until = ${untilAsked}
      FROM asked JOIN held ON held.key = asked.key WHERE kept.key = held.key
      RETURNING kept.key
    ) ${yesOrNo}`;

  return {
    // What is taken already is only read: a repeated event costs no write.
    claim: `WITH ${asked('key uuid', 'token uuid', 'ms float8')},
      known AS MATERIALIZED (
        SELECT kept.key, kept.token IS NULL AS done FROM ${name} AS kept JOIN asked ON asked.key = kept.key
        WHERE kept.until > clock_timestamp()
      ), taken AS (
        INSERT INTO ${name} AS kept (key, token, until)
        SELECT asked.key, asked.token, ${untilAsked} FROM asked
        WHERE NOT EXISTS (SELECT FROM known WHERE known.key = asked.key) ORDER BY asked.key
        ON CONFLICT (key) DO UPDATE SET token = excluded.token, until = excluded.until WHERE ${expired}
        RETURNING kept.key
      )
      SELECT string_agg(
        CASE WHEN taken.key IS NOT NULL THEN 'f' WHEN known.done THEN 'd' ELSE 'i' END, '' ORDER BY asked.place
      ) AS answers
      FROM asked LEFT JOIN known ON known.key = asked.key LEFT JOIN taken ON taken.key = asked.key`,
    extend: settle(''),
    complete: settle('token = NULL,'),
    release: `WITH ${asked('key uuid', 'token uuid')},
      ${held()},
      changed AS (DELETE FROM ${name} AS kept USING held WHERE kept.key = held.key RETURNING kept.key) ${yesOrNo}`,
    advance: `WITH ${asked('key uuid', 'rank float8', 'ms float8')},
      changed AS (
        INSERT INTO ${name} AS kept (key, rank, until)
        SELECT asked.key, asked.rank, ${untilAsked} FROM asked ORDER BY asked.key
        ON CONFLICT (key) DO UPDATE SET rank = excluded.rank, until = excluded.until
        WHERE kept.rank <= excluded.rank OR ${expired}
        RETURNING kept.key
      ) ${yesOrNo}`,
  };
}

const yesOrNo = `SELECT string_agg(CASE WHEN changed.key IS NULL THEN 'n' ELSE 'y' END, '' ORDER BY asked.place) AS answers
    FROM asked LEFT JOIN changed ON changed.key = asked.key`;

/**
 * Writes down that something was done, in a transaction whose other work it shares the fate of. Waits for another
 * transaction that is about to. No row: it was done before.
 *
 * @param key - a digest
 * @param milliseconds - a number
 */
export const markStatement = ({ name }: Table, key: string, milliseconds: string): string =>
  `INSERT INTO ${name} AS kept (key, until)
   VALUES ('${key}', clock_timestamp() + ${milliseconds} * interval '1 millisecond')
   ON CONFLICT (key) DO UPDATE SET until = excluded.until WHERE ${expired}
   RETURNING 1 AS marked`;
