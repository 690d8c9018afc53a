// Opens the file that it is given when its parent says so, puts one entry into it and ends.
import { once } from 'node:events';
import { sqliteInbox } from '@chathooks/sqlite';
import { entryOf } from './entries.ts';

process.send?.('ready');
await once(process, 'message');
const inbox = sqliteInbox({ file: process.argv[2] ?? '' });
await inbox.put([entryOf(`of ${process.pid}`)]);
await inbox.close?.();
process.disconnect();
