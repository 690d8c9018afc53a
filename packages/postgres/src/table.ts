import { createHash } from 'node:crypto';
import { ChathooksError } from '@chathooks/core';

/** Where the rows are. */
export interface TableOptions {
  /** The schema of the table. @defaultValue none: the `search_path` of the connection decides */
  readonly schema?: string;
  /** The name of the table. Apps that share a database need different ones, or different schemas. @defaultValue `'chathooks_dedup'` */
  readonly table?: string;
}

/** A table, as statements name it. */
export interface Table {
  /** Quoted, with its schema if it has one. */
  readonly name: string;
  readonly quotedSchema: string | undefined;
  /** For `pg_advisory_xact_lock`: of this table and of nothing else, as far as 64 bits can tell. */
  lock(purpose: 'migrate' | 'sweep'): string;
}

/** Longer names would be cut off by Postgres without a word, and two of them could become one. */
const maxNameBytes = 63;

/** @throws ChathooksError `invalid_option` */
export function tableOf({ schema, table = 'chathooks_dedup' }: TableOptions): Table {
  const quotedSchema = schema === undefined ? undefined : quote('schema', schema);
  const quotedTable = quote('table', table);
  const name = quotedSchema === undefined ? quotedTable : `${quotedSchema}.${quotedTable}`;
  return {
    name,
    quotedSchema,
    lock(purpose) {
      const digest = createHash('sha256').update(`chathooks ${purpose} ${name}`).digest();
      return digest.readBigInt64BE().toString();
    },
  };
}

function quote(option: string, name: unknown): string {
  if (typeof name !== 'string' || name === '' || name.includes('\0') || Buffer.byteLength(name) > maxNameBytes) {
    const seen = typeof name === 'string' ? JSON.stringify(name) : `a value of type ${typeof name}`;
    throw new ChathooksError(
      'invalid_option',
      `${option} is ${seen}, expected a name of 1 to ${maxNameBytes} bytes without NUL`,
    );
  }
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as a literal of SQL, whatever it holds. */
export const literal = (text: string): string =>
  `${text.includes('\\') ? ' E' : ''}'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/**
 * The SQL that makes the table, for teams that have a migration tool of their own. Does nothing where the table is there
 * already. It is what `migrate()` runs, which besides can run in many processes at once.
 *
 * @throws ChathooksError `invalid_option`
 * @example
 * ```ts
 * console.log(migrationSql({ schema: 'app' }));
 * ```
 */
export function migrationSql(options: TableOptions = {}): string {
  const { name, quotedSchema } = tableOf(options);
  return `${schemaSql(quotedSchema)}${tableSql(name)}`;
}

const schemaSql = (quotedSchema: string | undefined) =>
  quotedSchema === undefined ? '' : `CREATE SCHEMA IF NOT EXISTS ${quotedSchema};\n`;

const tableSql = (name: string) => `CREATE TABLE IF NOT EXISTS ${name} (
  key uuid PRIMARY KEY,
  until timestamptz NOT NULL,
  rank float8,
  token uuid
);
`;

/** One statement that does what {@link migrationSql} does, at most once at a time, and asks for no right that it does not need. */
export function migrateStatement(table: Table): string {
  const { name, quotedSchema } = table;
  const missingSchema =
    quotedSchema === undefined
      ? ''
      : `IF to_regnamespace(${literal(quotedSchema)}) IS NULL THEN ${schemaSql(quotedSchema)} END IF;`;
  return `DO ${literal(`BEGIN
    IF to_regclass(${literal(name)}) IS NULL THEN
      PERFORM pg_advisory_xact_lock(${table.lock('migrate')});
      ${missingSchema}
      IF to_regclass(${literal(name)}) IS NULL THEN ${tableSql(name)} END IF;
    END IF;
  END`)}`;
}
