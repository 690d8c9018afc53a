export { type SqliteDedupOptions, sqliteDedup } from './dedup.ts';
export { type SqliteInboxOptions, sqliteInbox } from './inbox.ts';
export type { SqliteFileOptions } from './options.ts';
