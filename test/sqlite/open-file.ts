// Opens the file that it is given, puts one entry into it and ends.
import { sqliteInbox } from '@chathooks/sqlite';
import { entryOf } from './entries.ts';

const inbox = sqliteInbox({ file: process.argv[2] ?? '' });
await inbox.put([entryOf(`of ${process.pid}`)]);
await inbox.close?.();
process.disconnect?.();
