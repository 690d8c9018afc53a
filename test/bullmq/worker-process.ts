// A process that works on an inbox, for a test to kill: it says what it begins, and never ends it.
//
//   node --import ../examples/resolve-sources.mjs worker-process.ts redis://127.0.0.1:6379 '{prefix}' 500
import { bullmqInbox } from '@chathooks/bullmq';

const [url = '', prefix = '', lockMs] = process.argv.slice(2);
process.on('disconnect', () => process.exit(1));

const inbox = bullmqInbox({ url, prefix, lockMs: Number(lockMs), concurrency: 2 });
await inbox.start(async ({ event }) => {
  process.send?.(event.id);
  return new Promise(() => {});
});
