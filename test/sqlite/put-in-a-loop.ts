// Puts entries into a file, several at once, for ever, and prints the id of each that is acknowledged.
import { setTimeout as wait } from 'node:timers/promises';
import { sqliteInbox } from '@chathooks/sqlite';
import { entryOf } from './entries.ts';

const [file = '', synchronous] = process.argv.slice(2);
const inbox = sqliteInbox({ file, ...(synchronous === 'normal' && { synchronous }) });
let puts = 0;

async function put(): Promise<void> {
  for (;;) {
    puts += 1;
    const id = `${process.pid}.${puts}`;
    try {
      await inbox.put([entryOf(id, `chat ${puts % 10}`, 'x'.repeat(puts % 5_000))]);
      process.stdout.write(`stored ${id}\n`);
    } catch (error) {
      process.stdout.write(`refused ${id}: ${String(error)}\n`);
      await wait(1);
    }
  }
}

await Promise.all(Array.from({ length: 8 }, put));
