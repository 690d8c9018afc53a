export type { ConnectionOptions, Queryable, Rows } from './connection.ts';
export { type PostgresDedup, type PostgresDedupOptions, postgresDedup } from './dedup.ts';
export { migrationSql, type TableOptions } from './table.ts';
export {
  type TransactionalContext,
  type TransactionalHandler,
  type TransactionalSettings,
  transactional,
} from './transactional.ts';
export type { ClientOf, OrmTransactions, PoolClientLike, PoolLike } from './transactions.ts';
