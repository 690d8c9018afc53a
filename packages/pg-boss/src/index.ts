export { pgBossInbox } from './inbox.ts';
export type { PgBossInboxOptions } from './options.ts';
export type { PgBossConnectionOptions, PgBossLike } from './pg-boss-like.ts';
